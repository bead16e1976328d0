import { apiPort as apiPortOf } from "../../../sandbox/cluster/settings.ts";
import { sandboxName } from "../../deploy/cluster.ts";
import { type Check, ok, warn } from "../check.ts";
import { whoListens } from "../port.ts";

/** Who listens on the port of the sandbox's API server. */
export const apiPort: Check = {
  name: "Port of the API server",
  why: "The sandbox's API server has a port of its own, beside the page's; Minikube chooses a free one by itself.",
  look: async (at) => {
    const { settings, record } = await at.stack();
    if (record !== undefined && record.cluster !== "sandbox") return ok("chosen by the cluster");
    const name = sandboxName(at.machine);
    const nodePort = Number(at.machine.env.TODO_STACK_SANDBOX_PORT) || settings.nodePort;
    const port = apiPortOf({ name, nodePort });
    const listener = await whoListens(at, port);
    if (listener === undefined) return ok(`${port} is free`);
    if (listener.container === name) return ok(`${port} is our own cluster's (${name})`);
    const remedy =
      "Only where the sandbox is used: another first port, such as TODO_STACK_SANDBOX_PORT=31000 npm run up";
    return warn(`${port} is occupied by ${listener.name}`, remedy);
  },
};
