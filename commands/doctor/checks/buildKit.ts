import { findVersion } from "../../tools/versions.ts";
import { type Check, ok, warn } from "../check.ts";
import { install } from "../operatingSystem.ts";

/** Whether the client builds with BuildKit. */
export const buildKit: Check = {
  name: "BuildKit",
  why: "The Dockerfiles mount caches and have ignore files of their own, which the old builder does not know.",
  look: async ({ ask, find, machine, system }) => {
    if (find("docker") === undefined) return ok("not asked: there is no docker command");
    if (machine.env.DOCKER_BUILDKIT === "0") return warn("switched off by DOCKER_BUILDKIT=0", "unset DOCKER_BUILDKIT");
    const [client, buildx] = await Promise.all([
      ask("docker", ["version", "--format", "{{.Client.Version}}"]),
      ask("docker", ["buildx", "version"]),
    ]);
    const version = findVersion(client.stdout);
    if (buildx.code === 0) return ok(`buildx ${findVersion(buildx.stdout)?.join(".") ?? ""}`.trim());
    // Clients before 23 have BuildKit's client inside; later ones leave building to buildx.
    if (version === undefined || version[0] < 23) return ok("inside the client");
    const remedy = install(system, {
      debian: "docker-buildx",
      alpine: "docker-cli-buildx",
      macos: "docker-buildx",
      other: "https://github.com/docker/buildx#installing",
    });
    return warn(`the client ${version.join(".")} lacks buildx`, remedy);
  },
};
