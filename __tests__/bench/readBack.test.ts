import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readBack } from "../../bench/load/readBack.ts";

/** The titles in the order of the API, the newest first. */
let titles: string[];
let offsets: number[];
let failures: number;
let server: Server;
let url: string;

beforeEach(async () => {
  offsets = [];
  failures = 0;
  server = createServer((request, response) => {
    if (failures-- > 0) return void response.writeHead(503).end();
    const query = new URL(request.url ?? "", "http://x").searchParams;
    const offset = Number(query.get("offset"));
    offsets.push(offset);
    const page = titles.slice(offset, offset + Number(query.get("limit")));
    response.end(JSON.stringify({ items: page.map((title) => ({ id: title, title, completed: false })) }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const some = (count: number, name: string): string[] => Array.from({ length: count }, (_, index) => `${name} ${index}`);

test("all todos of the run are read, and no older ones than needed", async () => {
  titles = [...some(450, "load run-inside"), ...some(900, "older")];
  const todos = await readBack(url, "run");
  expect(todos.map(({ title }) => title)).toEqual(some(450, "load run-inside"));
  expect(offsets).toEqual([0, 200, 400, 600]);
});

test("newer ones of somebody else hide none, and the list may end with the run", async () => {
  titles = [...some(300, "newer"), ...some(250, "load run-outside")];
  await expect(readBack(url, "run")).resolves.toHaveLength(250);
});

test("an API that does not answer yet is asked again", async () => {
  titles = some(3, "load run");
  failures = 1;
  await expect(readBack(url, "run")).resolves.toHaveLength(3);
});
