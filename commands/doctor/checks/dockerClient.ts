import { findVersion } from "../../tools/versions.ts";
import { type Check, missing, ok, warn } from "../check.ts";
import { install } from "../operatingSystem.ts";

/** The docker command, and how this system installs it. */
export const dockerClient: Check = {
  name: "Docker client",
  why: "It builds the images, and puts them on the node.",
  look: async ({ ask, find, system, machine }) => {
    const path = find("docker");
    if (path === undefined) {
      const remedy = install(system, {
        debian: "docker.io docker-buildx",
        fedora: "moby-engine docker-buildx",
        arch: "docker docker-buildx",
        alpine: "docker docker-cli-buildx",
        suse: "docker docker-buildx",
        macos: "--cask docker",
        other: "https://docs.docker.com/engine/install/",
      });
      const itself = machine.platform === "linux" && machine.isRoot;
      return itself ? warn("not on PATH", "npm run up installs one") : missing("not on PATH", remedy);
    }
    const { stdout } = await ask("docker", ["version", "--format", "{{.Client.Version}}"]);
    return ok(`${findVersion(stdout)?.join(".") ?? "of an unknown version"} (${path})`);
  },
};
