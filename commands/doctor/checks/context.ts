import { isLocalServer } from "../../../components/cluster/address.ts";
import { type Check, missing, ok } from "../check.ts";

/** The local stack's context: known, and on this machine. */
export const context: Check = {
  name: "Kubernetes context",
  why: "It says which cluster is deployed to; a local stack goes to a cluster on this machine alone.",
  look: async ({ stack, cluster, machine }) => {
    const { settings, record } = await stack();
    const name = settings.context;
    const found = await cluster();
    if (found === undefined) {
      if (record !== undefined || name.includes("minikube") || settings.target === "sandbox")
        return ok(`${name} is not in the kubeconfig; npm run up makes it`);
      return missing(
        `"${name}" is not in the kubeconfig (${machine.env.KUBECONFIG || "~/.kube/config"})`,
        "npm run pulumi -- config set context NAME --stack local   (kubectl config get-contexts has the names)",
      );
    }
    const { server } = found.facts;
    if (isLocalServer(server)) return ok(`${name} (${server})`);
    return missing(
      `${name} leads to ${server}, which is not on this machine`,
      "npm run pulumi -- config set context minikube --stack local   (or deploy there as production: npm run up -- --stack prod)",
    );
  },
};
