import { type Check, missing, ok, warn } from "../check.ts";

/** Whether the cluster's API server answers. */
export const cluster: Check = {
  name: "Cluster",
  why: "What is deployed can be looked at and changed only while its API server answers.",
  look: async (at) => {
    const { settings, record } = await at.stack();
    const found = await at.cluster();
    if (found === undefined) return ok("none yet; npm run up makes it");
    try {
      const version = await found.api.get<{ gitVersion?: string }>("/version");
      return ok(`${settings.context} answers, Kubernetes ${version?.gitVersion ?? "of an unknown version"}`);
    } catch (error) {
      const told = `${settings.context} does not answer: ${(error as Error).message}`;
      const ours = record?.cluster !== "existing" && (record !== undefined || settings.context.includes("minikube"));
      return ours
        ? warn(told, "npm run up starts it")
        : missing(told, "Start it, or name another: npm run pulumi -- config set context NAME --stack local");
    }
  },
};
