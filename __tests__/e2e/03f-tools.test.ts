import { expect, test } from "@jest/globals";
import type { StackStatus } from "../../commands/status/collect.ts";
import { Deployment, eventually } from "./support/deployment.ts";

const deployment = new Deployment();
const { checkout } = deployment;

test("status: all is well, and the sources are what runs", async () => {
  // The page is asked once, while the machine may still be busy with what the suite before it has built.
  const status = await eventually(async () => {
    const found = JSON.parse(await checkout.succeed("status", "--", "--json")) as StackStatus;
    expect(found).toMatchObject({ healthy: true, page: { url: deployment.url }, edited: [] });
    return found;
  }, 20);
  expect(status.release?.revision).toBe(await deployment.revision());
  expect(status.services.map(({ service, ready, desired }) => [service, ready === desired])).toEqual([
    ["frontend", true],
    ["backend", true],
    ["database", true],
  ]);
});

test("logs: a request is in those of both services, under its ID", async () => {
  const following = checkout.start("logs", "--", "-f", "--since", "1s");
  try {
    await eventually(async () => {
      const id = `tools-${Date.now()}`;
      await deployment.fetch("/api/todos", { headers: { "x-request-id": id } });
      const lines = following
        .printed()
        .split("\n")
        .filter((line) => line.includes("tools-"));
      expect(lines.some((line) => /^backend .*GET \/api\/todos 200 .*request_id=tools-/.test(line))).toBe(true);
      expect(lines.some((line) => /^frontend .*GET \/api\/todos 200 .*request_id=tools-/.test(line))).toBe(true);
    }, 20);
  } finally {
    following.kill("SIGINT");
  }
  const { code, output } = await following.finished;
  // npm, which gets the signal too, may end by the signal itself.
  expect([130, null]).toContain(code);
  expect(output).not.toContain("Interrupted");
  const database = await checkout.succeed("logs", "--", "database", "--raw", "--tail", "all");
  expect(database).toContain("database system is ready to accept connections");
});

test("psql: a statement, without a terminal, as the application's own database has it", async () => {
  expect((await checkout.succeed("psql", "--", "-At", "-c", "select 1, current_database()")).trim()).toBe("1|todo");
  expect((await checkout.run("psql", "--", "-c", "select nonsense")).code).toBe(1);
});

test("open: the URL alone", async () => {
  expect((await checkout.succeed("open", "--", "--print")).trim()).toBe(deployment.url);
});

test("a mistake in the call has an exit code of its own, and the known words", async () => {
  const { code, output } = await checkout.run("logs", "--", "bakend");
  expect(code).toBe(2);
  expect(output).toContain("There are: frontend, backend, database, all.");
});
