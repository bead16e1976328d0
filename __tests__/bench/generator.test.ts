import { expect, test } from "@jest/globals";
import { type Generator, k6Arguments, untilEnded, untilRunning } from "../../bench/load/generator.ts";

/** A generator that has printed something, and ended where a code is given. */
function generatorOf(lines: readonly string[], code?: number): Generator {
  return {
    name: "outside",
    output: async () => lines.join("\n"),
    exitCode: async () => code,
    state: async () => "the process hangs",
    stop: async () => undefined,
  };
}

const running = ["pageKept", "pageNew", "apiKept", "apiNew"].map((scenario, index) =>
  JSON.stringify({ running: scenario, at: 1000 + index }),
);
const figures = '{"figures":{"requests":3}}';

test("a load runs once its last scenario had an answer", async () => {
  await expect(untilRunning(generatorOf(running))).resolves.toBe(1003);
});

test("a load that ends before each scenario had an answer did not begin, in k6's own words", async () => {
  const began = untilRunning(generatorOf([...running.slice(1), "The service does not work"], 108));
  await expect(began).rejects.toThrow(
    /outside did not begin: k6 ended with exit code 108\.\n {2}The service does not work/,
  );
});

test("a load that ended well gives its figures", async () => {
  await expect(untilEnded(generatorOf([...running, figures], 0), Date.now())).resolves.toMatchObject({
    figures: { requests: 3 },
  });
});

test.each([
  ["with an error", [figures, "panic"], 2],
  ["without figures", ["killed"], 0],
])("a load that ended %s gives none", async (_case, lines, code) => {
  await expect(untilEnded(generatorOf(lines, code), Date.now())).rejects.toThrow(`exit code ${code}`);
});

test("a load that hangs long after its time is said to, with its state", async () => {
  await expect(untilEnded(generatorOf(running), Date.now() - 3_600_000)).rejects.toThrow(
    "does not end: the process hangs",
  );
});

test("k6 tells its vendor nothing and opens no port", () => {
  const args = k6Arguments("script.js", "http://page", { rate: 5, seconds: 7, run: "r" });
  expect(args.slice(0, 5)).toEqual(["run", "--quiet", "--no-usage-report", "--address", ""]);
  expect(args.join(" ")).toContain("--env BASE_URL=http://page --env RATE=5 --env SECONDS=7 --env RUN=r script.js");
});
