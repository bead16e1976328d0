import { type Check, ok, warn } from "../check.ts";
import { asRoot } from "../operatingSystem.ts";

/** Enough for a cluster in a container beside an editor: https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files */
const least = { max_user_watches: 65_536, max_user_instances: 128 };

/** How many files may be watched. */
export const inotify: Check = {
  name: "inotify",
  why: 'The kubelet, containerd and npm run dev watch files; with too few watches they fail with "too many open files".',
  look: async ({ machine, read, system }) => {
    if (machine.platform !== "linux") return ok("not of this system");
    const read1 = async (name: keyof typeof least) => Number(await read(`/proc/sys/fs/inotify/${name}`)) || undefined;
    const [watches, instances] = await Promise.all([read1("max_user_watches"), read1("max_user_instances")]);
    const found = `${watches ?? "?"} watches, ${instances ?? "?"} instances`;
    const enough =
      (watches ?? Infinity) >= least.max_user_watches && (instances ?? Infinity) >= least.max_user_instances;
    if (enough) return ok(found);
    return warn(found, asRoot(system, "sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"));
  },
};
