import type { Machine } from "../support/machine.ts";
import { findOnPath } from "../tools/install.ts";

/** The program that shows an address, and its arguments before the address. */
export interface Browser {
  readonly command: string;
  readonly args: readonly string[];
}

/** This system's way to show an address; `undefined` where nobody would see it. */
export function findBrowser({ platform, env }: Pick<Machine, "platform" | "env">): Browser | undefined {
  if (platform === "darwin") return { command: "open", args: [] };
  const named = (env.BROWSER ?? "").split(":")[0] || undefined;
  if (named !== undefined && findOnPath(env, named) !== undefined) return { command: named, args: [] };
  // In WSL the browser is Windows' own.
  const windows = env.WSL_DISTRO_NAME === undefined ? undefined : firstOf(env, ["wslview", "explorer.exe"]);
  if (windows !== undefined) return { command: windows, args: [] };
  const hasScreen = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  const command = hasScreen ? firstOf(env, ["xdg-open", "gio", "sensible-browser"]) : undefined;
  return command === undefined ? undefined : { command, args: command === "gio" ? ["open"] : [] };
}

function firstOf(env: NodeJS.ProcessEnv, names: readonly string[]): string | undefined {
  return names.find((name) => findOnPath(env, name) !== undefined);
}
