import type { Command } from "../node/target.ts";
import type { ImageSource } from "./identity.ts";

/**
 * The plain command that builds an image; the engine needs `DOCKER_BUILDKIT=1` where it is older than 23.
 *
 * @param reference - The name and tag that the image gets; none where it is built for its messages alone.
 * @param client - The Docker client, by default the one on PATH.
 */
export function buildCommand(
  { context, dockerfile, args, platform }: ImageSource,
  reference?: string,
  client = "docker",
): Command {
  const given = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  const tag = reference === undefined ? [] : ["--tag", reference];
  const options = ["--progress", "plain", "--file", dockerfile, "--platform", platform, ...given, ...tag];
  return [client, "build", ...options, context];
}
