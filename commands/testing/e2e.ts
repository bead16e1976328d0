import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { ensureLoadImage } from "../../bench/load/image.ts";
import { sandboxKubeconfig } from "../deploy/cluster.ts";
import { readSettings } from "../deploy/settings.ts";
import { decideWay } from "../deploy/way.ts";
import { useSandboxEngine } from "../machine/engine.ts";
import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { ensureTool, findOnPath } from "../tools/install.ts";
import { runJest } from "./program.ts";
import type { Outcome, TestStep } from "./step.ts";
import { runLanes } from "./test.ts";

/** The sandbox cluster of the suites, beside a person's own. */
const clusterName = "todo-e2e";

/**
 * `npm run test:e2e`: brings the tools, then runs the suites, which deploy by `npm run up` in a clone; those of the Pulumi
 * engine count as skipped where there is no Pulumi CLI.
 */
export async function e2e(args: readonly string[], machine: Machine): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { only: { type: "string" } },
    allowPositionals: true,
  });
  const steps = [endToEnd(positionals), reliability(positionals), engine(positionals)];
  return runLanes(machine, [steps.filter(({ name }) => values.only === undefined || values.only === name)]);
}

/** The suites that deploy by whatever this machine has. */
function endToEnd(args: readonly string[]): TestStep {
  return step("end-to-end", async (machine, log) => {
    const env = await prepare(machine, log);
    const chromium = await ensureBrowser(machine, log);
    return runSuites({ ...machine, env: { ...env, CHROMIUM: chromium } }, "jest.e2e.config.js", args);
  });
}

/** What may happen to a deployment, under load, and the faults. */
function reliability(args: readonly string[]): TestStep {
  return step("reliability", async (machine, log) => {
    const env = await prepare(machine, log);
    const load = await prepareLoad(machine, log);
    const chromium = await ensureBrowser(machine, log);
    return runSuites({ ...machine, env: { ...env, ...load, CHROMIUM: chromium } }, "jest.reliability.config.js", args);
  });
}

/** The suites of the Pulumi engine; without its CLI they are listed as skipped, and nothing is started for them. */
function engine(args: readonly string[]): TestStep {
  return step("engine", async (machine, log) => {
    const pulumi = findOnPath(machine.env, "pulumi");
    if (pulumi === undefined) return runSuites(machine, "jest.engine.config.js", args);
    const env = { ...(await prepare(machine, log)), ...(await prepareLoad(machine, log)), PULUMI: pulumi };
    return runSuites({ ...machine, env }, "jest.engine.config.js", args);
  });
}

function step(name: string, run: TestStep["run"]): TestStep {
  return { name, room: "program", run };
}

function runSuites(machine: Machine, config: string, args: readonly string[]): Promise<Outcome> {
  return runJest(machine, config.replace(/^jest\.|\.config\.js$/g, ""), ["--config", config, ...args], machine.log);
}

/** Brings the engine and the tools; gives back the environment of the suites. */
async function prepare(machine: Machine, log: Log): Promise<NodeJS.ProcessEnv> {
  const way = await decideWay(machine, await readSettings(machine.root, "local"));
  log(way.line);
  if (way.cluster === "sandbox" && machine.platform === "linux") await useSandboxEngine(machine, log);
  const quiet = { ...machine, log };
  const [kubectl, helm3] = [await ensureTool(quiet, "kubectl"), await ensureTool(quiet, "helm3")];
  return { ...machine.env, KUBECTL: kubectl, HELM3: helm3, KUBECONFIG: kubeconfigs(machine) };
}

/** Brings the load generator, for this machine and for a pod; gives back what tells the suites where it is. */
async function prepareLoad(machine: Machine, log: Log): Promise<NodeJS.ProcessEnv> {
  const k6 = await ensureTool({ ...machine, log }, "k6");
  await ensureLoadImage(machine, log);
  return { K6: k6 };
}

/** The browser that opens the page: the machine's own, or Debian's package; `CHROMIUM` names another. */
async function ensureBrowser(machine: Machine, log: (line: string) => void): Promise<string> {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const find = () => names.map((name) => findOnPath(machine.env, name)).find((path) => path !== undefined);
  const found = machine.env.CHROMIUM ?? find();
  if (found !== undefined) return found;
  const sandbox = await machine.sandbox();
  await sandbox.installDebianPackages({ packages: ["chromium"], why: "open the page in a real browser" }, log);
  return find() ?? "chromium";
}

/** The user's own files first, which Minikube writes to; the sandbox's is only there once it runs. */
function kubeconfigs(machine: Machine): string {
  const own = machine.env.KUBECONFIG || join(machine.env.HOME ?? homedir(), ".kube", "config");
  return [own, sandboxKubeconfig(machine, clusterName)].join(delimiter);
}
