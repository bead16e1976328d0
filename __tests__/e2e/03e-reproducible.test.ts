import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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

test.each(["backend", "frontend"])("the %s built elsewhere, without a cache, has the same layers", async (service) => {
  const [image = ""] = (await on.pods()).map((pod) => pod.image).filter((name) => name.includes(`todo-${service}:`));
  const context = otherCheckout();
  const file = join(context, "docker", `${service}.Dockerfile`);
  const again = `todo-${service}-reproduced`;
  try {
    await docker("build", "--quiet", "--no-cache", "--file", file, "--tag", again, context);
    expect((await layers(again)).length).toBeGreaterThan(2);
    expect(await layers(again)).toEqual(await layers(image));
  } finally {
    await docker("image", "rm", "--force", again);
    rmSync(context, { recursive: true });
  }
});
