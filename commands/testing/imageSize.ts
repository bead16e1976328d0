import { join } from "node:path";
import { type Budget, budgets, countedSize } from "../../bench/budget.ts";
import { STAND_IN_LABEL } from "../../sandbox/bases/label.ts";
import { askEngine } from "../machine/engine.ts";
import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { docker, prepareEngine } from "./container.ts";
import { oneCheck } from "./report.ts";
import type { Outcome, TestStep } from "./step.ts";

type Service = keyof typeof budgets;

/** Each application image within its budget; skipped where there is no engine, or where nobody has weighed its base. */
export const imageSizeSteps: readonly TestStep[] = [imageSize("frontend"), imageSize("backend")];

function imageSize(service: Service): TestStep {
  return { name: `${service} image`, room: service, run: (machine, log) => weigh(machine, log, service) };
}

async function weigh(machine: Machine, log: Log, service: Service): Promise<Outcome> {
  const answer = await askEngine(machine);
  if ("problem" in answer) return skip(log, `its size is not checked without a Docker engine: ${answer.problem}`);
  await prepareEngine(machine, log);
  log("building");
  const tag = `todo-${service}-size`;
  await docker(machine, ["build", "--file", join("docker", `${service}.Dockerfile`), "--tag", tag, "."]);
  const size = await countedSize(tag, budgets[service], machine.env);
  const outcome = judgeSize(service, size, budgets[service]);
  const base = budgets[service].weighedOn;
  if (base === undefined || (await isStandIn(machine, base))) return told(log, outcome);
  return skip(log, `${outcome.output} Its budget is for the sandbox's ${base}, and this engine has another one.`);
}

/** Whether an image keeps its budget, with the sentence that says so. */
export function judgeSize(service: string, size: number, { uncompressed, base }: Budget): Outcome {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  const what = base === undefined ? `The ${service} image` : `The ${service} image on top of ${base}`;
  const fits = size <= uncompressed;
  const limit = fits
    ? `at most ${megabytes(uncompressed)}`
    : `more than the ${megabytes(uncompressed)} of bench/budget.ts`;
  return { counts: oneCheck(fits), output: `${what} has ${megabytes(size)}, ${limit}.` };
}

function told(log: Log, outcome: Outcome): Outcome {
  log(outcome.output);
  return outcome;
}

function skip(log: Log, why: string): Outcome {
  log(`skipped: ${why}`);
  return { counts: { passed: 0, failed: 0, skipped: 1 }, output: why };
}

/** The official image under the same tag holds another build of the interpreter. */
async function isStandIn(machine: Machine, base: string): Promise<boolean> {
  const format = `{{index .Config.Labels "${STAND_IN_LABEL}"}}`;
  const { code, stdout } = await docker(machine, ["image", "inspect", "--format", format, base], true);
  return code === 0 && stdout.trim() === "true";
}
