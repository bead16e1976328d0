import type { Source } from "./source.ts";

/**
 * The value of an expression that stands for a text, as far as the source tells: a text, an f-string, or a name such as
 * `settings.API_PREFIX` that is given one text in the whole source.
 */
export function textValue(expression: string, sources: readonly Source[]): string | undefined {
  const plain = /^[rRuU]?(["'])((?:(?!\1)[^\\\n])*)\1$/.exec(expression);
  if (plain !== null) return plain[2];
  const formatted = /^[fF](["'])((?:(?!\1)[^\\\n])*)\1$/.exec(expression);
  if (formatted !== null) return filled(formatted[2] ?? "", sources);
  if (!/^[A-Za-z_][\w.]*(\(\))?[\w.]*$/.test(expression)) return undefined;
  return constant(expression.split(".").at(-1) ?? "", sources);
}

function filled(text: string, sources: readonly Source[]): string | undefined {
  const parts = text
    .split(/\{([^{}]*)\}/)
    .map((part, index) => (index % 2 === 0 ? part : textValue(part.trim(), sources)));
  return parts.includes(undefined) ? undefined : parts.join("");
}

/** What all assignments to a name agree on. */
function constant(name: string, sources: readonly Source[]): string | undefined {
  const assignment = new RegExp(
    `^[ \\t]*${name}[ \\t]*(?::[^=\\n]+)?=[ \\t]*(?:Field\\([ \\t]*(?:default[ \\t]*=[ \\t]*)?)?(["'])([^"'\\n]*)\\1`,
    "gm",
  );
  const values = new Set(
    sources.flatMap(({ code }) => [...code.matchAll(assignment)].map(([, , value = ""]) => value)),
  );
  return values.size === 1 ? [...values][0] : undefined;
}
