import { join } from "node:path";
import { buildCommand } from "../../components/image/buildCommand.ts";
import { planShipped, type ShippedConfiguration } from "../../components/image/plan.ts";
import type { Service } from "../../components/image/shipped.ts";
import { readChart } from "../../components/release/chart.ts";
import { UserError } from "../support/errors.ts";
import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { docker, inContainer, prepareEngine } from "../testing/container.ts";
import { ensurePnpm } from "../testing/frontend.ts";
import { buildLintImage, lintImage } from "../testing/lint.ts";
import { type Component, type ImageBom, imageBom, type LockBom } from "./bom.ts";
import { basePackages, pythonOf } from "./image.ts";

/**
 * Builds an image as a stack would and tells what it consists of.
 *
 * @throws UserError where there is no engine, or a package manager cannot read its lockfile.
 */
export async function makeBom(
  machine: Machine,
  service: Service,
  settings: ShippedConfiguration,
  log: Log,
): Promise<ImageBom> {
  await prepareEngine(machine, log);
  const lock = await readLock(machine, service, log);
  const { appVersion } = await readChart("local");
  const { source, tag } = await planShipped(service, appVersion, settings);
  const image = `todo-${service}-sbom`;
  log(`building the ${service}'s image`);
  const [, ...build] = buildCommand(source, image);
  await docker(machine, build);
  const base = await basePackages(machine, image);
  if (base.length === 0) log(`the ${service}'s base image keeps no list of its packages; they are not in the document`);
  const own = service === "backend" ? [await pythonOf(machine, image)] : [];
  return imageBom({
    image: `todo-${service}`,
    tag,
    lock,
    base: unique([...base, ...own]),
    ...(await revisionOf(machine)),
  });
}

/** Each package manager reads its own lockfile; what only tests and linters use is not deployed. */
async function readLock(machine: Machine, service: Service, log: Log): Promise<LockBom> {
  const folder = join(machine.root, "apps", service);
  if (service === "frontend") {
    const format = ["--sbom-format", "cyclonedx", "--sbom-spec-version", "1.6", "--lockfile-only", "--prod"];
    const { stdout } = await run(await ensurePnpm(machine, log), ["sbom", ...format], {
      cwd: folder,
      env: machine.env,
    });
    return JSON.parse(stdout) as LockBom;
  }
  await buildLintImage(machine, log);
  const format = ["--format", "cyclonedx1.5", "--preview-features", "sbom-export"];
  const command = ["uv", "export", "--frozen", "--no-dev", "--quiet", ...format];
  const { code, stdout, stderr } = await inContainer(machine, lintImage, { folder, target: "/repository" }, command);
  if (code !== 0) throw new UserError(`uv cannot tell what apps/backend/uv.lock holds:\n${stderr}`);
  return JSON.parse(stdout) as LockBom;
}

/** The commit, with a mark where the work tree is not as it was committed. */
async function revisionOf({ root: cwd, env }: Machine): Promise<{ revision?: string }> {
  const head = await run("git", ["rev-parse", "HEAD"], { cwd, env, allowFailure: true });
  if (head.code !== 0) return {};
  const edits = await run("git", ["status", "--porcelain"], { cwd, env, allowFailure: true });
  return { revision: `${head.stdout.trim()}${edits.stdout === "" ? "" : "-dirty"}` };
}

/** A package may be listed for two architectures, or twice. */
function unique(components: readonly Component[]): Component[] {
  return [...new Map(components.map((component) => [component["bom-ref"], component])).values()];
}
