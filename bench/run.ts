import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../commands/support/errors.ts";
import { withCleanup } from "../commands/support/interrupt.ts";
import { withLock } from "../commands/support/lock.ts";
import { type Log, makeLog } from "../commands/support/log.ts";
import type { Machine } from "../commands/support/machine.ts";
import { edit } from "./groups/edit.ts";
import { first } from "./groups/first.ts";
import { image } from "./groups/image.ts";
import { node } from "./groups/node.ts";
import { serving } from "./groups/serving.ts";
import { update } from "./groups/update.ts";
import { type Group, measureGroups } from "./harness/groups.ts";
import { type BenchRecord, figuresOfPage, keepRecord, readRecord } from "./harness/record.ts";
import type { Row } from "./harness/row.ts";
import { textTable } from "./harness/table.ts";
import { Surroundings } from "./place/surroundings.ts";
import { withFigures } from "./reliability/page.ts";

/** What needs no cluster comes first: a cluster that idles takes its share of a small machine. */
const groups: readonly Group<Surroundings>[] = [image, serving, node, update, edit, first];

/** Where the figures are kept: those of the last run here, and those that are told to everybody. */
const lastRecord = join(".state", "bench.json");
export const toldRecord = join("bench", "record.json");
export const page = join("docs", "performance.md");

/** `npm run bench`: the speed figures, each beside its floor. A figure over its limit is told; it is no failure. */
export async function bench(args: readonly string[], machine: Machine): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      runs: { type: "string" },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const chosen = chooseGroups(groups, values.only);
  const extent = { quick: values.quick, ...(values.runs === undefined ? {} : { runs: wholeNumber(values.runs) }) };
  // Whoever wants JSON wants nothing else on the standard output.
  const log = values.json ? makeLog(process.stderr) : machine.log;
  const surroundings = new Surroundings({ ...machine, log });
  // All checkouts share the cluster's name and ports, so one benchmark at a time on one machine.
  const rows = await withLock({ ...machine, state: join(machine.cache, "bench") }, "bench", () =>
    withCleanup(
      () => measureGroups(chosen, surroundings, extent, log),
      () => surroundings.remove(),
    ),
  );
  const record = { setting: settingOf(surroundings), rows };
  await keepRecord(join(machine.root, lastRecord), record);
  machine.log(values.json ? JSON.stringify(record) : `\n${record.setting}\n\n${textTable(rows)}\n`);
  if (values.write) await tellEverybody(machine, record, log);
  return isBroken(rows) ? 1 : 0;
}

/**
 * The groups of a list of names, `image,node`, in the order in which they are measured; all of them without a list.
 *
 * @throws UserError for a name that no group has.
 */
export function chooseGroups<G extends { readonly name: string }>(all: readonly G[], only: string | undefined): G[] {
  const wanted = only?.split(",").map((name) => name.trim());
  const unknown = wanted?.find((name) => !all.some((group) => group.name === name));
  if (unknown === undefined) return all.filter(({ name }) => wanted === undefined || wanted.includes(name));
  throw new UserError(`--only does not know "${unknown}"; it knows ${all.map(({ name }) => name).join(", ")}.`);
}

/** A benchmark that broke is a failure; figures over their limits and what this machine lacks are none. */
export function isBroken(rows: readonly Row[]): boolean {
  return rows.length === 0 || rows.some(({ verdict }) => verdict.startsWith("failed"));
}

/** The rows of groups that were measured take the place of those told before; those of other groups stay. */
export function mergeRecords(told: BenchRecord, measured: BenchRecord, order: readonly string[]): BenchRecord {
  const fresh = new Set(measured.rows.map(({ group }) => group));
  const rows = [...told.rows.filter(({ group }) => !fresh.has(group)), ...measured.rows];
  return { ...measured, rows: order.flatMap((name) => rows.filter(({ group }) => group === name)) };
}

async function tellEverybody(machine: Machine, record: BenchRecord, log: Log): Promise<void> {
  if (isBroken(record.rows)) throw new UserError(`${page} is left as it is: not everything could be measured.`);
  const [recordFile, pageFile] = [join(machine.root, toldRecord), join(machine.root, page)];
  const names = groups.map(({ name }) => name);
  const merged = mergeRecords(await readRecord(recordFile), record, names);
  await keepRecord(recordFile, merged);
  await writeFile(pageFile, withFigures(await readFile(pageFile, "utf8"), figuresOfPage(await readRecord(recordFile))));
  log(`${toldRecord} and ${page} have the new figures.`);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UserError(`--runs is a whole number from 1 to 999, not "${text}".`);
}

function settingOf({ deployedBy }: Surroundings): string {
  const memory = Math.round(totalmem() / 1024 ** 3);
  const place = `${availableParallelism()} processors, ${memory} GiB, everything on one machine, on the sandbox's cluster`;
  return deployedBy === undefined ? `${place}.` : `${place}; deployed by ${deployedBy}.`;
}
