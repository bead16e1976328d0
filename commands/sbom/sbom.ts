import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { ShippedConfiguration } from "../../components/image/plan.ts";
import { services } from "../../components/image/shipped.ts";
import { parseYaml } from "../../components/yaml.ts";
import { ownKeys, readSettings } from "../deploy/settings.ts";
import { ensureDisk } from "../machine/disk.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { makeBom } from "./make.ts";

/** `npm run sbom`: one CycloneDX file an image. */
export async function sbom(args: readonly string[], machine: Machine): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { stack: { type: "string", short: "s", default: "local" }, output: { type: "string" } },
  });
  const settings = await readBuildSettings(machine, values.stack);
  await ensureDisk(machine, [machine.root, machine.cache]);
  const folder = resolve(values.output ?? join(machine.state, "sbom"));
  await mkdir(folder, { recursive: true });
  for (const service of services) {
    const bom = await makeBom(machine, service, settings, machine.log);
    const file = join(folder, `todo-${service}.cdx.json`);
    await writeFile(file, `${JSON.stringify(bom, null, 2)}\n`);
    machine.log(`${file}: ${bom.components.length} components of ${bom.metadata.component["bom-ref"]}`);
  }
  return 0;
}

/**
 * What of a stack's own file decides what its images are; none of it is secret.
 *
 * @throws UserError where there is no such stack.
 */
export async function readBuildSettings(machine: Machine, stack: string): Promise<ShippedConfiguration> {
  const { file, production, project } = await readSettings(machine.root, stack);
  const { config } = (parseYaml(await readFile(file, "utf8")) ?? {}) as { config?: Record<string, unknown> | null };
  const keys = new Map(ownKeys(config, project));
  const key = (name: string): unknown => keys.get(name) || undefined;
  refuseOwn([key("frontend"), key("backend")]);
  const own = `linux/${machine.arch === "arm64" ? "arm64" : "amd64"}`;
  const sourceUrl = key("sourceUrl") as string | undefined;
  return {
    baseImages: (key("baseImages") ?? {}) as ShippedConfiguration["baseImages"],
    platform: (key("platform") as string | undefined) ?? (production ? "linux/amd64" : own),
    ...(sourceUrl === undefined ? {} : { sourceUrl }),
  };
}

/** Their lockfiles are of many kinds, and their images of others' making. */
function refuseOwn(parts: readonly unknown[]): void {
  if (!parts.some((part) => (part as { path?: unknown } | undefined)?.path !== undefined)) return;
  throw new UserError(
    "This stack deploys an application of your own; npm run sbom knows the lockfiles of the shipped one alone.",
    "npm run pulumi -- stack output images   (their names)\n" +
      "docker run --rm -v /var/run/docker.sock:/var/run/docker.sock anchore/syft IMAGE -o cyclonedx-json",
  );
}
