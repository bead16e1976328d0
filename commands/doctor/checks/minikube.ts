import { type Check, ok } from "../check.ts";
import { toolOrDownload } from "../tool.ts";

/** The minikube command. */
export const minikube: Check = {
  name: "Minikube",
  why: "It makes the local cluster, unless the stack's context names another one.",
  look: async ({ machine, stack }) => {
    const { settings, record } = await stack();
    if (record?.cluster === "existing") return ok(`not needed: the cluster of context "${settings.context}" is used`);
    const remedy = "npm run up takes the sandbox; a mirror of the downloads: TODO_STACK_DOWNLOADS=https://...";
    return toolOrDownload(machine, "minikube", remedy);
  },
};
