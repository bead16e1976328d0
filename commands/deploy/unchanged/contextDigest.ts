import { createHash } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readContextFiles } from "../../../components/image/contextFiles.ts";
import { Doubt } from "./doubt.ts";

/**
 * The digest by which the Docker provider knows a build context again: pulumi/pulumi-docker 5.2, provider/provider.go,
 * hashContext. Unlike the tag it counts every bit of a file's mode. Where another version counts otherwise, the digests
 * differ, and the provider itself is asked.
 *
 * @throws Doubt for a link, which the provider follows on this machine.
 */
export async function contextDigest(context: string, dockerfile: string): Promise<string> {
  const ignored = await readFile(`${dockerfile}.dockerignore`, "utf8");
  const [files, recipe] = await Promise.all([readContextFiles(context, ignored), readFile(dockerfile)]);
  const entries = await Promise.all(
    files.map(async (file) => ({ ...file, mode: await modeOf(join(context, file.path)) })),
  );
  const hash = createHash("sha256");
  // The Dockerfile comes first, under the name that it has for the engine, and without a mode.
  for (const { path, mode, content } of [
    { path: "Dockerfile", mode: "----------", content: recipe },
    ...entries.sort((a, b) => inFolderOrder(a.path, b.path)),
  ]) {
    hash.update(path).update(mode).update(createHash("sha256").update(content).digest()).update("\0");
  }
  return hash.digest("hex");
}

/** As Go writes a regular file's: https://pkg.go.dev/io/fs#FileMode.String */
async function modeOf(path: string): Promise<string> {
  const stats = await lstat(path);
  if (!stats.isFile() || (stats.mode & 0o7000) !== 0) throw new Doubt(`${path} is no plain file`);
  return [..."-rwxrwxrwx"]
    .map((letter, place) => (place === 0 || stats.mode & (0o1000 >> place) ? letter : "-"))
    .join("");
}

/** Folder by folder, each in the order of its names: "a/b" comes before "a-b". */
function inFolderOrder(a: string, b: string): number {
  const [first, second] = [a.split("/"), b.split("/")];
  const place = first.findIndex((part, index) => part !== second[index]);
  return (first[place] ?? "") < (second[place] ?? "") ? -1 : 1;
}
