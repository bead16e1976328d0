import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { nodeRuntime } from "../../../components/node/minikubeRuntime.ts";
import { type NodeTarget, nodeCommands } from "../../../components/node/target.ts";
import type { Deployment } from "../../e2e/support/deployment.ts";

const execute = promisify(execFile);

/**
 * Sends a signal to a container's first process from its node: inside the container that process ignores SIGKILL and
 * SIGSTOP, https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
 *
 * @param signal - A name as `kill` knows it, without SIG.
 * @throws when no node's container of this machine's Docker engine runs the pod
 */
export async function signal(deployment: Deployment, pod: string, signal: "KILL" | "STOP"): Promise<void> {
  const path = "{.status.containerStatuses[0].containerID}";
  const id = (await deployment.kubectl("get", "pod", pod, "--output", `jsonpath=${path}`)).replace(/^.*:\/\//, "");
  for (const node of await nodesOf(deployment.context)) {
    // Among a container's processes the first one has the lowest number; `grep` fails where a process ends meanwhile.
    const find = `grep -sl ${id} /proc/[0-9]*/cgroup | cut -d / -f 3 | sort -n | head -n 1`;
    const { stdout } = await execute("docker", ["exec", node, "sh", "-c", find]);
    if (stdout.trim() === "") continue;
    await execute("docker", ["exec", node, "sh", "-c", `kill -${signal} ${stdout.trim()}`]);
    return;
  }
  throw new Error(`no node of ${deployment.context} in this machine's Docker engine runs the pod ${pod}`);
}

/** The suites' cluster, as the commands have made it. */
export function targetOf(context: string): NodeTarget {
  return { kind: context.includes("minikube") ? "minikube" : "sandbox", context };
}

/** The names of the node containers. */
export async function nodesOf(context: string): Promise<string[]> {
  const target = targetOf(context);
  const [program, ...args] = nodeCommands(target, await nodeRuntime(target)).listNodes;
  return (await execute(program, args)).stdout.split("\n").filter(Boolean);
}
