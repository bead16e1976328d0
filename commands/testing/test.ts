import { parseArgs } from "node:util";
import { ensureDisk } from "../machine/disk.ts";
import { UserError } from "../support/errors.ts";
import { elapsed } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { backendStep } from "./backend.ts";
import { exampleApiStep, examplePageStep } from "./examples.ts";
import { frontendStep } from "./frontend.ts";
import { imageSizeSteps } from "./imageSize.ts";
import { containerLintSteps, lintSteps, workflowLintStep } from "./lint.ts";
import { programStep } from "./program.ts";
import { type Counts, describeCounts, sum } from "./report.ts";
import { sbomSteps } from "./sbom.ts";
import { rooms, runStep, type TestStep } from "./step.ts";

/** Two lanes for two cores, each in order; they share nothing. */
const lanes: readonly (readonly TestStep[])[] = [
  [...lintSteps, programStep],
  [
    frontendStep,
    examplePageStep,
    ...containerLintSteps,
    workflowLintStep,
    backendStep,
    exampleApiStep,
    ...imageSizeSteps,
    ...sbomSteps,
  ],
];

/** `npm test`: every test that needs no cluster; ends with the sum over all runners. */
export async function test(args: readonly string[], machine: Machine): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { only: { type: "string", multiple: true } } });
  return runLanes(machine, lanesFor(values.only));
}

/** The lanes with the wanted rooms only. */
function lanesFor(only: readonly string[] | undefined): readonly (readonly TestStep[])[] {
  const unknown = only?.find((name) => !rooms.some((room) => room === name));
  if (unknown !== undefined) throw new UserError(`--only does not know "${unknown}"; it knows ${rooms.join(", ")}.`);
  return lanes.map((lane) => lane.filter(({ room }) => only === undefined || only.includes(room)));
}

/** Runs lanes side by side and prints the sum last. */
export async function runLanes(machine: Machine, chosen: readonly (readonly TestStep[])[]): Promise<number> {
  const since = Date.now();
  await ensureDisk(machine, [machine.root, machine.cache]);
  const counts = await Promise.all(chosen.map((lane) => runLane(machine, lane)));
  const total = sum(counts.flat());
  machine.log(`\nAll steps took ${elapsed(since)}.`);
  machine.log(describeCounts(total));
  return total.failed > 0 ? 1 : 0;
}

async function runLane(machine: Machine, lane: readonly TestStep[]): Promise<readonly Counts[]> {
  const counts: Counts[] = [];
  for (const step of lane) counts.push(await runStep(machine, step));
  return counts;
}
