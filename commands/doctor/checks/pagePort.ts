import { sandboxName } from "../../deploy/cluster.ts";
import { forwardsPort } from "../../deploy/forward.ts";
import { type Check, missing, ok } from "../check.ts";
import { whoListens } from "../port.ts";

/** Who listens on the page's port. */
export const pagePort: Check = {
  name: "Port of the page",
  why: "Two programs cannot listen on one port, and the page's address is fixed.",
  look: async (at) => {
    const { machine } = at;
    const { settings, record } = await at.stack();
    const chosen = record === undefined ? Number(machine.env.TODO_STACK_SANDBOX_PORT) : 0;
    const port = settings.nodePortIsChosen ? settings.nodePort : chosen || settings.nodePort;
    const listener = await whoListens(at, port);
    if (listener === undefined) return ok(`${port} is free`);
    const { container } = listener;
    const ours = container !== undefined && [settings.context, sandboxName(machine)].includes(container);
    if (ours) return ok(`${port} is our own cluster's (${container})`);
    if (await forwardsPort(machine, settings.stack, port)) return ok(`${port} is our own port-forward's`);
    // kind and k3d name their containers after the cluster, with their own name before or behind.
    const cluster = settings.context.replace(/^(kind|k3d)-/, "");
    if (record !== undefined && container?.includes(cluster)) return ok(`${port} is our own cluster's (${container})`);
    const remedy = `End that, or: npm run pulumi -- config set nodePort ${port + 1} --stack local`;
    return missing(`${port} is occupied by ${listener.name}`, remedy);
  },
};
