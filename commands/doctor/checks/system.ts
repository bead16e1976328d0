import { type Check, missing, ok, warn } from "../check.ts";

/** Which operating system this is, and whether it can hold a cluster. */
export const system: Check = {
  name: "Operating system",
  why: "Remedies differ by it, and some of its versions cannot hold a cluster.",
  look: async ({ system: { kind, name }, read, exists, ask }) => {
    if (kind === "other") return missing(name, "Linux or macOS; in Windows, WSL 2: wsl --install");
    if (kind === "macos") {
      const { stdout } = await ask("sw_vers", ["-productVersion"]);
      return ok(`${name} ${stdout.trim()}`.trim());
    }
    if (kind === "linux") return ok(name);
    const kernel = (await read("/proc/sys/kernel/osrelease"))?.trim() ?? "";
    if (!/wsl2/i.test(kernel))
      return missing(`${name} in WSL 1`, "It has no Linux kernel; in Windows: wsl --set-version DISTRIBUTION 2");
    if (!exists("/run/systemd/system"))
      return warn(
        `${name} in WSL 2, without systemd`,
        "systemd=true under [boot] in /etc/wsl.conf, then in Windows: wsl --shutdown",
      );
    return ok(`${name} in WSL 2`);
  },
};
