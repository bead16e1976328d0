import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ContextFile, readContextFiles } from "./contextFiles.ts";

/** Everything that decides what an image is. */
export interface ImageSource {
  /** The build context, relative to the working directory or absolute. */
  readonly context: string;
  /** The Dockerfile; its ignore file is the same name with `.dockerignore` added, or else the context's `.dockerignore`. */
  readonly dockerfile: string;
  /** Build arguments. */
  readonly args: Readonly<Record<string, string>>;
  /** The platform that is built for, e.g. `linux/amd64`. */
  readonly platform: string;
}

/** Hexadecimal digits of the hash in a tag: 48 bits, enough that two edits never meet. */
const tagDigits = 12;

/**
 * The tag of an image: the application's version and a hash of everything that goes into the image. Equal on every
 * machine for equal content, and known before anything is built.
 *
 * @param version - The application's version, `appVersion` of the chart.
 * @throws Error when the Dockerfile cannot be read.
 */
export async function imageTag(version: string, source: ImageSource): Promise<string> {
  const [dockerfile, ignoreText] = await Promise.all([readFile(source.dockerfile), readIgnoreFile(source)]);
  const files = await readContextFiles(source.context, ignoreText);
  return `${version}-${contentHash(dockerfile, files, source).slice(0, tagDigits)}`;
}

/**
 * The text of the ignore file that the engine will use; empty where there is none:
 * https://docs.docker.com/build/concepts/context/#filename-and-location
 */
export async function readIgnoreFile({
  context,
  dockerfile,
}: Pick<ImageSource, "context" | "dockerfile">): Promise<string> {
  const orElse = (path: string, other: () => Promise<string>) => readFile(path, "utf8").catch(other);
  return orElse(`${dockerfile}.dockerignore`, () => orElse(join(context, ".dockerignore"), async () => ""));
}

/** The hash over Dockerfile, arguments, platform and files. */
export function contentHash(
  dockerfile: Buffer,
  files: readonly ContextFile[],
  { args, platform }: Pick<ImageSource, "args" | "platform">,
): string {
  const parts = [
    ["dockerfile", digest(dockerfile)],
    ["platform", platform],
    ...Object.entries(args)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ["argument", name, value]),
    ...files.map(fileParts),
  ];
  // JSON keeps the borders between the parts, whatever the names hold.
  return digest(Buffer.from(JSON.stringify(parts)));
}

/** The hash over a whole folder, for what has no ignore file: the chart. */
export async function folderHash(folder: string): Promise<string> {
  const files = await readContextFiles(folder, "");
  return digest(Buffer.from(JSON.stringify(files.map(fileParts))));
}

function fileParts({ path, kind, content }: ContextFile): string[] {
  return [kind, path, digest(content)];
}

function digest(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
