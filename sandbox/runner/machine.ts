import { ClusterApi } from "../../components/cluster/api.ts";
import { kubeconfigPaths } from "../../components/cluster/kubeconfig.ts";
import { shell } from "./shell.ts";
import type { Machine, RunnerOptions } from "./types.ts";

/** What the handlers of one run act on; the engine is asked at once, the cluster as soon as the program names it. */
export function openMachine(options: RunnerOptions, project: string): Machine {
  const { promise: context, resolve: connect } = Promise.withResolvers<string>();
  const asked = readImages(options.docker);
  // Who needs the answer gets the failure.
  asked.catch(() => undefined);
  const api = context.then((name) => ClusterApi.named(kubeconfigPaths(options.kubeconfig), name));
  api.catch(() => undefined);
  return { stack: "local", ...options, project, context: "", api, connect, images: () => asked };
}

/** One question for all images takes as long as one for a single one. */
async function readImages(docker: string): Promise<ReadonlyMap<string, string>> {
  const columns = "{{.Repository}}:{{.Tag}} {{.ID}}";
  const text = await shell(docker, ["images", "--no-trunc", "--format", columns]);
  return new Map(text.split("\n").map((line) => line.split(" ") as [string, string]));
}
