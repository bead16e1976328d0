import { type Check, missing, ok, warn } from "../check.ts";

/** Who has the base images. */
const registry = "registry-1.docker.io";

/** Whether names lead anywhere. */
export const dns: Check = {
  name: "DNS",
  why: "Downloads and images are found by name, and the page by the name localhost.",
  look: async ({ resolve, machine }) => {
    const own = await resolve("localhost").catch(() => []);
    if (!own.some((address) => address === "127.0.0.1" || address === "::1")) {
      return missing("localhost does not lead to this machine", 'Add the line "127.0.0.1 localhost" to /etc/hosts');
    }
    const proxied = Boolean(machine.env.HTTPS_PROXY ?? machine.env.https_proxy);
    try {
      const addresses = await resolve(registry);
      return ok(`${registry} is ${addresses[0]}`);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "no answer";
      if (proxied) return ok(`${registry} is not found (${code}), which is the proxy's to do`);
      return warn(
        `${registry} is not found (${code})`,
        "Check the network, a VPN and /etc/resolv.conf; without it npm run up takes the sandbox",
      );
    }
  },
};
