import { dirname, join } from "node:path";
import { RECIPE_LABEL, STAND_IN_LABEL } from "../bases/label.ts";
import { recipeMark } from "../bases/standIns.ts";
import { docker } from "../engine/docker.ts";
import type { Log } from "../support/log.ts";
import { compile } from "./compile.ts";

/**
 * Makes a stand-in for a program's official image where that cannot be pulled: the program compiled from its Go module,
 * and nothing else. It is labelled like the stand-ins for base images and goes with them.
 *
 * @param reference - Name and tag of the official image.
 * @throws `UserError` with the compiler's last lines, `CommandError` where the engine does not build
 */
export async function toolImageFromSource(tool: "k6", reference: string, log: Log): Promise<void> {
  const { path, key } = (await compile([tool], log))[tool];
  const labels = [`${STAND_IN_LABEL}=true`, `${RECIPE_LABEL}=${recipeMark(reference, key)}`];
  const dockerfile = join(dirname(import.meta.filename), `${tool}.Dockerfile`);
  await docker([
    ...["build", "--quiet", "--file", dockerfile],
    ...labels.flatMap((label) => ["--label", label]),
    ...["--tag", reference, dirname(path)],
  ]);
}
