import { BlockList, isIP } from "node:net";

/** Loopback and the private ranges of RFC 1918 and RFC 4193, where clusters on this machine have their API servers. */
const localAddresses = new BlockList();
localAddresses.addSubnet("127.0.0.0", 8);
localAddresses.addSubnet("10.0.0.0", 8);
localAddresses.addSubnet("172.16.0.0", 12);
localAddresses.addSubnet("192.168.0.0", 16);
localAddresses.addAddress("::1", "ipv6");
localAddresses.addSubnet("fc00::", 7, "ipv6");

const localNames = ["localhost", "kubernetes.docker.internal", "host.docker.internal", "host.minikube.internal"];

/** Whether an API server's address can only be on this machine or its private networks. */
export function isLocalServer(server: string): boolean {
  const host = new URL(server).hostname.replace(/^\[|\]$/g, "");
  const version = isIP(host);
  return version === 0 ? localNames.includes(host) : localAddresses.check(host, version === 6 ? "ipv6" : "ipv4");
}
