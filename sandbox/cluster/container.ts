import { docker, inspect, tryDocker } from "../engine/docker.ts";
import { keyOf } from "../support/hash.ts";
import { UserError } from "../support/userError.ts";
import { CONFIGURATION_LABEL, SANDBOX_LABEL } from "./label.ts";
import { createNetwork } from "./network.ts";
import { apiPort, type ClusterSettings, NODE_PORTS } from "./settings.ts";
import { nodeAddress } from "./subnet.ts";

/** What `docker container inspect` says, as far as it matters here. */
export interface ContainerFacts {
  State: { Status: string; Running: boolean; Paused: boolean };
  Config: { Labels: Record<string, string> | null };
}

/** Seconds that pods and the store get to end in good order. */
const STOP_TIMEOUT = 30;

/**
 * What a kubelet and a container runtime need, without --privileged: that asks for CAP_SYS_RESOURCE too, which not
 * every machine can give, and hands over all of the host's devices.
 */
const RIGHTS: readonly string[] = [
  "--cap-add=ALL",
  "--cap-drop=SYS_RESOURCE",
  "--security-opt=seccomp=unconfined",
  "--security-opt=apparmor=unconfined",
  "--security-opt=systempaths=unconfined",
  "--cgroupns=private",
  // The kubelet's runtime writes device rules for pods; a child may not have more than its parent.
  "--device-cgroup-rule=a *:* rwm",
  "--device=/dev/kmsg",
  "--tmpfs=/run:exec",
  "--tmpfs=/tmp:exec",
];

/** Name of the volume that holds the cluster's whole state: an overlay file system cannot stand on another one. */
function volumeOf(name: string): string {
  return `${name}-var`;
}

/** A key of all that decides what container is made: its image's key, ports, flags. */
export function configurationKey(settings: ClusterSettings, imageKey: string): string {
  return keyOf(imageKey, ...portFlags(settings), ...RIGHTS);
}

/** The sandbox's container. Throws `UserError` when there is one of that name that is no sandbox. */
export async function findContainer(name: string): Promise<ContainerFacts | undefined> {
  const facts = await inspect<ContainerFacts>("container", name);
  if (facts && facts.Config.Labels?.[SANDBOX_LABEL] !== name) {
    throw new UserError(
      `There is a container "${name}" that is no sandbox. Rename it (docker rename ${name} <other>) ` +
        "or give the sandbox another name: TODO_STACK_SANDBOX=<name>",
    );
  }
  return facts;
}

/** Makes and starts the container on a new network, with an empty volume; nothing of that name may be there. */
export async function createContainer(settings: ClusterSettings, image: string, configuration: string): Promise<void> {
  const { name } = settings;
  const subnet = await createNetwork(name);
  const volume = volumeOf(name);
  await docker(["volume", "create", "--label", `${SANDBOX_LABEL}=${name}`, volume]);
  await docker([
    ...["run", "--detach", "--name", name, "--hostname", name],
    // A fixed address, so that certificates and the node's address survive restarts.
    ...["--network", name, "--ip", nodeAddress(subnet)],
    ...RIGHTS,
    ...["--volume", `${volume}:/var`, "--stop-timeout", String(STOP_TIMEOUT)],
    ...["--label", `${SANDBOX_LABEL}=${name}`, "--label", `${CONFIGURATION_LABEL}=${configuration}`],
    ...portFlags(settings),
    image,
  ]);
}

/** Removes the container, its volume and its network, as far as they are there. */
export async function removeContainer(name: string): Promise<void> {
  await removeAs("container", name, ["container", "rm", "--force", "--volumes", name]);
  await removeAs("volume", volumeOf(name), ["volume", "rm", "--force", volumeOf(name)]);
  await removeAs("network", name, ["network", "rm", name]);
}

async function removeAs(type: string, name: string, command: readonly string[]): Promise<void> {
  const answer = await tryDocker(command);
  const reason = answer.lastLines.join(" ");
  if (answer.code !== 0 && !/no such|not found/i.test(reason)) {
    throw new UserError(`Docker cannot remove the ${type} ${name}: ${reason}`);
  }
}

/** Published on this machine only, with the same numbers inside and outside. */
function portFlags(settings: ClusterSettings): string[] {
  const range = `${settings.nodePort}-${settings.nodePort + NODE_PORTS - 1}`;
  return [
    ...["--publish", `127.0.0.1:${range}:${range}`],
    ...["--publish", `127.0.0.1:${apiPort(settings)}:6443`],
    ...["--env", `SANDBOX_NODE_PORTS=${range}`],
  ];
}
