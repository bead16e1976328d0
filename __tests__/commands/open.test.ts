import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { findBrowser } from "../../commands/open/browser.ts";
import { openPage } from "../../commands/open/open.ts";
import { ApiServer } from "../support/apiServer.ts";
import { deployOn } from "./support/deployed.ts";
import { fetchOf, pageUrl, TestMachine } from "./support/machine.ts";

const server = await ApiServer.start();
let on: TestMachine;
let asked: string[];

beforeEach(() => {
  asked = [];
  on = new TestMachine({
    fetch: fetchOf((url) => {
      asked.push(url);
      return url.startsWith(pageUrl) ? 200 : undefined;
    }),
  });
});
afterEach(() => on.dispose());

function program(name: string): void {
  on.write(`bin/${name}`, `#!/bin/sh\necho "$*" > "$STAND_INS/shown"\n`);
  on.makeExecutable(`bin/${name}`);
}

test("--print prints the URL alone, and asks nobody", async () => {
  deployOn(on, server);
  expect(await openPage(["--print"], on.machine)).toBe(0);
  expect(on.lines()).toEqual([pageUrl]);
  expect(asked).toEqual([]);
});

test("the page is shown once it answers", async () => {
  deployOn(on, server);
  program("xdg-open");
  on.machine.env.DISPLAY = ":0";
  expect(await openPage([], on.machine)).toBe(0);
  expect(on.lines()).toEqual([pageUrl]);
  expect(asked).toContain(`${pageUrl}/api/version`);
  // The file is there before its text is.
  const shown = () => (existsSync(join(on.folder, "shown")) ? on.read("shown").trim() : "");
  for (let wait = 0; wait < 50 && shown() === ""; wait++) await sleep(50);
  expect(shown()).toBe(pageUrl);
});

test("where nobody would see a browser, the URL is all", async () => {
  deployOn(on, server);
  expect(await openPage([], on.machine)).toBe(0);
  expect(on.lines()).toEqual([expect.stringContaining("no browser"), pageUrl]);
});

test("production's page is where its host is", async () => {
  deployOn(on, server, "prod");
  await openPage(["--stack", "prod", "--print"], on.machine);
  expect(on.lines()).toEqual(["https://todo.example.com"]);
});

test("each system has its own way to show an address", () => {
  const of = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv) =>
    findBrowser({ platform, env: { ...on.machine.env, ...env } });
  expect(of("darwin", {})).toEqual({ command: "open", args: [] });
  expect(of("linux", { DISPLAY: ":0" })).toBeUndefined();
  program("xdg-open");
  expect(of("linux", {})).toBeUndefined();
  expect(of("linux", { WAYLAND_DISPLAY: "wayland-0" })).toEqual({ command: "xdg-open", args: [] });
  program("explorer.exe");
  expect(of("linux", { WSL_DISTRO_NAME: "Debian" })).toEqual({ command: "explorer.exe", args: [] });
  program("firefox");
  expect(of("linux", { BROWSER: "firefox:chromium" })).toEqual({ command: "firefox", args: [] });
});
