import { delimiter } from "node:path";
import { defaultSettings } from "../../../sandbox/cluster/settings.ts";
import { type Check, missing, ok, warn } from "../check.ts";

/** Variables that send the commands another way. */
export const environment: Check = {
  name: "Environment",
  why: "A variable that was left in a shell sends the commands another way, or nowhere.",
  look: async ({ machine: { env }, exists }) => {
    const way = env.TODO_STACK_WAY;
    if (way && way !== "official" && way !== "sandbox")
      return missing(`TODO_STACK_WAY is "${way}"; it can be official or sandbox`, "unset TODO_STACK_WAY");
    const wrong = wrongSandbox(env);
    if (wrong !== undefined) return missing(wrong, "unset TODO_STACK_SANDBOX TODO_STACK_SANDBOX_PORT");
    const gone = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "" && !exists(path));
    if (gone.length > 0) return warn(`KUBECONFIG names ${gone.join(", ")}, which is not there`, "unset KUBECONFIG");
    const set = Object.keys(env).filter((name) => /^TODO_STACK_/.test(name) && env[name]);
    return ok(set.length === 0 ? "nothing of ours is set" : `set: ${set.sort().join(", ")}`);
  },
};

function wrongSandbox(env: NodeJS.ProcessEnv): string | undefined {
  try {
    defaultSettings(env);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
