import { BlockList, isIP } from "node:net";
import { type Check, ok, warn } from "../check.ts";

/** Where the page, the API server and the cluster's own addresses are: https://minikube.sigs.k8s.io/docs/handbook/vpn_and_proxy/ */
const ranges = ["localhost", "127.0.0.1", "10.96.0.0/12", "192.168.49.0/24", "192.168.59.0/24"];

/** Whether what goes to the cluster goes past the proxy. */
export const proxy: Check = {
  name: "Proxy",
  why: "What goes to the cluster on this machine must not go through a proxy, which does not know it.",
  look: async ({ machine: { env } }) => {
    const names = ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"].filter((name) => env[name]);
    if (names.length === 0) return ok("none is set");
    const past = (env.NO_PROXY ?? env.no_proxy ?? "").split(/[,\s]+/).filter(Boolean);
    const lacking = ranges.filter((range) => !covers(past, range));
    const found = `${names.join(", ")} ${names.length === 1 ? "is" : "are"} set`;
    if (lacking.length === 0) return ok(`${found}, and NO_PROXY has the cluster's ranges`);
    return warn(`${found}, NO_PROXY lacks ${lacking.join(", ")}`, `export NO_PROXY=${[...past, ...lacking].join(",")}`);
  },
};

/** Whether an exception covers an address or a range: `*`, the same text, or a range around it. */
function covers(exceptions: readonly string[], wanted: string): boolean {
  if (exceptions.includes("*") || exceptions.includes(wanted)) return true;
  const address = wanted.split("/")[0] ?? "";
  if (isIP(address) === 0) return false;
  const list = new BlockList();
  for (const exception of exceptions) {
    const [network = "", length] = exception.split("/");
    if (isIP(network) !== 4 || length === undefined) continue;
    if (Number(length) <= Number(wanted.split("/")[1] ?? 32)) list.addSubnet(network, Number(length), "ipv4");
  }
  return list.check(address, "ipv4");
}
