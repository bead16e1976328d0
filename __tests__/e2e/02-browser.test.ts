import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "./support/browser.ts";
import { Deployment, eventually } from "./support/deployment.ts";

const deployment = new Deployment();
const title = `Water the plants ${Date.now()}`;
const violations: string[] = [];

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage();
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) violations.push(message.text());
  });
  await page.goto(deployment.url);
});
afterAll(() => browser.close());

const entry = () => page.getByText(title, { exact: true }).first();

test("a todo is written through the page", async () => {
  await page.getByRole("textbox").first().fill(title);
  await page.keyboard.press("Enter");
  await entry().waitFor({ timeout: 10_000 });
  const list = (await (await deployment.fetch("/api/todos")).json()) as { items: { title: string }[] };
  expect(list.items.map((item) => item.title)).toContain(title);
});

test("it is still there after the backend's and the database's pods are deleted", async () => {
  const before = [...(await deployment.pods("backend")), ...(await deployment.pods("database"))];
  await deployment.kubectl("delete", "pod", ...before.map(({ name }) => name));
  await eventually(async () => {
    const list = (await (await deployment.fetch("/api/todos")).json()) as { items?: { title: string }[] };
    expect(list.items?.map((item) => item.title)).toContain(title);
  }, 60);
  await page.reload();
  await entry().waitFor({ timeout: 15_000 });
});

test("the page breaks no rule of its own content security policy", () => {
  expect(violations).toEqual([]);
});
