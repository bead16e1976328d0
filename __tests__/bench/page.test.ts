import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { figuresOfPage, readRecord } from "../../bench/harness/record.ts";
import { Checkout } from "../../bench/place/checkout.ts";
import { backendEdit, Editor, frontendEdit } from "../../bench/place/edits.ts";
import { readWrk } from "../../bench/place/wrk.ts";
import { withFigures } from "../../bench/reliability/page.ts";
import { page, toldRecord } from "../../bench/run.ts";
import { read } from "../chart/render.ts";

const root = join(import.meta.dirname, "../..");

test("the page tells the very figures of the record", async () => {
  const text = read(page);
  expect(withFigures(text, figuresOfPage(await readRecord(join(root, toldRecord))))).toBe(text);
});

test("the lines that the benchmark edits are there, once, and each edit is another", () => {
  for (const edit of [backendEdit, frontendEdit]) {
    const written: string[] = [];
    const copy = Object.assign(new Checkout(root), { write: (_path: string, text: string) => void written.push(text) });
    const editor = new Editor(copy, edit);
    const marks = [editor.apply(), editor.apply()];
    expect(new Set(marks).size).toBe(2);
    for (const [index, mark] of marks.entries()) {
      expect(written[index]?.replace(edit.edited(mark), edit.line)).toBe(read(edit.path));
      expect(written[index]).toContain(mark);
    }
  }
});

test("a file without the line is told, not measured", () => {
  expect(() => new Editor(new Checkout(root), { ...backendEdit, line: "no such line\n" })).toThrow("exactly once");
});

const printed = `Running 2s test @ http://172.18.0.3:8000/health
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     6.83ms    1.13ms  22.01ms   93.11%
  Latency Distribution
     50%    6.62ms
     99%  912.00us
  9411 requests in 2.01s, 1.34MB read
Requests/sec:   4689.71
`;

test("what wrk prints is read with its units", () => {
  expect(readWrk(printed)).toEqual({ requests: 9411, rate: 4689.71, p99: 0.912 });
  expect(readWrk(printed.replace("912.00us", "1.20s")).p99).toBe(1200);
});

test("errors and other words are no figures", () => {
  expect(() => readWrk(`${printed}  Non-2xx or 3xx responses: 9411\n`)).toThrow("Non-2xx or 3xx responses: 9411");
  expect(() => readWrk(printed.replace("99%", "98%"))).toThrow("wrk printed something else");
});
