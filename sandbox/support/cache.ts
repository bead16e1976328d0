import { homedir } from "node:os";
import { join } from "node:path";

/** The folder of this machine's caches, shared by all checkouts: `TODO_STACK_CACHE`, else in the user's cache folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.TODO_STACK_CACHE) return environment.TODO_STACK_CACHE;
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "todo-stack");
}

/** The sandbox's part of the caches, or a path below it. */
export function sandboxCache(...below: string[]): string {
  return join(cacheFolder(), "sandbox", ...below);
}
