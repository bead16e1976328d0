import { type Check, ok, warn } from "../check.ts";

/** The names that the engine, Node and images have for one architecture. */
const names: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64", x64: "amd64" };

const canonical = (name: string): string => names[name] ?? name;

/** Whether images, engine and Node are of one architecture. */
export const architecture: Check = {
  name: "Architecture",
  why: "What is built for another architecture runs emulated, many times slower, or not at all.",
  look: async ({ engine, machine, stack, ask, read }) => {
    const answer = await engine();
    const own = canonical(machine.arch);
    const ofEngine = "engine" in answer ? canonical(answer.engine.Architecture ?? own) : own;
    const { settings } = await stack();
    const platform = /^\s*(?:[\w.-]+:)?platform:\s*["']?([\w/]+)/m.exec((await read(settings.file)) ?? "")?.[1];
    if (machine.platform === "darwin" && own === "amd64") {
      const { stdout } = await ask("sysctl", ["-n", "sysctl.proc_translated"]);
      if (stdout.trim() === "1")
        return warn(
          "Node is one for Intel, on Apple silicon",
          "Install a Node for arm64: arch -arm64 brew install node",
        );
    }
    if (platform !== undefined && !platform.endsWith(`/${ofEngine}`)) {
      return warn(
        `images are built for ${platform}, the engine is ${ofEngine}`,
        "npm run pulumi -- config rm platform --stack local",
      );
    }
    if (ofEngine !== own)
      return warn(
        `the engine is ${ofEngine}, this Node is ${own}`,
        `npm run pulumi -- config set platform linux/${ofEngine} --stack local`,
      );
    return ok(ofEngine);
  },
};
