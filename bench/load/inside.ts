import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureOnNodes } from "../../components/node/presence.ts";
import type { NodeTarget } from "../../components/node/target.ts";
import { type Generator, k6Arguments, type LoadPlan, scriptFile, scriptFolder } from "./generator.ts";
import { loadImage } from "./image.ts";

/** Runs kubectl on the cluster and gives back what it printed; fails where it fails. */
export type Kubectl = (...args: string[]) => Promise<string>;

/** The cluster that the load runs in. */
export interface LoadCluster {
  readonly kubectl: Kubectl;
  /** The page's Service, as pods reach it, such as `http://todo-frontend.todo.svc.cluster.local`. */
  readonly serviceUrl: string;
  /** The nodes that take the image from this machine's engine; absent where they pull it. */
  readonly node?: NodeTarget;
}

/** Made for the load and removed with it; rounds may overlap. */
const namespaceOf = (round: number): string => (round === 0 ? "todo-load" : `todo-load-${round + 1}`);
const pod = "k6";

/**
 * Starts k6 in a pod of a namespace of its own. `ensureLoadImage` must have brought the image to the engine.
 *
 * @param round - Its number, from 0.
 * @throws Error where the image cannot be put on the nodes or the cluster refuses the pod; nothing is left behind.
 */
export async function startInside(
  { kubectl, serviceUrl, node }: LoadCluster,
  plan: LoadPlan,
  round: number,
): Promise<Generator> {
  const namespace = namespaceOf(round);
  const inNamespace: Kubectl = (verb, ...args) => kubectl(verb ?? "", "--namespace", namespace, ...args);
  const remove = (...patience: string[]) =>
    kubectl("delete", "namespace", namespace, "--ignore-not-found", ...patience);
  if (node !== undefined) await ensureOnNodes(node, loadImage);
  // The load before may be on its way out; a run that was killed leaves its load.
  await remove("--wait", "--timeout=120s");
  try {
    await apply(inNamespace, await manifest(namespace, serviceUrl, plan));
  } catch (error) {
    await remove("--wait=false");
    throw error;
  }
  return {
    name: "inside",
    // Before the container has started there is no log.
    output: () => inNamespace("logs", pod).catch(() => ""),
    exitCode: async () => {
      const path = "{.status.containerStatuses[0].state.terminated.exitCode}";
      // An API server that does not answer for a moment, under this load, is asked again.
      const code = await inNamespace("get", "pod", pod, "--output", `jsonpath=${path}`).catch(() => "");
      return code === "" ? undefined : Number(code);
    },
    state: () => inNamespace("get", "pod", pod, "--output", "jsonpath={.status}"),
    stop: async () => {
      // No request comes any more from here on; the rest of the namespace goes by itself.
      await inNamespace("delete", "pod", pod, "--ignore-not-found", "--timeout=120s");
      await remove("--wait=false");
    },
  };
}

async function apply(kubectl: Kubectl, list: object): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "todo-stack-load-"));
  try {
    const file = join(folder, "load.json");
    await writeFile(file, JSON.stringify(list));
    await kubectl("apply", "--filename", file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The namespace, the script and the pod; the namespace admits nothing that is not `restricted`. */
async function manifest(namespace: string, serviceUrl: string, plan: LoadPlan): Promise<object> {
  const names = await readdir(scriptFolder);
  const files = names.map(async (name) => [name, await readFile(join(scriptFolder, name), "utf8")] as const);
  const data = Object.fromEntries(await Promise.all(files));
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "script", namespace }, data },
      { apiVersion: "v1", kind: "Pod", metadata: { name: pod, namespace }, spec: podSpec(serviceUrl, plan) },
    ],
  };
}

function podSpec(serviceUrl: string, plan: LoadPlan): object {
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    // The official image's user, under which a program without files of its own runs as well.
    securityContext: { runAsNonRoot: true, runAsUser: 12345, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "k6",
        image: loadImage,
        imagePullPolicy: "IfNotPresent",
        command: ["/usr/bin/k6"],
        args: k6Arguments(`/load/${scriptFile}`, serviceUrl, plan),
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        // Measured: 0.35 MB for each virtual user, of which there are three for each request a second.
        resources: { requests: { cpu: "100m", memory: "128Mi" } },
        volumeMounts: [{ name: "script", mountPath: "/load", readOnly: true }],
      },
    ],
    volumes: [{ name: "script", configMap: { name: "script" } }],
  };
}
