import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { type Experiment, measure, type Side } from "../../bench/harness/experiment.ts";
import { type Group, measureGroups } from "../../bench/harness/groups.ts";
import { figuresOfPage, keepRecord, readRecord } from "../../bench/harness/record.ts";
import { type Row, rowsOf } from "../../bench/harness/row.ts";
import { statisticsOf } from "../../bench/harness/statistics.ts";
import { markdownTables, textTable } from "../../bench/harness/table.ts";
import { chooseGroups, isBroken, mergeRecords } from "../../bench/run.ts";
import { makeLog } from "../../commands/support/log.ts";

const silent = () => undefined;
const quiet = makeLog({ write: silent });

/** A side that takes its times from a list, and notes that it was its turn. */
function side(name: string, times: readonly number[], turns: string[] = []): Side {
  const left = [...times];
  return {
    name,
    measure: async () => {
      turns.push(name);
      return { time: left.shift() ?? Number.NaN };
    },
  };
}

const broken: Side = { name: "own", measure: () => Promise.reject(new Error("no engine\nand more")) };

const both = { own: { side: "own", value: "time" }, floors: [[{ side: "floor", value: "time" }]], unit: "s" } as const;

function experiment(sides: readonly Side[], limit?: Experiment["figures"][number]["limit"]): Experiment {
  const figure = { name: "edit", ...both, ...(limit === undefined ? {} : { limit }) };
  return { name: "one", runs: 3, quickRuns: 1, sides, figures: [figure] };
}

describe("statistics", () => {
  test("the median of an odd and of an even number of runs, whatever their order", () => {
    expect(statisticsOf([9, 1, 2])).toMatchObject({ median: 2, least: 1, most: 9 });
    expect(statisticsOf([10, 1, 2, 3])).toMatchObject({ median: 2.5, least: 1, most: 10 });
    expect(statisticsOf([7])).toMatchObject({ median: 7, least: 7, most: 7 });
    expect(statisticsOf([10, 9, 100]).median).toBe(10);
  });

  test("nothing, and what is no number, is no figure", () => {
    expect(() => statisticsOf([])).toThrow("nothing was measured");
    expect(() => statisticsOf([1, Number.NaN])).toThrow("not each is a number");
  });
});

describe("an experiment", () => {
  test("takes its sides in turns, forwards and backwards", async () => {
    const turns: string[] = [];
    const sides = [side("own", [1, 2, 3], turns), side("floor", [1, 2, 3], turns)];
    await measure(experiment(sides), { runs: 3, warmUp: false }, silent);
    expect(turns).toEqual(["own", "floor", "floor", "own", "own", "floor"]);
  });

  test("does not count the warm-up", async () => {
    const { readings } = await measure(experiment([side("own", [100, 1, 2])]), { runs: 2, warmUp: true }, silent);
    expect(readings.get("own")).toEqual([{ time: 1 }, { time: 2 }]);
  });

  test("goes on with the other sides where one fails, and measures none that cannot be had", async () => {
    const turns: string[] = [];
    const skipped = { ...side("cli", [1], turns), skipped: "needs the CLI" };
    const sides = [broken, skipped, side("floor", [4, 5, 6], turns)];
    const { readings, missing } = await measure(experiment(sides), { runs: 3, warmUp: false }, silent);
    expect(turns).toEqual(["floor", "floor", "floor"]);
    expect([...readings.keys()]).toEqual(["floor"]);
    expect(Object.fromEntries(missing)).toEqual({ own: "failed: no engine\nand more", cli: "skipped: needs the CLI" });
  });

  test("a floor that broke is told rather than one that cannot be had", async () => {
    const floors = [[{ side: "registry", value: "time" }], [{ side: "floor", value: "time" }]];
    const skipped = { ...side("registry", []), skipped: "none" };
    const one = {
      ...experiment([side("own", [1]), skipped, { ...broken, name: "floor" }]),
      figures: [{ name: "edit", ...both, floors }],
    };
    const [row] = rowsOf("edit", one, await measure(one, { runs: 1, warmUp: false }, silent));
    expect(row?.verdict).toBe("failed: its floor: no engine");
  });

  test("forgets what a side gave before it failed", async () => {
    let turn = 0;
    const later: Side = {
      name: "own",
      measure: async () => (++turn < 3 ? { time: 1 } : Promise.reject(new Error("late"))),
    };
    const { readings } = await measure(experiment([later]), { runs: 3, warmUp: false }, silent);
    expect(readings.has("own")).toBe(false);
  });
});

