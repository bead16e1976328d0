import { sandboxName } from "../deploy/cluster.ts";
import { forwardsPort } from "../deploy/forward.ts";
import { readSettings } from "../deploy/settings.ts";
import type { Machine } from "../support/machine.ts";
import { containerOn, isOccupied, listenerOn } from "../support/ports.ts";
import { run } from "../support/run.ts";
import { catalog, type ToolName } from "../tools/catalog.ts";
import { findTool, reachTool, versionOf } from "../tools/install.ts";
import { reachDockerHub } from "../tools/reach.ts";
import { CHECK_TIMEOUT_MS, type Check, type Finding } from "./check.ts";

/** A tool that `up` uses: here, or to be had. */
export function checkTool(name: ToolName, title: string): Check {
  return async (machine) => {
    const path = await findTool(machine, name);
    if (path !== undefined) {
      const version = await versionOf(machine, path, catalog[name].versionArgs);
      return { name: title, status: "ok", found: `${version?.join(".") ?? "?"} (${path})` };
    }
    const { ok, reason } = await reachTool(machine, name);
    if (ok) return { name: title, status: "ok", found: `not here; npm run up downloads ${catalog[name].version}` };
    const remedy =
      name === "kubectl"
        ? "npm run up builds it from its Go module"
        : "npm run up takes the sandbox; a mirror of the downloads: TODO_STACK_DOWNLOADS=https://...";
    return { name: title, status: "warn", found: `not here, and its download is not reachable (${reason})`, remedy };
  };
}

/** Docker Hub has the base images. */
export const checkDockerHub: Check = async (machine) => {
  const { ok, reason } = await reachDockerHub(machine);
  if (ok) return { name: "Docker Hub", status: "ok", found: "reachable" };
  const remedy = "npm run up takes the sandbox; mirrors of base images: stack configuration, key baseImages";
  return { name: "Docker Hub", status: "warn", found: `not reachable: ${reason}`, remedy };
};

/** The page's port must be free, or our own. */
export const checkPort: Check = async (machine) => {
  const { nodePort, context, stack } = await readSettings(machine.root, "local");
  const port = Number(machine.env.TODO_STACK_SANDBOX_PORT) || nodePort;
  const name = `Port ${port}`;
  if (!(await isOccupied(port))) return { name, status: "ok", found: "free" };
  const container = await containerOn(port, machine.env);
  const ours = container !== undefined && [context, sandboxName(machine)].includes(container);
  if (ours || (await forwardsPort(machine, stack, port))) return { name, status: "ok", found: "used by our own page" };
  const found = `occupied by ${(await listenerOn(port, machine.env)) ?? "another program"}`;
  return { name, status: "missing", found, remedy: `pulumi config set todo-stack:nodePort ${port + 1} --stack local` };
};

/** The contexts that kubectl knows, and whether the local stack's is among them. */
export const checkContext: Check = async (machine): Promise<Finding> => {
  const { context } = await readSettings(machine.root, "local");
  const name = "Kubernetes context";
  const kubectl = await findTool(machine, "kubectl");
  if (kubectl === undefined) return { name, status: "ok", found: `${context}; looked at when there is a kubectl` };
  const contexts = await contextsOf(machine, kubectl);
  if (contexts.includes(context)) return { name, status: "ok", found: context };
  if (context.includes("minikube")) return { name, status: "ok", found: `${context}; npm run up makes it` };
  const remedy = `pulumi config set todo-stack:context NAME --stack local   (there are: ${contexts.join(", ") || "none"})`;
  return { name, status: "missing", found: `"${context}" is not in the kubeconfig`, remedy };
};

async function contextsOf({ env }: Machine, kubectl: string): Promise<readonly string[]> {
  const args = ["config", "get-contexts", "--output", "name"];
  const { stdout } = await run(kubectl, args, { env, allowFailure: true, timeoutMs: CHECK_TIMEOUT_MS });
  return stdout.split("\n").filter((line) => line !== "");
}
