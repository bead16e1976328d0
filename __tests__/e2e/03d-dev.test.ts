import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { broken, healthy } from "./support/breakage.ts";
import type { RunningCommand } from "./support/checkout.ts";
import { Deployment, eventually } from "./support/deployment.ts";

const deployment = new Deployment();
const { checkout } = deployment;
const server = "apps/backend/src/todo/server.py";

let dev: RunningCommand;
let ended = false;
let read = 0;
/** Waits until dev has printed this, after what it was waited for before. */
const printed = (text: string, seconds: number): Promise<void> =>
  eventually(async () => {
    const found = dev.printed().indexOf(text, read);
    if (found < 0) throw new Error(`dev has not printed "${text}":\n${dev.printed()}`);
    read = found + text.length;
  }, seconds);
const image = async (component: string): Promise<string | undefined> =>
  (await deployment.pods(component)).find(({ ready }) => ready)?.image;

const types = "apps/frontend/tsconfig.json";
const typesBefore = checkout.read(types);

beforeAll(async () => {
  dev = checkout.start("dev", "--", "--page");
  await printed("Watching", 300);
});
afterAll(() => {
  if (!ended) dev.kill("SIGKILL");
});

test("an edited backend line serves, and Helm knows of it", async () => {
  const before = { image: await image("backend"), frontend: await image("frontend") };
  const revision = await deployment.revision();
  checkout.append(server, "# edited beside dev\n");
  await printed("Deployed backend", 120);
  const now = await image("backend");
  expect(now).not.toBe(before.image);
  expect(await image("frontend")).toBe(before.frontend);
  await eventually(async () => expect(await deployment.revision()).toBe(revision + 1), 10);
  const tag = now?.split(":")[1] ?? "";
  expect(await deployment.helm("get", "values", "todo")).toContain(tag);
  expect(await deployment.helm("get", "manifest", "todo")).toContain(`todo-backend:${tag}`);
});

test("what the services write is shown with their names, and each change of a pod's state", async () => {
  const pod = (await deployment.pods("backend")).find(({ ready }) => ready)?.name ?? "";
  await eventually(async () => expect(dev.printed()).toContain(`${pod}: ready`), 10);
  const lines = () => dev.printed().split("\n");
  await eventually(async () => {
    expect(lines()).toContainEqual(
      expect.stringMatching(new RegExp(`^backend +${pod.split("-").at(-1)} \\| .*starting`)),
    );
  }, 10);
});

test("an edit that cannot be built, and one that does not serve, leave the old version and the loop", async () => {
  const before = await image("backend");
  checkout.append("apps/backend/src/todo/app.py", "def broken(:\n");
  await printed("was not built", 120);
  await printed("SyntaxError", 5);
  checkout.replace("apps/backend/src/todo/app.py", "def broken(:\n", "");
  checkout.replace(server, healthy, broken);
  await printed("does not serve", 120);
  await printed("broken on purpose", 5);
  await printed("The backend that served before serves on", 30);
  expect((await deployment.fetch("/api/todos")).status).toBe(200);
  await eventually(async () => expect(await image("backend")).toBe(before), 30);
  checkout.replace(server, broken, healthy);
  checkout.append(server, "# mended\n");
  await printed("Deployed backend", 120);
  expect(await image("backend")).not.toBe(before);
});

test("the page by its own development server: an edit is seen there, and no image is made of it", async () => {
  const url = /The page as you edit it: (\S+)/.exec(dev.printed())?.[1] ?? "";
  const [api, before] = [await fetch(`${url}/api/version`), await image("frontend")];
  expect(await api.json()).toEqual({ version: expect.any(String) });
  checkout.replace("apps/frontend/components/Header.tsx", ">Todo<", ">Edited beside dev<");
  await eventually(async () => expect(await (await fetch(url)).text()).toContain("Edited beside dev"), 30);
  checkout.replace("apps/frontend/components/Header.tsx", ">Edited beside dev<", ">Todo<");
  expect(await image("frontend")).toBe(before);
  expect(dev.printed()).not.toContain("frontend: 1.0.0");
  // Next would write paths of its own into it, which makes another image.
  expect(checkout.read(types)).toBe(typesBefore);
});

test("an edited template is deployed as by up", async () => {
  checkout.append("chart/templates/serviceaccount.yaml", "# a comment\n");
  await printed("More than sources changed", 30);
  await printed(deployment.url, 120);
});

test("the next up finds nothing to do, and rolls no pod", async () => {
  dev.kill("SIGINT");
  await dev.finished;
  ended = true;
  const before = (await deployment.pods()).map(({ uid }) => uid).sort();
  expect(await checkout.succeed("up")).toContain(
    process.env.PULUMI === undefined ? "Nothing changed." : deployment.url,
  );
  expect((await deployment.pods()).map(({ uid }) => uid).sort()).toEqual(before);
});
