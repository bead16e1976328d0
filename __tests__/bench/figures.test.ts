import { describe, expect, test } from "@jest/globals";
import { type Counted, doubledWrites, lostWrites, mergeFigures, readPrinted } from "../../bench/load/figures.ts";

const counted: Counted = {
  requests: 100,
  failed: 0,
  wrong: 0,
  resent: 0,
  dropped: 0,
  ...{ p50: 5, p95: 10, p99: 20, max: 30 },
};
const nothing = { lost: [], doubled: [] };
const todo = (id: string, changes = {}) => ({ id, title: `load ${id}`, completed: false, ...changes });

describe("what a generator printed", () => {
  const printed = readPrinted(
    [
      '{"running":"apiNew","at":1000}',
      '{"running":"apiKept","at":2000}',
      '{"wrote":{"id":"a","title":"load a","completed":false}}',
      "Request Failed",
      '{"error":"GET /: 503","at":3000}',
      '{"wrote":{"id":"a","title":"load a","completed":true}}',
      JSON.stringify({ figures: counted }),
      '{"wrote":{"id":"b","ti',
    ].join("\n"),
  );

  test("is read line by line", () => {
    expect(printed.running).toEqual([1000, 2000]);
    expect(printed.wrote).toEqual([todo("a"), todo("a", { completed: true })]);
    expect(printed.errors).toEqual([{ error: "GET /: 503", at: 3000 }]);
    expect(printed.figures).toEqual(counted);
  });

  test("keeps k6's own words, and a line that is not whole among them", () => {
    expect(printed.said).toEqual(["Request Failed", '{"wrote":{"id":"b","ti']);
  });

  test("has no figures where it came to no end", () => {
    expect(readPrinted("").figures).toBeUndefined();
  });
});

describe("the figures of both sides", () => {
  test("are summed, and of each latency the worse one counts", () => {
    const inside = {
      ...counted,
      requests: 50,
      failed: 2,
      wrong: 3,
      resent: 4,
      dropped: 5,
      p50: 6,
      p95: 9,
      p99: 19,
      max: 31,
    };
    const merged = mergeFigures(
      [
        { figures: { ...counted, failed: 1, wrong: 1, resent: 1, dropped: 1 }, errors: [] },
        { figures: inside, errors: [] },
      ],
      nothing,
    );
    expect(merged).toMatchObject({ requests: 150, failed: 3, wrong: 4, resent: 5, dropped: 6 });
    expect(merged).toMatchObject({ p50: 6, p95: 10, p99: 20, max: 31, lost: 0, doubled: 0, errors: [] });
  });

  test("tell each kind of error once, the most frequent first, then what was lost", () => {
    const rare = { error: "GET /: 503", at: Date.UTC(2000, 0, 1, 10, 0, 0) };
    const often = [2000, 1000].map((at) => ({ error: "POST /api/todos: reset", at: rare.at + at }));
    const lost = ["lost: the todo a is gone"];
    const sides = [
      { figures: counted, errors: [rare] },
      { figures: counted, errors: often },
    ];
    const { errors, ...merged } = mergeFigures(sides, { lost, doubled: ["b", "b"] });
    expect(errors.slice(0, 3)).toEqual([
      "POST /api/todos: reset: 2 times, 10:00:01.000 to 10:00:02.000",
      "GET /: 503: 1 times, 10:00:00.000 to 10:00:00.000",
      "lost: the todo a is gone",
    ]);
    expect(merged).toMatchObject({ lost: 1, doubled: 2 });
  });
});

describe("a confirmed write", () => {
  test.each([
    ["is there as it was confirmed", [todo("a")], [todo("a")], []],
    [
      "is gone",
      [todo("a")],
      [todo("b")],
      [expect.stringContaining("the todo a, confirmed with completed false, is gone")],
    ],
    [
      "has another title",
      [todo("a")],
      [todo("a", { title: "x" })],
      [expect.stringContaining('title of the todo a is "x"')],
    ],
    [
      "was completed, and is not",
      [todo("a"), todo("a", { completed: true })],
      [todo("a")],
      [expect.stringContaining("the todo a, confirmed as completed, is not")],
    ],
    ["is completed, though that answer was lost", [todo("a")], [todo("a", { completed: true })], []],
  ])("%s", (_case, confirmed, stored, lost) => {
    expect(lostWrites(confirmed, stored)).toEqual(lost);
  });
});

test("a title that is there twice was written twice", () => {
  const stored = [todo("a"), todo("b", { title: "load a" }), todo("c")];
  expect(doubledWrites(stored)).toEqual(['written 2 times: "load a"']);
});
