import type { ApplicationFolder } from "../folder.ts";

/** One file of Python, read once. */
export interface Source {
  /** Relative to the application's folder. */
  readonly path: string;
  /** The code without comments and without texts over several lines, so that no example in a docstring counts. */
  readonly code: string;
}

/** Folders whose code is not what serves. */
const asides =
  /(^|\/)(tests?|testing|docs?|docs_src|examples?|scripts?|alembic|migrations|benchmarks?|notebooks?|__pycache__|node_modules|\.[^/]+)\//;
const testFile = /(^|\/)(test_[^/]*|[^/]*_test|conftest|setup|noxfile|tasks)\.py$/;

/** Reads all Python of an application, but for tests and the like. */
export async function readSources(folder: ApplicationFolder): Promise<readonly Source[]> {
  const paths = (await folder.list()).filter(
    (path) => path.endsWith(".py") && !asides.test(path) && !testFile.test(path),
  );
  return Promise.all(paths.map(async (path) => ({ path, code: codeOf((await folder.read(path)) ?? "") })));
}

/** A text in quotes of any kind, or a comment. */
const textOrComment = /[rbuf]{0,2}("""|''')[\s\S]*?\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*/gi;

/** The code with texts of one line left as they are; long ones and comments leave their lines. */
export function codeOf(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .replace(textOrComment, (whole) =>
      whole.startsWith("#") || /^[a-z]*("""|''')/i.test(whole) ? whole.replace(/[^\n]/g, "") : whole,
    );
}

/** What stands between a bracket and the one that closes it. */
export function inBrackets(code: string, open: number): string {
  let depth = 0;
  const quoted = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[()[\]{}]/g;
  quoted.lastIndex = open;
  for (let match = quoted.exec(code); match !== null; match = quoted.exec(code)) {
    if ("([{".includes(match[0])) depth += 1;
    else if (")]}".includes(match[0])) depth -= 1;
    if (depth === 0) return code.slice(open + 1, match.index);
  }
  return code.slice(open + 1);
}

/** The arguments of a call, split at its own commas. */
export function argumentsIn(text: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\s\S]/g)) {
    if ("([{".includes(token)) depth += 1;
    else if (")]}".includes(token)) depth -= 1;
    if (token === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** The value of a named argument, as it stands there. */
export function namedArgument(args: readonly string[], name: string): string | undefined {
  const found = args.find((one) => new RegExp(`^${name}\\s*=(?!=)`).test(one));
  return found?.slice(found.indexOf("=") + 1).trim();
}
