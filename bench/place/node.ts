import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { findOnPath } from "../../commands/tools/install.ts";
import type { BenchCluster } from "./cluster.ts";
import type { Commands } from "./commands.ts";

/** containerd's own client in the node, in the namespace where the kubelet looks for images. */
export const ctr = (node: string, ...args: string[]): [string, ...string[]] =>
  [...["docker", "exec", "-i", node, "ctr", "--namespace", "k8s.io"], ...args] as [string, ...string[]];

/** `docker save | ctr import`; gives back the bytes that went through. */
export function stream(commands: Commands, { node }: BenchCluster, reference: string): Promise<number> {
  return commands.pipe(["docker", "save", reference], ctr(node, "images", "import", "-"));
}

/** What `minikube image load` does: saved to a file here, the file copied onto the node, read there. */
export async function throughFiles(commands: Commands, { node }: BenchCluster, reference: string): Promise<void> {
  const folder = await mkdtemp(join(commands.folder, ".bench-save-"));
  const there = `/var/tmp/${randomUUID()}.tar`;
  try {
    const here = join(folder, "image.tar");
    await commands.run("docker", "save", "--output", here, reference);
    await commands.run("docker", "cp", here, `${node}:${there}`);
    await commands.run(...ctr(node, "images", "import", there));
  } finally {
    await rm(folder, { recursive: true, force: true });
    await commands.run("docker", "exec", node, "rm", "-f", there);
  }
}

/** Removes every image of a repository from the node with all that only it needs, at once: the next one meets an empty store. */
export async function forget(commands: Commands, { node }: BenchCluster, repository: string): Promise<void> {
  const listed = await commands.run(...ctr(node, "images", "list"));
  const rows = listed.split("\n").map((line) => line.trim().split(/\s+/));
  const digests = new Set(rows.filter(([name = ""]) => name.includes(`/${repository}:`)).map(([, , digest]) => digest));
  const names = rows.filter(([, , digest]) => digests.has(digest)).map(([name = ""]) => name);
  if (names.length > 0) await commands.run(...ctr(node, "images", "remove", "--sync", ...names));
}

/**
 * Counts what reaches nodes while something works: a `docker` that stands before the real one on PATH keeps what is written
 * to the standard input of commands on a node.
 *
 * @returns The bytes.
 * @throws Error where nothing was counted: then it went another way, and the count would be wrong.
 */
export async function countingBytes(commands: Commands, work: () => Promise<unknown>): Promise<number> {
  const folder = await mkdtemp(join(commands.folder, ".bench-count-"));
  const before = process.env.PATH;
  try {
    const [sent, wrapper] = [join(folder, "sent"), join(folder, "docker")];
    const real = findOnPath(commands.env, "docker") ?? "docker";
    const script = `#!/bin/sh
case "$1 $2" in
  "exec -i" | "exec --interactive" | "cp -" | "load "*) tee -a "${sent}" | "${real}" "$@" ;;
  *) exec "${real}" "$@" ;;
esac
`;
    await writeFile(wrapper, script);
    await chmod(wrapper, 0o755);
    process.env.PATH = [folder, before].join(delimiter);
    await work();
    const bytes = await stat(sent).then(
      ({ size }) => size,
      () => 0,
    );
    if (bytes === 0)
      throw new Error("nothing was written to a command on the node: the bytes went another way, uncounted");
    return bytes;
  } finally {
    process.env.PATH = before;
    await rm(folder, { recursive: true, force: true });
  }
}
