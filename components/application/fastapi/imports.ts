import { posix } from "node:path";
import type { Source } from "./source.ts";

/** What a name of one file means in another one. */
export interface Imported {
  /** The module's file. */
  readonly file: string;
  /** The name in it; undefined: the module itself. */
  readonly name?: string;
}

/** What the names of a file mean that it imports from the application's own modules. */
export function importsOf({ path, code }: Source, sources: readonly Source[]): ReadonlyMap<string, Imported> {
  const found = new Map<string, Imported>();
  const files = new Set(sources.map((source) => source.path));
  const add = (as: string, base: string, name?: string): void => {
    const module = name === undefined ? fileOf(base, path, files) : fileOf(joined(base, name), path, files);
    const inner = module === undefined && name !== undefined ? fileOf(base, path, files) : undefined;
    if (module !== undefined) found.set(as, { file: module });
    else if (inner !== undefined && name !== undefined) found.set(as, { file: inner, name });
  };
  for (const [, base = "", one = "", many] of code.matchAll(
    /^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n(]+))/gm,
  )) {
    for (const part of (many ?? one).split(",")) {
      const [name, as] = part.trim().split(/\s+as\s+/);
      if (name !== undefined && /^\w+$/.test(name)) add(as ?? name, base, name);
    }
  }
  for (const [, base = "", as] of code.matchAll(/^[ \t]*import[ \t]+([\w.]+)(?:[ \t]+as[ \t]+(\w+))?/gm))
    add(as ?? base, base);
  return found;
}

function joined(base: string, name: string): string {
  return base.endsWith(".") || base === "" ? `${base}${name}` : `${base}.${name}`;
}

/** The file of a module, by its full name from anywhere or by a relative one; undefined: none of the application's. */
function fileOf(module: string, from: string, files: ReadonlySet<string>): string | undefined {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const below = module.slice(dots).replaceAll(".", "/");
  if (dots > 0) {
    const folder = posix.join(posix.dirname(from), ...Array.from({ length: dots - 1 }, () => ".."));
    return exact(posix.normalize(posix.join(folder, below)), files);
  }
  const ancestors = from.split("/").map((_, index, parts) => parts.slice(0, index).join("/"));
  return ancestors.map((folder) => exact(posix.join(folder, below), files)).find((file) => file !== undefined);
}

function exact(path: string, files: ReadonlySet<string>): string | undefined {
  return [`${path}.py`, `${path === "." ? "" : `${path}/`}__init__.py`].find((file) => files.has(file));
}
