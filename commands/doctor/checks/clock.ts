import { type Check, ok, warn } from "../check.ts";
import { asRoot } from "../operatingSystem.ts";

/** Certificates are made to be valid from now on, and registries refuse tokens of a few minutes ago; in milliseconds. */
const tolerated = 30_000;

/** The engine's clock, held against this machine's. */
export const clock: Check = {
  name: "Clock",
  why: "A virtual machine that has slept has an old clock: certificates are not valid yet, and logs lie about their order.",
  look: async ({ engine, system }) => {
    const before = Date.now();
    const answer = await engine();
    if (!("engine" in answer) || answer.engine.SystemTime === undefined)
      return ok("not compared: the engine does not answer");
    const then = Date.parse(answer.engine.SystemTime);
    // The engine told its time at some moment between the question and now.
    const apart = then < before ? before - then : Math.max(0, then - Date.now());
    if (Number.isNaN(then) || apart <= tolerated) return ok("the engine's is this machine's");
    const remedy = {
      macos: "Restart Docker Desktop, or: colima restart",
      wsl: asRoot(system, "hwclock --hctosys"),
      linux: asRoot(system, "timedatectl set-ntp true"),
      other: "Set the clocks by NTP",
    }[system.kind];
    return warn(`the engine's is ${Math.round(apart / 1000)} s ${then < before ? "behind" : "ahead"}`, remedy);
  },
};
