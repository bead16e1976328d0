import { leastFreeBytes } from "../machine/disk.ts";
import { type Found, missing, ok, warn } from "./check.ts";

/** Tells whether a disk has room. */
export function tellSpace(free: number, comfortable: number, folder: string, remedy: string): Found {
  const found = `${(free / 1e9).toFixed(1)} GB free at ${folder}`;
  if (free < leastFreeBytes) return missing(found, remedy);
  return free < comfortable ? warn(found, remedy) : ok(found);
}
