import { findVersion, isAtLeast, type Version } from "../../tools/versions.ts";
import { type Check, missing, ok, warn } from "../check.ts";

/** The first engine that reads an ignore file of a Dockerfile's own and `RUN --mount` without a setting: https://docs.docker.com/build/buildkit/ */
const comfortable: Version = [23, 0, 0];
/** The first one whose BuildKit has both at all. */
const least: Version = [20, 10, 0];

/** Whether the engine's BuildKit is new enough. */
export const dockerVersion: Check = {
  name: "Docker version",
  why: "Older engines lack parts of BuildKit that the Dockerfiles use.",
  look: async ({ engine }) => {
    const answer = await engine();
    if (!("engine" in answer)) return ok("not asked: the engine does not answer");
    const version = findVersion(answer.engine.ServerVersion);
    if (version === undefined || isAtLeast(version, comfortable)) return ok(answer.engine.ServerVersion);
    const remedy = "Install a newer one: https://docs.docker.com/engine/install/";
    return isAtLeast(version, least) ? warn(version.join("."), remedy) : missing(version.join("."), remedy);
  },
};
