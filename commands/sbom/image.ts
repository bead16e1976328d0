import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine } from "../support/machine.ts";
import { docker } from "../testing/container.ts";
import type { Component } from "./bom.ts";
import { alpinePackages, debianPackages, interpreter, readDistribution } from "./osPackages.ts";

/** Where distributions keep their lists of packages; a folder has a file a package. */
const lists = [
  { path: "/var/lib/dpkg/status.d", read: debianPackages },
  { path: "/var/lib/dpkg/status", read: debianPackages },
  { path: "/lib/apk/db/installed", read: alpinePackages },
] as const;

/**
 * The packages that an image has from its base, read from its files; nothing in it is run but its interpreter.
 *
 * @returns None where the base keeps no list.
 */
export async function basePackages(machine: Machine, image: string): Promise<Component[]> {
  const folder = await mkdtemp(join(tmpdir(), "todo-stack-sbom-"));
  const id = (await docker(machine, ["create", image])).stdout.trim();
  try {
    const copy = async (path: string, name: string): Promise<string | undefined> => {
      const { code } = await docker(machine, ["cp", "--follow-link", `${id}:${path}`, join(folder, name)], true);
      return code === 0 ? readAll(join(folder, name)) : undefined;
    };
    const distribution = readDistribution((await copy("/etc/os-release", "os-release")) ?? "");
    for (const [index, { path, read }] of lists.entries()) {
      const found = await copy(path, `list-${index}`);
      if (found !== undefined) return read(found, distribution);
    }
    return [];
  } finally {
    await docker(machine, ["rm", "--force", id], true);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The interpreter of an image that has one. */
export async function pythonOf(machine: Machine, image: string): Promise<Component> {
  const print = ["python", "-c", "import platform; print(platform.python_version())"];
  const { stdout } = await docker(machine, ["run", "--rm", "--network", "none", image, ...print]);
  return interpreter(stdout.trim());
}

async function readAll(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return readFile(path, "utf8");
  const names = (await readdir(path)).sort();
  return (await Promise.all(names.map((name) => readFile(join(path, name), "utf8")))).join("\n\n");
}
