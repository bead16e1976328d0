import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { readSettings } from "../deploy/settings.ts";
import { decideWay } from "../deploy/way.ts";
import { useSandboxEngine } from "../machine/engine.ts";
import type { Machine } from "../support/machine.ts";
import { ensureTool, findOnPath } from "../tools/install.ts";
import { runJest } from "./program.ts";
import type { TestStep } from "./step.ts";
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
  const steps = [
    suites("end-to-end", "jest.e2e.config.js", positionals),
    suites("engine", "jest.engine.config.js", positionals),
  ];
  return runLanes(machine, [steps.filter(({ name }) => values.only === undefined || values.only === name)]);
}

function suites(name: string, config: string, args: readonly string[]): TestStep {
  return {
    name,
    room: "program",
    run: async (machine, log) => {
      const way = await decideWay(machine, await readSettings(machine.root, "local"));
      log(way.line);
      if (way.cluster === "sandbox" && machine.platform === "linux") await useSandboxEngine(machine, log);
      const quiet = { ...machine, log };
      const chromium = await ensureBrowser(machine, log);
      const [kubectl, helm3] = [await ensureTool(quiet, "kubectl"), await ensureTool(quiet, "helm3")];
      const pulumi = findOnPath(machine.env, "pulumi");
      const env = {
        ...machine.env,
        CHROMIUM: chromium,
        KUBECTL: kubectl,
        HELM3: helm3,
        KUBECONFIG: kubeconfigs(machine),
        ...(pulumi === undefined ? {} : { PULUMI: pulumi }),
      };
      return runJest({ ...machine, env }, name, ["--config", config, ...args], machine.log);
    },
  };
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
function kubeconfigs({ env, cache }: Machine): string {
  const own = env.KUBECONFIG || join(env.HOME ?? homedir(), ".kube", "config");
  return [own, join(cache, "sandbox", clusterName, "kubeconfig")].join(delimiter);
}
