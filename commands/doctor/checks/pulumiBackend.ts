import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Check, missing, ok, warn } from "../check.ts";

/** Where the state is kept, and whether it can be opened. */
export const pulumiBackend: Check = {
  name: "Pulumi backend",
  why: "It keeps the state: without a login, or without the passphrase that it was made with, nothing can be updated.",
  look: async ({ machine: { env, state }, exists, read }) => {
    const url = env.PULUMI_BACKEND_URL;
    if (url === undefined || url === "") {
      const kept = exists(join(state, "pulumi", ".pulumi"));
      if (kept && !exists(join(state, "passphrase")) && !hasPassphrase(env)) {
        return missing(
          ".state/pulumi is there, and its passphrase .state/passphrase is gone",
          "Put the file back, or begin anew: npm run down -- --all",
        );
      }
      return ok("this checkout's own, .state/pulumi");
    }
    if (url.startsWith("file://")) {
      const folder = url.startsWith("file:///") ? fileURLToPath(url) : undefined;
      if (folder !== undefined && !existsSync(folder))
        return missing(`${url} is no folder`, `mkdir -p ${folder}   or: unset PULUMI_BACKEND_URL`);
      return hasPassphrase(env)
        ? ok(url)
        : warn(`${url}, without a passphrase`, "export PULUMI_CONFIG_PASSPHRASE_FILE=...");
    }
    if (!/^https:/.test(url)) return ok(url.split("?")[0] ?? url);
    const credentials = await read(join(env.PULUMI_HOME ?? join(env.HOME ?? "", ".pulumi"), "credentials.json"));
    if (env.PULUMI_ACCESS_TOKEN || credentials?.includes(url)) return ok(`${url}, logged in`);
    return missing(`${url}, not logged in`, `pulumi login ${url}   or in CI: PULUMI_ACCESS_TOKEN`);
  },
};

function hasPassphrase(env: NodeJS.ProcessEnv): boolean {
  return env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
}
