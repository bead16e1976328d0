import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../commands/support/errors.ts";
import type { Machine } from "../../commands/support/machine.ts";
import { e2e } from "../../commands/testing/e2e.ts";
import { withFigures } from "./page.ts";
import { recordsVariable, tablesOf } from "./records.ts";

/** The full form of the suites: at least so many requests in each case, and so many a second. */
const requests = 20_000;
const rate = 200;

/** Where the figures stand. */
const page = join("docs", "reliability.md");

/** `npm run bench:reliability`: the suites of reliability in full, and their figures as tables; `--write` puts them into the page. */
export async function reliability(args: readonly string[], machine: Machine): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { write: { type: "boolean", default: false }, requests: { type: "string" }, rate: { type: "string" } },
    allowPositionals: true,
  });
  const folder = await mkdtemp(join(tmpdir(), "todo-stack-reliability-"));
  const records = join(folder, "records");
  const scale = {
    RELIABILITY_REQUESTS: values.requests ?? String(requests),
    RELIABILITY_RATE: values.rate ?? String(rate),
  };
  try {
    const env = { ...machine.env, ...scale, [recordsVariable]: records };
    const code = await e2e(["--only", "reliability", "--", ...positionals], { ...machine, env });
    const figures = `${setting(scale)}\n\n${tablesOf(records)}`;
    machine.log(`\n${figures}`);
    if (values.write) await writePage(machine, figures, code);
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function setting({ RELIABILITY_RATE }: { readonly RELIABILITY_RATE: string }): string {
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${availableParallelism()} processors, ${memory} GiB, everything on one machine; ${RELIABILITY_RATE} requests a second in all.`;
}

async function writePage(machine: Machine, figures: string, code: number): Promise<void> {
  if (code !== 0) throw new UserError(`${page} is left as it is: not every case passed.`);
  const file = join(machine.root, page);
  await writeFile(file, withFigures(await readFile(file, "utf8"), figures));
  machine.log(`${page} has the new figures.`);
}
