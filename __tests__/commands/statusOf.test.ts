import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { statusOf } from "../../commands/support/status.ts";

let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A server on this machine; gives back its address. */
async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("the status of a page is told before the page is there", async () => {
  const url = await serve((_, response) => void response.writeHead(503).write("half of "));
  expect(await statusOf(url, 5_000)).toBe(503);
});

test("a redirect is followed", async () => {
  const url = await serve(({ url: path }, response) => {
    if (path === "/there") response.writeHead(404).end();
    else response.writeHead(302, { location: "/there" }).end();
  });
  expect(await statusOf(url, 5_000)).toBe(404);
});

test("a server that does not answer in time is no answer", async () => {
  const url = await serve(() => undefined);
  await expect(statusOf(url, 50)).rejects.toThrow("aborted");
});

test("nobody there is no answer", async () => {
  const url = await serve(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  await expect(statusOf(url, 5_000)).rejects.toThrow("ECONNREFUSED");
});
