import type { Machine } from "../support/machine.ts";
import { catalog, type ToolName } from "../tools/catalog.ts";
import { findTool, reachTool, versionOf } from "../tools/install.ts";
import { type Found, ok, warn } from "./check.ts";

/**
 * A tool that `up` uses: here, or to be had.
 *
 * @param remedy - What is done where it can be had nowhere.
 */
export async function toolOrDownload(machine: Machine, name: ToolName, remedy: string): Promise<Found> {
  const path = await findTool(machine, name);
  if (path !== undefined) {
    const version = await versionOf(machine, path, catalog[name].versionArgs);
    return ok(`${version?.join(".") ?? "of an unknown version"} (${path})`);
  }
  const { ok: reachable, reason } = await reachTool(machine, name);
  if (reachable) return ok(`not here; npm run up downloads ${catalog[name].version}`);
  return warn(`not here, and its download is not reachable (${reason})`, remedy);
}
