import { expect, test } from "@jest/globals";
import type { LoadFigures } from "../../bench/load/figures.ts";
import { tableOf } from "../../bench/load/table.ts";

const figures: LoadFigures = {
  requests: 20014,
  failed: 1,
  wrong: 2,
  resent: 7,
  dropped: 0,
  lost: 3,
  doubled: 4,
  ...{ p50: 5.4, p95: 12, p99: 75.88, max: 120 },
  errors: [],
};

test("a row has the figures of its case in the order of the columns", () => {
  const table = tableOf([
    { name: "rolling update of both", figures, restarts: 9 },
    { name: "a | b", figures: { ...figures, requests: 10 }, restarts: 0 },
  ]);
  expect(table.split("\n")).toEqual([
    "| Case | Requests | Failed | Wrong answers | Lost writes | Resent | p50 ms | p99 ms | Restarts |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    "| rolling update of both | 20,014 | 1 | 6 | 3 | 7 | 5 | 76 | 9 |",
    "| a \\| b | 10 | 1 | 6 | 3 | 7 | 5 | 76 | 0 |",
    "",
  ]);
});
