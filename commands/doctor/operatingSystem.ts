/** The families of Linux distributions, by the tool that installs packages. */
export type Family = "debian" | "fedora" | "arch" | "alpine" | "suse" | "macos" | "other";

/** The operating system, as far as remedies differ by it. */
export interface OperatingSystem {
  readonly kind: "linux" | "wsl" | "macos" | "other";
  readonly family: Family;
  /** For people, such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
  readonly isRoot: boolean;
}

/** The IDs of /etc/os-release: https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
const families: Readonly<Record<string, Family>> = {
  debian: "debian",
  ubuntu: "debian",
  fedora: "fedora",
  rhel: "fedora",
  centos: "fedora",
  arch: "arch",
  alpine: "alpine",
  suse: "suse",
  opensuse: "suse",
};

/**
 * Tells the operating system.
 *
 * @param release - The text of /etc/os-release, of Linux.
 * @param kernel - The text of /proc/sys/kernel/osrelease, which names WSL.
 */
export function tellSystem(
  platform: NodeJS.Platform,
  { release = "", kernel = "", isRoot }: { release?: string | undefined; kernel?: string | undefined; isRoot: boolean },
): OperatingSystem {
  if (platform === "darwin") return { kind: "macos", family: "macos", name: "macOS", isRoot };
  if (platform !== "linux") return { kind: "other", family: "other", name: platform, isRoot };
  const field = (key: string): string => new RegExp(`^${key}="?([^"\n]*)"?$`, "m").exec(release)?.[1] ?? "";
  const ids = [field("ID"), ...field("ID_LIKE").split(" ")];
  const family = ids.map((id) => families[id]).find((known) => known !== undefined) ?? "other";
  const kind = /microsoft/i.test(kernel) ? "wsl" : "linux";
  return { kind, family, name: field("PRETTY_NAME") || "Linux", isRoot };
}

const installers: Readonly<Record<Exclude<Family, "other">, string>> = {
  debian: "apt-get install",
  fedora: "dnf install",
  arch: "pacman -S",
  alpine: "apk add",
  suse: "zypper install",
  macos: "brew install",
};

/**
 * The command that installs packages on this system.
 *
 * @param packages - The packages' names where they differ; `other` is what to say where the tool is not known.
 */
export function install(
  system: OperatingSystem,
  packages: Readonly<Partial<Record<Family, string>>> & { readonly other: string },
): string {
  const { family } = system;
  const named = packages[family] ?? (family === "macos" ? undefined : packages.debian);
  if (family === "other" || named === undefined) return packages.other;
  return family === "macos" ? `brew install ${named}` : asRoot(system, `${installers[family]} ${named}`);
}

/** A command that only root may run. */
export function asRoot({ isRoot }: OperatingSystem, command: string): string {
  return isRoot ? command : `sudo ${command}`;
}

/** The command that starts a service on this system. */
export function startService(system: OperatingSystem, service: string, hasSystemd: boolean): string {
  if (hasSystemd) return asRoot(system, `systemctl enable --now ${service}`);
  if (system.family === "alpine") return asRoot(system, `rc-service ${service} start`);
  return asRoot(system, `service ${service} start`);
}
