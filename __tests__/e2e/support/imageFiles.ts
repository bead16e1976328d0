import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A file or folder of an image. */
export interface ImageFile {
  readonly path: string;
  /** As `ls -l` shows it: `-rwxr-xr-x`. */
  readonly mode: string;
  readonly user: number;
  readonly group: number;
}

/** All files of an image, as a container would find them. */
export async function listFiles(image: string): Promise<ImageFile[]> {
  const { stdout: container } = await execute("docker", ["create", image]);
  const folder = mkdtempSync(join(tmpdir(), "todo-stack-files-"));
  try {
    const archive = join(folder, "files.tar");
    await execute("docker", ["export", "--output", archive, container.trim()]);
    const { stdout } = await execute("tar", ["-tv", "--numeric-owner", "-f", archive], { maxBuffer: 2 ** 28 });
    return stdout.trimEnd().split("\n").map(fileOf);
  } finally {
    await execute("docker", ["rm", container.trim()]);
    rmSync(folder, { recursive: true });
  }
}

/** `-rwxr-xr-x 0/0  6832784 2026-01-31 10:02 usr/bin/python -> python3` */
function fileOf(line: string): ImageFile {
  const [, mode, user, group, path] = /^(\S{10})\s+(\d+)\/(\d+)\s+\S+\s+\S+\s+\S+\s+(.+)$/.exec(line) ?? [];
  if (mode === undefined || path === undefined) throw new Error(`tar's list has a line that is no file: ${line}`);
  return { path: path.replace(/ (->|link to) .*$/, ""), mode, user: Number(user), group: Number(group) };
}

/** The user that an image's process runs as, `10001:10001`. */
export async function userOf(image: string): Promise<string> {
  const { stdout } = await execute("docker", ["image", "inspect", "--format", "{{.Config.User}}", image]);
  return stdout.trim();
}

/** Runs with its owner's or its group's rights, whoever starts it. */
export function changesUser({ mode }: ImageFile): boolean {
  return mode.startsWith("-") && /[sS]/.test(mode);
}

/** Whether a user may write it; a link has no rights of its own. */
export function isWritableBy(user: number, group: number, file: ImageFile): boolean {
  const [owner, ofGroup, others] = [file.mode[2], file.mode[5], file.mode[8]];
  if (file.mode.startsWith("l")) return false;
  return (file.user === user ? owner : file.group === group ? ofGroup : others) === "w";
}

const shells = /^(sh|bash|dash|ash|rbash|zsh|ksh|busybox|toybox)$/;
const managers = /^(apt|apt-get|dpkg|apk|pip|uv|uvx|npm|npx|pnpm|yarn|corepack)$/;

/** The shells among files, whatever folder they are in. */
export function shellsIn(files: readonly ImageFile[]): string[] {
  return files.map(({ path }) => path).filter((path) => shells.test(basename(path)));
}

/** Names no program but the list of the image's packages, for scanners (docs/supply-chain.md). */
const packageList = "var/lib/dpkg/";

/** The package managers among files: programs (`pip3.13` too) and Python's packages of that name. */
export function packageManagersIn(files: readonly ImageFile[]): string[] {
  const paths = files.map(({ path }) => path).filter((path) => path !== packageList);
  return paths.filter((path) => managers.test(basename(path).replace(/[\d.]+$/, "")));
}
