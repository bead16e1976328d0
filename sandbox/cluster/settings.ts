import { UserError } from "../support/userError.ts";

/** What tells one sandbox from another. */
export interface ClusterSettings {
  /** Name of the container, the node, the network and the Kubernetes context. Default: `TODO_STACK_SANDBOX`. */
  name: string;
  /** First of ten ports of this machine that services of type NodePort can have. Default: `TODO_STACK_SANDBOX_PORT`. */
  nodePort: number;
}

/** How many NodePorts a sandbox has. */
export const NODE_PORTS = 10;

/** How far above the first NodePort the API server's port is. */
const API_OFFSET = 100;

const DEFAULT_NAME = "todo-sandbox";
const DEFAULT_PORT = 30080;

/** Ports below need rights; the highest possible one leaves room for the API server's. */
const PORT_RANGE = { lowest: 1024, highest: 65_535 - API_OFFSET };

/** A container's, a host's and a Kubernetes object's name at once (RFC 1123). */
const NAME = /^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/;

/** The settings that the environment asks for: `TODO_STACK_SANDBOX`, `TODO_STACK_SANDBOX_PORT`. Throws `UserError`. */
export function defaultSettings(environment: NodeJS.ProcessEnv = process.env): ClusterSettings {
  const name = environment.TODO_STACK_SANDBOX || DEFAULT_NAME;
  const nodePort = Number(environment.TODO_STACK_SANDBOX_PORT || DEFAULT_PORT);
  const settings = { name, nodePort };
  checkSettings(settings);
  return settings;
}

/** Throws `UserError` for a name or a port that cannot be. */
export function checkSettings({ name, nodePort }: ClusterSettings): void {
  if (!NAME.test(name)) {
    throw new UserError(`"${name}" cannot be a sandbox's name: small letters, digits and "-" only, 50 at most.`);
  }
  const { lowest, highest } = PORT_RANGE;
  if (!Number.isInteger(nodePort) || nodePort < lowest || nodePort > highest) {
    throw new UserError(`A sandbox's first port is a whole number from ${lowest} to ${highest}, not ${nodePort}.`);
  }
}

/** The machine's ports that services can have, in order. */
export function nodePorts(settings: ClusterSettings): number[] {
  return Array.from({ length: NODE_PORTS }, (_, index) => settings.nodePort + index);
}

/** The machine's port at which the API server answers. */
export function apiPort(settings: ClusterSettings): number {
  return settings.nodePort + API_OFFSET;
}
