import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ContextFile, readContextFiles } from "../image/contextFiles.ts";
import { ApplicationError, keyOf } from "./recipe.ts";

/** An application on disk, as its build sees it. */
export interface ApplicationFolder {
  /** The folder, as the stack configuration names it. */
  readonly path: string;
  has(relative: string): Promise<boolean>;
  /** The text of a file; undefined where there is none. */
  read(relative: string): Promise<string | undefined>;
  /** All files, relative, with `/`, sorted. */
  list(): Promise<readonly string[]>;
}

/** The same with the bytes of its files. */
export interface ReadFolder extends ApplicationFolder {
  readonly files: readonly ContextFile[];
}

/** What no image needs, and what must not get into one: the ignore file of applications that have none. */
export const defaultIgnoreFile = "docker/own/default.dockerignore";

/**
 * Reads an application.
 *
 * @param service - Whose it is, for the error.
 * @param dockerfile - Its own Dockerfile, whose ignore rules hold alone; undefined where this project has one for it.
 * @throws ApplicationError where there is no such folder.
 */
export async function readFolder(service: string, path: string, dockerfile: string | undefined): Promise<ReadFolder> {
  const ignoreText = await ignoreRules(path, dockerfile);
  const files = await readContextFiles(path, ignoreText).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    const remedy = `pulumi config set --path ${keyOf(service)}.path ../my-application`;
    throw new ApplicationError(service, path, [
      { key: `${keyOf(service)}.path`, message: "there is no such folder", remedy },
    ]);
  });
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    path,
    files,
    has: async (relative) => byPath.has(relative),
    read: async (relative) => byPath.get(relative)?.content.toString("utf8"),
    list: async () => files.map((file) => file.path),
  };
}

/** An own Dockerfile is built as Docker would; otherwise an own ignore file adds to what is never wanted. */
export async function ignoreRules(path: string, dockerfile: string | undefined): Promise<string> {
  const named = dockerfile === undefined ? undefined : await readText(join(path, `${dockerfile}.dockerignore`));
  const own = named ?? (await readText(join(path, ".dockerignore")));
  if (dockerfile !== undefined && own !== undefined) return own;
  return `${await readFile(defaultIgnoreFile, "utf8")}\n${own ?? ""}`;
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