describe("a row", () => {
  const rowOf = async (own: Side, floor: Side, limit?: Experiment["figures"][number]["limit"]): Promise<Row> => {
    const one = experiment([own, floor], limit);
    const [row] = rowsOf("edit", one, await measure(one, { runs: 3, warmUp: false }, silent));
    if (row === undefined) throw new Error("there is no row");
    return row;
  };
  const times = (own: number, floor: number, limit: Experiment["figures"][number]["limit"]) =>
    rowOf(side("own", [own, own, own]), side("floor", [floor, floor, floor]), limit);

  test("has both medians and their ratio", async () => {
    const row = await rowOf(side("own", [6, 3, 9]), side("floor", [1, 2, 3]));
    expect(row).toMatchObject({ own: { median: 6, least: 3, most: 9 }, floor: { median: 2 }, ratio: 3, verdict: "" });
  });

  test("says whether a limit is kept, of our own median or of the ratio, from above or from below", async () => {
    const [most, least] = ["at most", "at least"] as const;
    expect((await times(1.5, 9, { of: "own", is: most, value: 1.5 })).verdict).toBe("ok");
    expect((await times(1.6, 9, { of: "own", is: most, value: 1.5 })).verdict).toBe("over");
    expect((await times(1.2, 1, { of: "ratio", is: most, value: 1.3 })).verdict).toBe("ok");
    expect((await times(1.4, 1, { of: "ratio", is: most, value: 1.3 })).verdict).toBe("over");
    expect((await times(50, 100, { of: "ratio", is: least, value: 0.5 })).verdict).toBe("ok");
    expect((await times(49, 100, { of: "ratio", is: least, value: 0.5 })).verdict).toBe("under");
  });

  test("is no success where its own side or its floor is missing", async () => {
    const limit = { of: "ratio", is: "at most", value: 1.3 } as const;
    expect((await rowOf(broken, side("floor", [1, 1, 1]), limit)).verdict).toBe("failed: no engine");
    const own = side("own", [1, 1, 1]);
    expect((await rowOf(own, { ...broken, name: "floor" }, limit)).verdict).toBe("failed: its floor: no engine");
    const skipped = { ...side("floor", []), skipped: "no registry" };
    expect((await rowOf(side("own", [1, 1, 1]), skipped, limit)).verdict).toBe("skipped: its floor: no registry");
  });

  test("takes the first floor that was measured, adds its terms up, and names them", async () => {
    const floors = [
      [{ side: "registry", value: "time" }],
      [
        { side: "floor", value: "time" },
        { side: "empty", value: "time", times: 1.2 },
      ],
    ];
    const sides = [
      side("own", [8]),
      { ...side("registry", []), skipped: "none" },
      side("floor", [4]),
      side("empty", [10]),
    ];
    const one = { ...experiment(sides), figures: [{ name: "edit", ...both, floors }] };
    const [row] = rowsOf("edit", one, await measure(one, { runs: 1, warmUp: false }, silent));
    expect(row).toMatchObject({ floor: { median: 16 }, ratio: 0.5, floorName: "floor + 1.2 x empty" });
  });
});

