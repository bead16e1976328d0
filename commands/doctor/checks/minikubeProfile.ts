import { join } from "node:path";
import { hasProfile } from "../../deploy/way.ts";
import { type Check, ok, warn } from "../check.ts";

/** What of a profile's config.json is looked at: kubernetes/minikube, pkg/minikube/config/types.go. */
interface Profile {
  readonly Driver?: string;
  readonly KubernetesConfig?: { readonly ContainerRuntime?: string; readonly KubernetesVersion?: string };
}

/** The profile that the stack's context names: driver, runtime, state. */
export const minikubeProfile: Check = {
  name: "Minikube profile",
  why: "The driver decides whether the page's port is published, and the runtime how images get onto the node.",
  look: async ({ machine, stack, read, ask }) => {
    const { settings, record } = await stack();
    if (record !== undefined && record.cluster !== "minikube") return ok("not used by the deployment that is there");
    const profile = settings.context;
    if (!hasProfile(machine, profile))
      return ok(`there is no profile "${profile}"; npm run up makes one where it uses Minikube`);
    const home = machine.env.MINIKUBE_HOME || machine.env.HOME || "";
    const folder = home.endsWith(".minikube") ? home : join(home, ".minikube");
    const text = await read(join(folder, "profiles", profile, "config.json"));
    const { Driver: driver = "?", KubernetesConfig: kubernetes = {} } = JSON.parse(text || "{}") as Profile;
    const runtime = kubernetes.ContainerRuntime || "docker";
    const { stdout } = await ask("docker", ["ps", "--all", "--filter", `name=^${profile}$`, "--format", "{{.State}}"]);
    const state = stdout.trim() || (driver === "docker" ? "gone" : "");
    const found = [`${profile}: driver ${driver}, runtime ${runtime}`, kubernetes.KubernetesVersion, state]
      .filter(Boolean)
      .join(", ");
    if (runtime === "cri-o" || runtime === "crio")
      return warn(found, `Images cannot be put into cri-o: minikube delete --profile ${profile}, then npm run up`);
    if (state === "gone")
      return warn(found, `Its container was removed: minikube delete --profile ${profile}, then npm run up`);
    return ok(state === "exited" ? `${found}; npm run up starts it` : found);
  },
};
