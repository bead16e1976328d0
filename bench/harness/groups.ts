import type { Log } from "../../commands/support/log.ts";
import { type Experiment, measure, messageOf } from "./experiment.ts";
import { emptyRow, type Row, rowsOf } from "./row.ts";

/** Experiments that share what they are made with. */
export interface Group<Surroundings> {
  readonly name: string;
  /** Makes what the experiments need; it is taken away by the surroundings. */
  readonly open: (surroundings: Surroundings, log: Log) => Promise<readonly Experiment[]>;
}

/** How much is measured. */
export interface Extent {
  /** Runs of each side, in place of each experiment's own number. */
  readonly runs?: number;
  /** The small numbers of runs and no warm-up, for CI. */
  readonly quick: boolean;
}

/** Measures groups one after another. What cannot be prepared or measured becomes a row that says why. */
export async function measureGroups<Surroundings>(
  groups: readonly Group<Surroundings>[],
  surroundings: Surroundings,
  extent: Extent,
  log: Log,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const group of groups) {
    try {
      const experiments = await log.step(`${group.name}: preparing`, (inner) => group.open(surroundings, inner));
      for (const experiment of experiments) rows.push(...(await runExperiment(group.name, experiment, extent, log)));
    } catch (error) {
      log(`${group.name} cannot be measured: ${messageOf(error)}`);
      rows.push(emptyRow(group.name, group.name, `failed: ${messageOf(error)}`));
    }
  }
  return rows;
}

async function runExperiment(group: string, experiment: Experiment, extent: Extent, log: Log): Promise<Row[]> {
  const runs = extent.runs ?? (extent.quick ? experiment.quickRuns : experiment.runs);
  if (runs === 0) return experiment.figures.map(({ name }) => emptyRow(group, name, "skipped: left out by --quick"));
  const title = `${group}: ${experiment.name}`;
  return log.step(title, async (tell) => {
    try {
      const warmUp = experiment.warmUp !== false && !extent.quick;
      return rowsOf(group, experiment, await measure(experiment, { runs, warmUp }, tell));
    } finally {
      await experiment.close?.();
    }
  });
}
