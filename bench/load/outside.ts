import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Generator, k6Arguments, type LoadPlan, scriptFile, scriptFolder } from "./generator.ts";

/**
 * Starts k6 on this machine against the page's address.
 *
 * @param k6 - The program's path.
 */
export function startOutside(k6: string, url: string, plan: LoadPlan): Generator {
  const args = k6Arguments(join(scriptFolder, scriptFile), url, plan);
  const child = spawn(k6, args, { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  const take = (text: string) => {
    printed += text;
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  let code: number | undefined;
  const kill = () => child.kill("SIGKILL");
  // Whoever ends this process without a word to us leaves no load behind.
  process.on("exit", kill);
  const ended = new Promise<void>((resolve) => {
    child.on("error", (error) => {
      code = 127;
      take(`${k6} could not start: ${error.message}\n`);
      resolve();
    });
    child.on("close", (exitCode) => {
      code ??= exitCode ?? 130;
      resolve();
    });
  }).finally(() => process.off("exit", kill));
  return {
    name: "outside",
    output: async () => printed,
    exitCode: async () => code,
    state: async () => "the process runs",
    stop: async () => {
      kill();
      await ended;
    },
  };
}
