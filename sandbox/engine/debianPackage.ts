import { sandboxCache } from "../support/cache.ts";
import { type Log, withProgress } from "../support/log.ts";
import { attempt, run } from "../support/run.ts";
import { UserError } from "../support/userError.ts";

/** Makes sure that a program which has its package's name is installed. See {@link installDebianPackages}. */
export async function ensureDebianPackage(name: string, why: string, log: Log): Promise<void> {
  if ((await attempt([name, "--version"])).code !== 127) return;
  await installDebianPackages({ packages: [name], why }, log);
}

/** What to install and what for. */
export interface Wanted {
  /** Packages that every Debian has. */
  packages: readonly string[];
  /** Packages that some releases have, installed where they exist. */
  whereTheyExist?: readonly string[];
  /** What they are needed for, for the message. */
  why: string;
}

/**
 * Installs Debian packages where this process may: root on a Debian or a relative of it. Nothing is removed for them.
 * @throws `UserError` with the command to type where it may not
 */
export async function installDebianPackages({ packages, whereTheyExist = [], why }: Wanted, log: Log): Promise<void> {
  const names = packages.join(", ");
  const install = ["apt-get", "install", "--yes", "--no-install-recommends", "--no-remove", ...packages];
  if ((await attempt(["apt-get", "--version"])).code !== 0) {
    throw new UserError(`${names} is missing (to ${why}). Install it with this system's package manager.`);
  }
  if (process.getuid?.() !== 0) {
    throw new UserError(
      `${names} is missing (to ${why}). Install it: sudo ${[...install, ...whereTheyExist].join(" ")}`,
    );
  }
  const options = { logFile: sandboxCache("logs", "apt.log"), env: { DEBIAN_FRONTEND: "noninteractive" } };
  await withProgress(log, `installing ${names} (to ${why})`, "30 s", async () => {
    await run(["apt-get", "update", "--quiet"], options);
    const existing = await Promise.all(
      whereTheyExist.map(async (name) => ((await attempt(["apt-cache", "show", name])).code === 0 ? [name] : [])),
    );
    await run([...install, ...existing.flat()], options);
  });
}
