import { type Check, ok, warn } from "../check.ts";

/** Node, the CLI and its providers hold some hundreds at once. */
const least = 1024;

/** How many files a process may hold open. */
export const openFiles: Check = {
  name: "Open files",
  why: "macOS allows 256 open files to a shell, which a build with its watches may pass.",
  look: async ({ ask }) => {
    const { stdout } = await ask("sh", ["-c", "ulimit -n"]);
    const limit = stdout.trim();
    if (limit === "" || limit === "unlimited" || Number(limit) >= least) return ok(limit || "unknown");
    return warn(limit, "ulimit -n 4096   (in this shell, or in its profile)");
  },
};
