import { docker, tryDocker } from "../engine/docker.ts";
import { attempt } from "../support/run.ts";
import { UserError } from "../support/userError.ts";
import { SANDBOX_LABEL } from "./label.ts";
import { chooseSubnet, routedNetworks } from "./subnet.ts";

/**
 * Makes a network of the sandbox's own, in a range that nothing on this machine uses.
 * @returns its subnet
 */
export async function createNetwork(name: string): Promise<string> {
  const taken = await takenNetworks();
  // Another process may take the chosen one at the same moment, or the engine may know of a network that we do not.
  for (;;) {
    const subnet = chooseSubnet(taken);
    if (!subnet)
      throw new UserError("All networks 172.31.200.0/24 to 172.31.254.0/24 are in use; remove a sandbox first.");
    const answer = await tryDocker([
      "network",
      "create",
      "--subnet",
      subnet,
      "--label",
      `${SANDBOX_LABEL}=${name}`,
      name,
    ]);
    if (answer.code === 0) return subnet;
    const reason = answer.lastLines.join(" ");
    if (!/overlap/i.test(reason)) throw new UserError(`Docker cannot make the network ${name}: ${reason}`);
    taken.push(subnet);
  }
}

async function takenNetworks(): Promise<string[]> {
  const ids = (await docker(["network", "ls", "--quiet"])).split("\n").filter(Boolean);
  const template = "{{range .IPAM.Config}}{{.Subnet}}\n{{end}}";
  const subnets = ids.length > 0 ? await docker(["network", "inspect", "--format", template, ...ids]) : "";
  const routes = await attempt(["ip", "-4", "route"]);
  return [...subnets.split("\n").filter(Boolean), ...routedNetworks(routes.stdout)];
}
