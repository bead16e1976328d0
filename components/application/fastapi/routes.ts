import { importsOf } from "./imports.ts";
import type { AppModule } from "./module.ts";
import { argumentsIn, inBrackets, namedArgument, type Source } from "./source.ts";
import { textValue } from "./text.ts";

/** What one file does to an application or a router of its own. */
interface Owner {
  readonly prefix: string | undefined;
  readonly paths: readonly (string | undefined)[];
  readonly includes: readonly { readonly what: string; readonly prefix: string | undefined }[];
}

/**
 * The paths that answer GET, as far as the source tells: those of the application itself and of routers that it includes
 * by a prefix that can be read.
 */
export function getPaths(sources: readonly Source[], app: AppModule): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const seen = new Set<string>();
  const found = new Set<string>();
  const follow = (file: string, name: string, prefix: string): void => {
    const source = byPath.get(file);
    const key = `${file}:${name}:${prefix}`;
    if (source === undefined || seen.has(key)) return;
    seen.add(key);
    const owner = ownerOf(source, name, sources);
    if (owner.prefix === undefined) return;
    const base = prefix + owner.prefix;
    for (const path of owner.paths) if (path !== undefined) found.add(base + path || "/");
    const imports = importsOf(source, sources);
    for (const { what, prefix: inner } of owner.includes) {
      if (inner === undefined) continue;
      const target = resolve(what, file, imports);
      follow(target.file, target.name, base + inner);
    }
    const again = imports.get(name);
    if (again?.name !== undefined) follow(again.file, again.name, prefix);
  };
  for (const { file, name } of applications(sources, app)) follow(file, name, "");
  return [...found];
}

/** The served application under all its names: where it is made, and as a parameter that says to be one. */
function applications(sources: readonly Source[], app: AppModule): readonly { file: string; name: string }[] {
  const own = app.target.slice(app.target.indexOf(":") + 1);
  const variable = /^[ \t]*([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*(?:\w+\.)?FastAPI[ \t]*\(/gm;
  const parameter = /[(,]\s*([A-Za-z_]\w*)[ \t]*:[ \t]*["']?(?:\w+\.)?FastAPI\b/g;
  return sources.flatMap(({ path: file, code }) => {
    // At the margin of another file it is an application of its own; inside a function, the one that is given back.
    const made = [...code.matchAll(variable)].filter(
      ([whole, name]) => /^[ \t]/.test(whole) || (file === app.file && name === own),
    );
    const handed = [...code.matchAll(parameter)];
    const names = [...made, ...handed].map(([, name = ""]) => name);
    return [...new Set(file === app.file ? [own, ...names] : names)].map((name) => ({ file, name }));
  });
}

function ownerOf({ code }: Source, name: string, sources: readonly Source[]): Owner {
  const router = new RegExp(`^[ \\t]*${name}[ \\t]*(?::[^=\\n]+)?=[ \\t]*(?:\\w+\\.)?APIRouter[ \\t]*\\(`, "m").exec(
    code,
  );
  const own = router === null ? [] : argumentsIn(inBrackets(code, router.index + router[0].length - 1));
  const calls = (pattern: string): readonly (readonly string[])[] =>
    [...code.matchAll(new RegExp(pattern, "gm"))].map(({ 0: whole, index }) =>
      argumentsIn(inBrackets(code, index + whole.length - 1)),
    );
  const gets = calls(`^[ \\t]*@${name}\\.(?:get|api_route)[ \\t]*\\(`);
  const added = calls(`^[ \\t]*${name}\\.add_api_route[ \\t]*\\(`);
  return {
    prefix: prefixIn(own, sources),
    paths: [...gets, ...added].filter(answersGet).map((args) => pathIn(args, sources)),
    includes: [
      ...calls(`^[ \\t]*${name}\\.include_router[ \\t]*\\(`).map((args) => ({
        what: namedArgument(args, "router") ?? args[0] ?? "",
        prefix: prefixIn(args, sources),
      })),
      ...calls(`^[ \\t]*${name}\\.mount[ \\t]*\\(`).map((args) => ({
        what: namedArgument(args, "app") ?? args[1] ?? "",
        prefix: pathIn(args, sources),
      })),
    ],
  };
}

function answersGet(args: readonly string[]): boolean {
  const methods = namedArgument(args, "methods");
  return methods === undefined || methods.includes("GET");
}

/** No prefix is an empty one; one that cannot be read is none that can be told. */
function prefixIn(args: readonly string[], sources: readonly Source[]): string | undefined {
  const given = namedArgument(args, "prefix");
  return given === undefined ? "" : textValue(given, sources);
}

function pathIn(args: readonly string[], sources: readonly Source[]): string | undefined {
  return textValue(namedArgument(args, "path") ?? args[0] ?? "", sources);
}

/** `health.router` is a router of the module `health`; `router` one of this file or of where it comes from. */
function resolve(
  what: string,
  file: string,
  imports: ReturnType<typeof importsOf>,
): { readonly file: string; readonly name: string } {
  const [owner, name] = [what.slice(0, Math.max(0, what.lastIndexOf("."))), what.slice(what.lastIndexOf(".") + 1)];
  const imported = imports.get(owner === "" ? name : owner);
  if (imported === undefined) return { file, name };
  return { file: imported.file, name: owner === "" ? (imported.name ?? name) : name };
}
