import { join } from "node:path";
import { isRunning } from "../../support/process.ts";
import { type Check, ok, warn } from "../check.ts";

/** Another command at work in this checkout. */
export const runLock: Check = {
  name: "Other runs",
  why: "Two commands that change one deployment wait for each other.",
  look: async ({ machine: { state }, read }) => {
    const [pid = "", command = "command"] = ((await read(join(state, "lock"))) ?? "").trim().split(" ");
    if (pid === "" || !isRunning(Number(pid), /node/)) return ok("none in this checkout");
    return warn(`npm run ${command} is at work (process ${pid})`, `Wait until it has ended, or: kill ${pid}`);
  },
};
