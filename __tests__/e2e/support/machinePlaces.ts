import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import type { Place } from "../../support/secretSearch.ts";
import { place } from "./clusterPlaces.ts";

const execute = promisify(execFile);
const big = { maxBuffer: 2 ** 30 };

/** The layers of an image, each file of them, and how it was made and is configured. */
export async function imagePlaces(image: string, witness: string): Promise<Place[]> {
  const folder = mkdtempSync(join(tmpdir(), "todo-stack-image-"));
  try {
    const archive = join(folder, "image.tar");
    await execute("docker", ["save", "--output", archive, image]);
    const unpacked = mkdtempSync(join(folder, "unpacked-"));
    await execute("tar", ["-x", "-f", archive, "-C", unpacked]);
    const contents = filesUnder(unpacked).map((path) => readFileSync(join(unpacked, path)));
    const history = await execute("docker", ["history", "--no-trunc", "--format", "{{json .}}", image], big);
    const inspected = await execute("docker", ["image", "inspect", image], big);
    return [
      { name: `layers of ${image}`, contents, witnesses: [witness, image] },
      place(`history of ${image}`, history.stdout, "APP_VERSION", "COPY"),
      place(`configuration of ${image}`, inspected.stdout, "APP_VERSION=1.0.0", image),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every file of a checkout, a place each; of the packages that npm has put there, what was written since then. */
export function checkoutPlaces(folder: string, since: number, witnesses: Readonly<Record<string, string>>): Place[] {
  const written = (path: string) => statSync(join(folder, path)).mtimeMs >= since;
  const files = filesUnder(folder).filter((path) => !path.startsWith(`node_modules${sep}`) || written(path));
  const places = files.map((path) => {
    const witness = witnesses[path];
    return { name: path, contents: [readFileSync(join(folder, path))], witnesses: witness ? [witness] : [] };
  });
  const missing = Object.keys(witnesses).filter((path) => !files.includes(path));
  return [...places, ...missing.map((path) => place(path, "", witnesses[path] ?? ""))];
}

/** Every object that git would have of a checkout if all of it that is not ignored were committed. */
export async function commitPlace(folder: string, ...witnesses: readonly string[]): Promise<Place> {
  const repository = mkdtempSync(join(tmpdir(), "todo-stack-git-"));
  try {
    await execute("git", ["init", "--quiet", "--bare", repository]);
    await execute("git", ["--git-dir", repository, "--work-tree", folder, "add", "--all"], { cwd: folder });
    return await gitPlace("what git would be given of the checkout", repository, witnesses);
  } finally {
    rmSync(repository, { recursive: true });
  }
}

/** Every object of a repository, in all branches and in none. */
export async function gitPlace(name: string, repository: string, witnesses: readonly string[]): Promise<Place> {
  const all = ["-C", repository, "cat-file", "--batch-all-objects", "--batch"];
  const { stdout } = await execute("git", all, { ...big, encoding: "buffer" });
  return { name, contents: [stdout], witnesses };
}

/** All regular files below a folder, by their path in it. */
function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