describe("groups", () => {
  const group = (name: string, open: Group<string>["open"]): Group<string> => ({ name, open });
  const good = group("image", async () => [experiment([side("own", [1, 1, 1, 1]), side("floor", [1, 1, 1, 1])])]);

  test("one that cannot be prepared is told, and ends none of the others", async () => {
    const bad = group("edit", () => Promise.reject(new Error("no cluster")));
    const rows = await measureGroups([bad, good], "", { quick: false }, quiet);
    expect(rows.map(({ group, verdict }) => [group, verdict])).toEqual([
      ["edit", "failed: no cluster"],
      ["image", ""],
    ]);
    expect(isBroken(rows)).toBe(true);
  });

  test("the extent decides how often: a number for all, each one's own, or the few of --quick without a warm-up", async () => {
    const count = async (extent: { quick: boolean; runs?: number }) => {
      const turns: string[] = [];
      const one = { ...experiment([side("own", [1, 1, 1, 1, 1, 1], turns)]), figures: [] };
      await measureGroups([group("edit", async () => [one])], "", extent, quiet);
      return turns.length;
    };
    expect(await count({ quick: false })).toBe(4);
    expect(await count({ quick: true })).toBe(1);
    expect(await count({ quick: false, runs: 5 })).toBe(6);
  });

  test("what an experiment left running is ended, also where it has no figures to show", async () => {
    let closed = 0;
    const close = async () => void closed++;
    await measureGroups([group("edit", async () => [{ ...experiment([broken]), close }])], "", { quick: false }, quiet);
    expect(closed).toBe(1);
  });

  test("are chosen by name, in the order in which they are measured", () => {
    const all = [{ name: "image" }, { name: "edit" }];
    expect(chooseGroups(all, undefined)).toEqual(all);
    expect(chooseGroups(all, "edit, image")).toEqual(all);
    expect(chooseGroups(all, "edit")).toEqual([{ name: "edit" }]);
    expect(() => chooseGroups(all, "edits")).toThrow('--only does not know "edits"; it knows image, edit');
  });
});

describe("the table and the record", () => {
  const limit = { of: "own", is: "at most", value: 1.5 } as const;
  const row: Row = {
    group: "update",
    name: "npm run up, nothing changed",
    unit: "s",
    own: statisticsOf([1.25, 1.2, 1.6]),
    floor: statisticsOf([1, 1, 1]),
    floorName: "plain commands",
    ratio: 1.25,
    limit,
    verdict: "ok",
  };
  const under: Row = { ...row, limit: { of: "ratio", is: "at least", value: 0.5 }, verdict: "under" };
  const over: Row = {
    group: "image",
    name: "bytes",
    unit: "kB",
    own: statisticsOf([80_345.4]),
    limit,
    verdict: "over",
  };

  test("show each figure with its unit, its limit and what became of it", () => {
    const lines = textTable([row, over]).split("\n");
    expect(lines.find((line) => line.startsWith("npm run up"))).toMatch(
      /1\.25 s\s+1\.00 s\s+1\.25\s+at most 1\.5 s\s+ok$/,
    );
    expect(lines.find((line) => line.startsWith("bytes"))).toMatch(/80,345 kB\s+at most 1\.5 kB\s+over$/);
    expect(markdownTables([row, over])).toContain(
      "| npm run up, nothing changed (floor: plain commands) | 1.25 s (1.20 to 1.60) | 1.00 s | 1.25 | at most 1.5 s | ok |",
    );
    expect(markdownTables([over])).toContain("| **over** |");
    expect(markdownTables([under])).toContain("| at least 0.5 x floor | **under** |");
  });

  test("a record is read as it was kept", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bench-record-"));
    const file = join(folder, "deep", "record.json");
    await keepRecord(file, { setting: "two processors", rows: [row, over] });
    const read = await readRecord(file);
    rmSync(folder, { recursive: true });
    expect(read).toMatchObject({ setting: "two processors", rows: [row, { ...over, own: { median: 80_345 } }] });
    expect(figuresOfPage(read)).toContain("two processors\n\n### update\n");
  });

  test("groups that were measured anew take the place of those told before, the others stay, in their order", () => {
    const told = { setting: "old", rows: [over, { ...row, verdict: "over" }] };
    const merged = mergeRecords(told, { setting: "new", rows: [row] }, ["image", "update"]);
    expect(merged).toEqual({ setting: "new", rows: [over, row] });
  });

  test("only what broke is a failure", () => {
    expect(isBroken([row, over, { ...row, verdict: "skipped: needs the CLI" }])).toBe(false);
    expect(isBroken([row, { ...row, verdict: "failed: no engine" }])).toBe(true);
    expect(isBroken([])).toBe(true);
  });
});
