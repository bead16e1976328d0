import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Deployment } from "./support/deployment.ts";

const on = new Deployment();
const elsewhere = mkdtempSync(join(tmpdir(), "todo-stack-reproducible-"));
const left = new Set(["node_modules", ".next", "out", ".venv", ".state", ".git"]);

// What runs shall be what the sources say, whatever the suites before have tried.
beforeAll(() => on.checkout.succeed("up"));
afterAll(() => rmSync(elsewhere, { recursive: true }));

const docker = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)("docker", args, { env: { ...process.env, DOCKER_BUILDKIT: "1" } })).stdout.trim();

const layers = async (image: string) =>
  JSON.parse(await docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", image)) as string[];

/**
 * What the layers hold: each entry with mode, owner and time, each file with its content. An engine may write the entries of a layer in
 * one order or another (`a/` before or after `a.html`), as it has compared the folder or walked it: then the digests differ alone.
 */
async function contents(image: string): Promise<string[][]> {
  const folder = mkdtempSync(join(elsewhere, "layers-"));
  const inFolder = async (command: string, ...args: string[]) =>
    (await promisify(execFile)(command, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 })).stdout;
  await docker("save", "--output", join(folder, "image.tar"), image);
  await inFolder("tar", "--extract", "--file", "image.tar");
  const [manifest] = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as [{ Layers: string[] }];
  const layersOf = manifest.Layers.map(async (layer, index) => {
    const files = join(folder, `files-${index}`);
    mkdirSync(files);
    const listed = await inFolder("tar", "--list", "--verbose", "--full-time", "--numeric-owner", "--file", layer);
    await inFolder("tar", "--extract", "--directory", files, "--file", layer);
    const entries = readdirSync(files, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const hashes = entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${relative(files, path)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
    });
    return [...listed.split("\n"), ...hashes].sort();
  });
  return Promise.all(layersOf);
}

/** The same sources as another person has them: another folder, a strict umask, and the time of another checkout. */
function otherCheckout(): string {
  const folder = join(elsewhere, "checkout");
  cpSync(on.checkout.folder, folder, { recursive: true, filter: (path) => !left.has(basename(path)) });
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) chmodSync(path, 0o600);
    utimesSync(path, 1e9, 1e9);
  }
  return folder;
}

const services = ["backend", "frontend"] as const;
const reproduced = (service: string) => `todo-${service}-reproduced`;

/** Both at once: one waits for packages while the other one compiles. */
async function buildElsewhere(): Promise<void> {
  const context = otherCheckout();
  const build = async (service: string) => {
    const file = join(context, "docker", `${service}.Dockerfile`);
    await docker("build", "--quiet", "--no-cache", "--file", file, "--tag", reproduced(service), context);
  };
  const ends = await Promise.allSettled(services.map(build));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

beforeAll(buildElsewhere);
afterAll(() => docker("image", "rm", "--force", ...services.map(reproduced)));

test.each(services)("the %s built elsewhere, without a cache, has the same layers", async (service) => {
  const [image = ""] = (await on.pods()).map((pod) => pod.image).filter((name) => name.includes(`todo-${service}:`));
  const [made, deployed] = [await layers(reproduced(service)), await layers(image)];
  expect(made.length).toBeGreaterThan(2);
  if (made.join() !== deployed.join()) expect(await contents(reproduced(service))).toEqual(await contents(image));
});
