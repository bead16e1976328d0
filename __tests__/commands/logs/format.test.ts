import { expect, test } from "@jest/globals";
import { lineFormat } from "../../../commands/logs/format.ts";
import type { LogLine } from "../../../commands/logs/lines.ts";

const plain = lineFormat("readable", { colours: false });
const time = new Date(2026, 0, 1, 9, 5, 7, 42).toISOString();

function line(text: string, changes: Partial<LogLine> = {}): LogLine {
  return { service: "backend", pod: "todo-backend-669fd949bc-7m8cl", container: "backend", time, text, ...changes };
}

test("a request is told in one line, with its ID last", () => {
  const text = JSON.stringify({
    level: "info",
    logger: "todo.access",
    message: "request",
    request_id: "e2e-1",
    method: "GET",
    path: "/api/todos",
    status: 200,
    duration_ms: 1.5,
    client: null,
  });
  expect(plain(line(text))).toBe(
    "backend  7m8cl | 09:05:07.042 info  GET /api/todos 200 duration_ms=1.5 request_id=e2e-1",
  );
});

test("a message keeps its other fields, and its traceback stands below it behind the same name", () => {
  const text = JSON.stringify({
    level: "error",
    message: "no database",
    attempt: { number: 2 },
    traceback: "Traceback\n  boom",
  });
  expect(plain(line(text)).split("\n")).toEqual([
    'backend  7m8cl | 09:05:07.042 error no database attempt={"number":2}',
    "backend  7m8cl |   Traceback",
    "backend  7m8cl |     boom",
  ]);
});

test.each(["LOG:  ready", '{"half": ', "[]", "{}x"])("%s is no JSON object and stays as it is", (text) => {
  const where = { service: "database", pod: "todo-database-0", container: "password" } as const;
  expect(plain(line(text, where))).toBe(`database 0 password | ${text}`);
});

test("colours: the service's own, and the level's where it matters", () => {
  const coloured = lineFormat("readable", { colours: true });
  const start = "\u001b[";
  expect(coloured(line(JSON.stringify({ level: "error", message: "x" })))).toContain(`${start}31merror${start}39m`);
  expect(coloured(line("x"))).toContain(`${start}35mbackend `);
  expect(coloured(line("x", { service: "frontend" }))).toContain(`${start}36mfrontend`);
  expect(plain(line("x"))).not.toContain(start);
});

test("for other programs: the line itself, or an object with where it comes from", () => {
  expect(lineFormat("raw", { colours: true })(line('{"a":1}'))).toBe('{"a":1}');
  const json = lineFormat("json", { colours: true });
  const where = { service: "backend", pod: "todo-backend-669fd949bc-7m8cl", container: "backend", time };
  expect(JSON.parse(json(line('{"a":1}')))).toEqual({ ...where, log: { a: 1 } });
  expect(JSON.parse(json(line("plain")))).toEqual({ ...where, log: "plain" });
});
