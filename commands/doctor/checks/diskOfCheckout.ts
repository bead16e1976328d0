import { nearestExisting } from "../../machine/disk.ts";
import type { Check } from "../check.ts";
import { tellSpace } from "../space.ts";

/** Packages, tools and Go modules that are brought, in bytes. */
const comfortable = 5e9;

/** Room where the checkout and the caches are. */
export const diskOfCheckout: Check = {
  name: "Disk of the checkout",
  why: "Packages, downloaded tools and Pulumi's state are there.",
  look: async ({ machine }) => {
    const folders = [machine.root, machine.cache].map((folder) => ({ folder, there: nearestExisting(folder) }));
    const free = await Promise.all(folders.map(({ there }) => machine.freeBytes(there)));
    const worst = free[1] !== undefined && free[1] < (free[0] ?? 0) ? 1 : 0;
    const folder = folders[worst]?.folder ?? machine.root;
    return tellSpace(
      free[worst] ?? 0,
      comfortable,
      folder,
      `Free some space; what can be made again is in ${machine.cache}`,
    );
  },
};
