/** One dependency as it is asked for: https://packaging.python.org/en/latest/specifications/dependency-specifiers/ */
export interface Requirement {
  /** Normalised: lower case, with `-` alone between the parts. */
  readonly name: string;
  /** What is asked for in brackets, e.g. `standard` of `fastapi[standard]`. */
  readonly extras: readonly string[];
  /** Whether exactly one version may be taken. */
  readonly pinned: boolean;
}

/** The name by which a package index knows a distribution: https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** Reads one dependency; undefined for what names none, e.g. an address or an option. */
export function parseRequirement(text: string): Requirement | undefined {
  const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*(.*)$/.exec(text);
  if (match === null) return undefined;
  const [, name = "", extras = "", rest = ""] = match;
  if (rest !== "" && !/^[=<>~!;@(]/.test(rest)) return undefined;
  return {
    name: normalised(name),
    extras: extras
      .split(",")
      .map(normalised)
      .map((extra) => extra.trim())
      .filter((extra) => extra !== ""),
    pinned: /^={2,3}\s*[^*\s,]+(\s|;|$)/.test(rest),
  };
}
