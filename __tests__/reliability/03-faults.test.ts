import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { noteFault } from "../../bench/reliability/records.ts";
import { openBrowser } from "../e2e/support/browser.ts";
import { Deployment, eventually } from "../e2e/support/deployment.ts";
import { sql, startDatabase, stopDatabase } from "./support/database.ts";
import { signal } from "./support/processes.ts";
import { slowClients } from "./support/slowClients.ts";
import { settled } from "./support/underLoad.ts";
import { smallVolume } from "./support/volume.ts";

const deployment = new Deployment();
const restarts = async () => (await deployment.pods()).map(({ uid, restarts }) => ({ uid, restarts }));

beforeEach(() => settled(deployment));
afterEach(() => sql(deployment, "TRUNCATE todo"));

/** An answer as a client sees it, and how long it took. */
async function ask(path: string, body?: unknown): Promise<{ status: number; type: string; ms: number }> {
  const since = performance.now();
  const write = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await deployment.fetch(path, body === undefined ? {} : write);
  await response.text();
  return { status: response.status, type: response.headers.get("content-type") ?? "", ms: performance.now() - since };
}

const problem = { status: 503, type: expect.stringContaining("application/problem+json") };

/** Waits until the API serves again. */
function recovery(): Promise<void> {
  return eventually(async () => expect((await ask("/api/todos")).status).toBe(200), 60);
}

/** Notes the longest of some times, in milliseconds, and demands that it is not longer than it may be, in seconds. */
function longest(bound: number, times: readonly number[], name: string, what: string): void {
  const measured = Math.max(...times) / 1_000;
  noteFault({ name, what, measured, bound });
  expect(measured).toBeLessThan(bound);
}

/** Notes how long something took in seconds, and demands that it took no longer than it may. */
function within(bound: number, since: number, name: string, what: string): void {
  const measured = (Date.now() - since) / 1_000;
  noteFault({ name, what, measured, bound });
  expect(measured).toBeLessThan(bound);
}

test("the database is away for 30 s: problems and not silence, a page that says so, no restart, and all is well again", async () => {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(deployment.url);
    const before = await restarts();
    await stopDatabase(deployment);
    const times: number[] = [];
    for (const end = Date.now() + 30_000; Date.now() < end; await sleep(1_000)) {
      const [list, write, start] = [
        await ask("/api/todos"),
        await ask("/api/todos", { title: "lost" }),
        await ask("/"),
      ];
      expect(list).toMatchObject(problem);
      expect(write).toMatchObject(problem);
      expect(start.status).toBe(200);
      times.push(list.ms, write.ms, start.ms);
    }
    await page.getByText("Your todos can’t be reached").first().waitFor({ timeout: 1_000 });
    longest(8, times, "database away for 30 s", "longest answer of the API and of the page");
    await startDatabase(deployment);
    const since = Date.now();
    await recovery();
    within(10, since, "database away for 30 s", "from its return to the first answer");
    await page.getByText("Your todos can’t be reached").first().waitFor({ state: "detached", timeout: 10_000 });
    // The database's own pod is another one.
    const surviving = (await restarts()).filter(({ uid }) => before.some((pod) => pod.uid === uid));
    expect(surviving).toHaveLength(before.length - 1);
    expect(before).toEqual(expect.arrayContaining(surviving));
  } finally {
    await startDatabase(deployment);
    await browser.close();
  }
});

test("a slow database: every answer within 6 s and either right or a problem, the page as fast as ever, no restart", async () => {
  const before = await restarts();
  await sql(deployment, slowInserts);
  const until = Date.now() + 10_000;
  const answers: Awaited<ReturnType<typeof ask>>[] = [];
  const pages: number[] = [];
  const writer = async () => {
    while (Date.now() < until) answers.push(await ask("/api/todos", { title: "slow" }));
  };
  const reader = async () => {
    while (Date.now() < until) {
      pages.push((await ask("/")).ms);
      await sleep(100);
    }
  };
  await Promise.all([reader(), ...Array.from({ length: 40 }, writer)]);
  await sql(deployment, "DROP TRIGGER slow ON todo");
  await recovery();
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 503]));
  for (const answer of answers.filter(({ status }) => status === 503)) expect(answer).toMatchObject(problem);
  longest(
    6,
    answers.map(({ ms }) => ms),
    "an insert takes a second, 40 at once",
    "longest answer of the API",
  );
  longest(1, pages, "an insert takes a second, 40 at once", "longest answer of the page");
  expect(await restarts()).toEqual(before);
});

test("a process that hangs is restarted by its liveness probe within 30 s", async () => {
  const [pod] = await deployment.pods("backend");
  const since = Date.now();
  await signal(deployment, pod?.name ?? "", "STOP");
  await eventually(async () => {
    const [now] = (await deployment.pods("backend")).filter(({ name }) => name === pod?.name);
    expect(now).toMatchObject({ restarts: (pod?.restarts ?? 0) + 1, ready: true });
  }, 45);
  within(30, since, "backend's process stopped", "until it was restarted and ready");
});

test("a full volume: writes are refused as problems, reads go on, and nothing acknowledged is lost", async () => {
  const volume = await smallVolume(deployment);
  try {
    await recovery();
    await volume.fill();
    const acknowledged: string[] = [];
    const write = async (title: string) => {
      const answer = await ask("/api/todos", { title, notes: "x".repeat(2_000) });
      if (answer.status === 201) acknowledged.push(title);
      return answer;
    };
    await eventually(async () => expect(await write(`full ${acknowledged.length}`)).toMatchObject(problem), 20);
    expect((await ask("/api/todos")).status).toBe(200);
    const before = await restarts();
    await volume.free();
    const since = Date.now();
    await eventually(async () => expect(await write("after")).toMatchObject({ status: 201 }), 10);
    within(10, since, "database's volume full", "from room on it to the first write");
    const titles = (await sql(deployment, "SELECT title FROM todo")).trim().split("\n");
    expect(titles.sort()).toEqual(acknowledged.sort());
    expect(await restarts()).toEqual(before);
  } finally {
    await volume.restore();
  }
});

test("a hundred clients that send their requests a byte a second starve nobody", async () => {
  const slow = await slowClients(deployment.url, 100);
  try {
    const times: number[] = [];
    for (let count = 0; count < 200; count++) {
      const answer = count % 2 === 0 ? await ask("/api/todos", { title: "quick" }) : await ask("/");
      expect(answer.status).toBeLessThan(300);
      times.push(answer.ms);
    }
    longest(1, times, "100 clients that send a byte a second", "longest answer of 200 to others");
    expect(slow.open()).toBeGreaterThan(90);
  } finally {
    slow.end();
  }
});

test("what is too large is refused with the status that says so", async () => {
  const long = "x".repeat(70_000);
  expect(await ask("/api/todos", { title: "large", notes: long })).toMatchObject({ ...problem, status: 413 });
  expect((await ask(`/api/todos?${long}`)).status).toBe(414);
  const headers = await deployment.fetch("/api/todos", { headers: { "X-Long": long.slice(0, 40_000) } });
  expect(headers.status).toBe(400);
  expect((await ask("/api/todos")).status).toBe(200);
});

/** Each insert takes a second more. */
const slowInserts = `
CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$;
CREATE TRIGGER slow BEFORE INSERT ON todo FOR EACH ROW EXECUTE FUNCTION slow();`;
