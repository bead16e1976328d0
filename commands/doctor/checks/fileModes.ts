import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type Check, missing, ok, warn } from "../check.ts";

/** A file that the page's server reads in its image as another user, and a program that is started in one. */
const readable = "docker/nginx/nginx.conf";
const executable = "sandbox/cluster/node/rootfs/usr/local/bin/sandbox-init";

/** Whether files may be read and executed where they must be. */
export const fileModes: Check = {
  name: "File modes",
  why: "Files keep their modes in an image, where another user reads them and programs must be executable.",
  look: async ({ machine: { root } }) => {
    const modeOf = async (file: string) => (await stat(join(root, file)).catch(() => undefined))?.mode;
    const [read, execute] = await Promise.all([modeOf(readable), modeOf(executable)]);
    if (execute !== undefined && (execute & 0o100) === 0) {
      return missing(
        `${executable} is not executable`,
        "git config core.fileMode true && git checkout -- .   (on a file system that keeps modes: not /mnt/c of WSL)",
      );
    }
    if (read !== undefined && (read & 0o004) === 0)
      return warn(
        `${readable} may be read by you alone (umask 077)`,
        "umask 022, then clone again; or: chmod -R go+rX .",
      );
    return ok("readable and executable where they must be");
  },
};
