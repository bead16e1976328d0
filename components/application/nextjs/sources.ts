import type { ApplicationFolder } from "../folder.ts";

/** A file of the application's own code. */
export interface SourceFile {
  /** Relative to the application's folder. */
  readonly path: string;
  readonly text: string;
}

/** Folders whose code does not run in the application. */
const besides = /(^|\/)(node_modules|__tests__|__mocks__|tests?|e2e|cypress|playwright|stories|\.[^/]+)\//;

const code = /(?<!\.(test|spec|stories|d))\.[cm]?[jt]sx?$/;

/** Reads the code of an application, without its tests. */
export async function readSources(folder: ApplicationFolder): Promise<readonly SourceFile[]> {
  const paths = (await folder.list()).filter((path) => code.test(path) && !besides.test(path));
  return Promise.all(paths.map(async (path) => ({ path, text: (await folder.read(path)) ?? "" })));
}

/** The file without comments, for a look that is not to find what is switched off there. An address's `//` is no comment. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[\s;,{}()[\]])\/\/.*$/gm, "$1");
}
