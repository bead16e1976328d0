import { createServer } from "node:net";
import { afterAll, expect, test } from "@jest/globals";
import { broken, healthy } from "./support/breakage.ts";
import { Deployment } from "./support/deployment.ts";

const deployment = new Deployment();
const { checkout } = deployment;

afterAll(async () => {
  await checkout.succeed("up");
});

test("a broken image is rolled back, the old version serves all the time, and the message names pod and reason", async () => {
  const file = "apps/backend/src/todo/server.py";
  const original = checkout.read(file);
  const [before] = await deployment.pods("backend");
  checkout.configure({ timeoutSeconds: 30 });
  checkout.replace(file, healthy, broken);
  const running = checkout.start("up");
  let ended = false;
  const finished = running.finished.finally(() => {
    ended = true;
  });
  const answers: number[] = [];
  while (!ended) {
    answers.push((await deployment.fetch("/api/todos")).status);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { code, output } = await finished;
  expect(code).not.toBe(0);
  expect(output).toMatch(/pod todo-backend-\S+, container backend: (CrashLoopBackOff|Error)/);
  expect(output).toContain("broken on purpose");
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(await deployment.pods("backend")).toMatchObject([{ uid: before?.uid, ready: true }]);
  checkout.replace(file, broken, healthy);
  expect(checkout.read(file)).toBe(original);
  checkout.configure({ timeoutSeconds: undefined });
});

test("an image that does not build leaves everything as it is, and the message holds the build's own words", async () => {
  const revision = await deployment.revision();
  checkout.append("apps/backend/src/todo/server.py", "def broken(:\n");
  const { code, output } = await checkout.run("up");
  checkout.replace("apps/backend/src/todo/server.py", "def broken(:\n", "");
  expect(code).not.toBe(0);
  expect(output).toContain("SyntaxError");
  expect(await deployment.revision()).toBe(revision);
  expect((await deployment.fetch("/api/todos")).status).toBe(200);
});

test("mistakes in the stack configuration are told together, each with the command that mends it", async () => {
  checkout.configure({ namespace: "Not A Name", nodeprt: 30280 });
  const { code, output } = await checkout.run("up");
  checkout.configure({ namespace: undefined, nodeprt: undefined });
  expect(code).not.toBe(0);
  expect(output).toContain("2 mistakes");
  expect(output).toContain("pulumi config rm --stack local nodeprt");
  expect(output).toContain("pulumi config set --stack local namespace todo");
});

test("an unknown chart value is refused by the chart's schema, and the old version serves", async () => {
  checkout.configure({ values: { backend: { replicas: 3 } } });
  const { code, output } = await checkout.run("up");
  checkout.configure({ values: undefined });
  expect(code).not.toBe(0);
  expect(output).toMatch(/replicas/);
  expect((await deployment.fetch("/api/todos")).status).toBe(200);
});

test("an occupied port is named, with the way out", async () => {
  const port = 30291;
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  checkout.configure({ nodePort: port });
  const { code, output } = await checkout.run("up");
  await new Promise((resolve) => server.close(resolve));
  checkout.configure({ nodePort: 30280 });
  expect(code).not.toBe(0);
  expect(output).toContain(String(port));
  expect(output).toMatch(/nodePort/);
});
