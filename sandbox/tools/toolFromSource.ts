import type { Log } from "../support/log.ts";
import { compile } from "./compile.ts";

/** Client programs that can be had from their Go modules where the official downloads cannot be reached. */
export type Tool = "kubectl" | "helm3" | "helm4" | "k6" | "actionlint";

/**
 * Compiles a client program from its Go module at the version pinned in `tools/modules`, checked by go.sum; cached in
 * `<cache>/tools/<tool>-<version>/`.
 * @returns the absolute path of the binary
 * @throws `UserError` with the compiler's last lines
 */
export async function toolFromSource(tool: Tool, log: Log): Promise<string> {
  return (await compile([tool], log))[tool].path;
}
