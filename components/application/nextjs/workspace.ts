import { access, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseYaml } from "../../yaml.ts";
import { parseManifest } from "./manifest.ts";

/**
 * The folder above that is the root of a workspace of packages: one that npm, Yarn or pnpm would install this folder from.
 * The search ends where the repository begins.
 *
 * @param path - The application's folder, relative to the working directory or absolute.
 */
export async function workspaceAbove(path: string): Promise<string | undefined> {
  let folder = resolve(path);
  while (!(await exists(join(folder, ".git"))) && dirname(folder) !== folder) {
    folder = dirname(folder);
    if (await isWorkspace(folder)) return folder;
  }
  return undefined;
}

async function isWorkspace(folder: string): Promise<boolean> {
  const [manifest, pnpm] = await Promise.all([
    text(join(folder, "package.json")),
    text(join(folder, "pnpm-workspace.yaml")),
  ]);
  return (manifest !== undefined && parseManifest(manifest)?.hasWorkspaces === true) || namesPackages(pnpm);
}

/** Without packages the file holds pnpm's settings alone. */
function namesPackages(content: string | undefined): boolean {
  if (content === undefined) return false;
  const settings: unknown = parseYaml(content);
  return typeof settings === "object" && settings !== null && "packages" in settings;
}

async function text(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
