import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { keepUp } from "../../bench/load/during.ts";

/** A load that would be prolonged in so many milliseconds, and then not for a minute. */
function loadFor(ms: number) {
  let endsAt = Date.now() + 15_000 + ms;
  const load = {
    prolonged: 0,
    endsAt: () => endsAt,
    prolong: async () => {
      load.prolonged += 1;
      endsAt += 60_000;
    },
  };
  return load;
}

test.each([
  ["ends in time", 5_000, 0],
  ["takes longer than the load", 20, 1],
])("what %s is under load to its end", async (_, ms, prolonged) => {
  const load = loadFor(ms);
  await keepUp(load, sleep(100));
  expect(load.prolonged).toBe(prolonged);
});

test("what happens under load may fail, and so may the load", async () => {
  const failing = Promise.reject(new Error("not deployed"));
  await expect(keepUp(loadFor(5_000), failing)).rejects.toThrow("not deployed");
  const load = { ...loadFor(0), prolong: () => Promise.reject(new Error("no pod")) };
  await expect(keepUp(load, sleep(100))).rejects.toThrow("no pod");
});

test.each([
  ["before it could be prolonged", -15_010, 0],
  ["while it was prolonged", -14_990, 1],
])("a load that ended %s is not prolonged again and again", async (_, ms, prolonged) => {
  const { endsAt } = loadFor(ms);
  let times = 0;
  const prolong = async () => {
    times += 1;
    await sleep(30);
  };
  await keepUp({ endsAt, prolong }, sleep(200));
  expect(times).toBe(prolonged);
});
