import { type Check, ok, warn } from "../check.ts";

/** Whether the checkout is on a file system of this machine. */
export const checkoutPlace: Check = {
  name: "Place of the checkout",
  why: "Folders of Windows, of a network or of a cloud are slow, tell of no edits, and lose modes.",
  look: async ({ machine: { root, env }, system, read }) => {
    if (system.kind === "wsl" && /^\/mnt\/[a-z]\//.test(root))
      return warn(`${root} is a folder of Windows`, "Clone into Linux' own file system: cd ~ && git clone ...");
    const cloud = /Library\/Mobile Documents|\/(Dropbox|OneDrive|Google Drive)(\/|$)/;
    if (cloud.test(root))
      return warn(`${root} is synchronised with a cloud`, `Clone into another folder: ${env.HOME ?? "~"}/src`);
    const mounts = (await read("/proc/mounts")) ?? "";
    const [, folder = "/", type = ""] = mountOf(mounts, root);
    if (/^(nfs4?|cifs|smb3|9p|fuse\.sshfs|vboxsf)$/.test(type))
      return warn(`${root} is on ${type} (${folder})`, "Clone onto a disk of this machine");
    return ok(root);
  },
};

/** The fields of the mount that holds a folder: device, place, type; https://man7.org/linux/man-pages/man5/fstab.5.html */
function mountOf(mounts: string, folder: string): readonly string[] {
  const rows = mounts.split("\n").map((line) => line.split(" "));
  const holding = rows.filter(
    ([, place = ""]) => place !== "" && `${folder}/`.startsWith(place === "/" ? "/" : `${place}/`),
  );
  return holding.sort(([, a = ""], [, b = ""]) => b.length - a.length)[0] ?? [];
}
