import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ClusterApi } from "../../../components/cluster/api.ts";
import { kubeconfigPaths } from "../../../components/cluster/kubeconfig.ts";
import { overwriteStatus, readRevisions } from "../../../components/release/history.ts";
import { ensureCluster, removeCluster } from "../../../sandbox/index.ts";

const execute = promisify(execFile);
const quiet = (): void => undefined;
const release = { namespace: "todo", releaseName: "todo" };

/** The sandbox of the suites, as `npm run up` makes it. */
const settings = () => ({
  name: process.env.TODO_STACK_SANDBOX ?? "",
  nodePort: Number(process.env.TODO_STACK_SANDBOX_PORT),
});

/** The API server of the suites' cluster. */
export function clusterApi(): Promise<ClusterApi> {
  return ClusterApi.named(kubeconfigPaths(process.env.KUBECONFIG), settings().name);
}

/** `minikube delete && minikube start`. */
export async function recreateCluster(): Promise<void> {
  await removeCluster(settings().name, quiet);
  await ensureCluster(settings(), quiet);
}

/** `minikube stop && minikube start`. */
export async function restartCluster(): Promise<void> {
  await execute("docker", ["stop", settings().name]);
  await ensureCluster(settings(), quiet);
}

/** What `docker system prune -a` and an emptied node leave of the application's images: nothing. */
export async function loseImages({ engine }: { engine: boolean }): Promise<void> {
  const node = ["exec", settings().name, "ctr", "-n", "k8s.io", "images"];
  const onNode = (await execute("docker", [...node, "list", "-q"])).stdout.split("\n");
  const ours = onNode.filter((name) => /todo-(back|front)end/.test(name));
  await execute("docker", [...node, "remove", ...ours]);
  if (!engine) return;
  for (const name of ["todo-backend", "todo-frontend"]) {
    const { stdout } = await execute("docker", ["images", "--format", "{{.Repository}}:{{.Tag}}", name]);
    await execute("docker", ["rmi", "--force", ...stdout.trim().split("\n")]);
  }
}

/** Leaves the release as an update that was killed long ago leaves it. */
export async function leaveRelease(status: "pending-install" | "pending-upgrade"): Promise<void> {
  const api = await clusterApi();
  const last = (await readRevisions(api, release)).at(-1);
  if (last === undefined) throw new Error("there is no release to damage");
  await overwriteStatus(api, release.namespace, last, { status, description: "Preparing upgrade", since: 1e12 });
}
