import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, expect, test } from "@jest/globals";
import type { LoadRecord } from "../../bench/load/table.ts";
import { Deployment, eventually } from "../e2e/support/deployment.ts";
import { signal } from "./support/processes.ts";
import { clean, settled, underLoad } from "./support/underLoad.ts";

const deployment = new Deployment();
const components = ["frontend", "backend"];

/** Waits until a component has that many ready pods and no other. */
async function ready(component: string, count: number, seconds: number): Promise<void> {
  await eventually(async () => {
    const pods = await deployment.pods(component);
    expect(pods.map((pod) => pod.ready)).toEqual(Array(count).fill(true));
  }, seconds);
}

async function scale(replicas: number): Promise<void> {
  const names = components.map((component) => `deployment/todo-${component}`);
  await deployment.kubectl("scale", ...names, `--replicas=${replicas}`);
  for (const component of components) await ready(component, replicas, 60);
}

/** The pod that was restarted least: Kubernetes waits longer with each restart of a container. */
async function onePod(component: string): Promise<string> {
  const [pod] = (await deployment.pods(component)).sort((one, other) => one.restarts - other.restarts);
  if (pod === undefined) throw new Error(`there is no pod of the ${component}`);
  return pod.name;
}

beforeEach(() => settled(deployment));

test("scaled from 1 to 3 and back to 1", async () => {
  await scale(1);
  await settled(deployment);
  const there = async () => {
    await scale(3);
    await sleep(3_000);
    await scale(1);
  };
  expect(await underLoad(deployment, "scale 1-3-1", 38, there)).toMatchObject(clean);
  await scale(2);
});

test("a pod of each is deleted, and replaced within 30 s", async () => {
  const deletion = async () => {
    for (const component of components) {
      await deployment.kubectl("delete", "pod", "--wait=false", await onePod(component));
      await ready(component, 2, 30);
    }
  };
  expect(await underLoad(deployment, "pod deleted", 36, deletion)).toMatchObject(clean);
});

test("each pod is evicted in turn, as a drained node does it", async () => {
  const names = (await Promise.all(components.map((component) => deployment.pods(component)))).flat();
  const evictions = async () => {
    for (const { name } of names) {
      await eventually(() => evict(name), 60);
      for (const component of components) await ready(component, 2, 60);
    }
  };
  expect(await underLoad(deployment, "eviction of each pod", 42, evictions)).toMatchObject(clean);
});

test("a backend's process is killed", async () => {
  const kill = () => restarts("backend", (pod) => signal(deployment, pod, "KILL"));
  expectCutShort(await underLoad(deployment, "SIGKILL of a backend", 20, kill));
});

test("a backend runs out of memory", async () => {
  // Memory that belongs to no process: the kernel ends the largest one, which is the server, and the command with it.
  const python = "import os; f = os.memfd_create('m'); [os.write(f, bytes(1 << 20)) for _ in range(4096)]";
  const fill = () =>
    restarts("backend", (pod) => deployment.kubectl("exec", pod, "--", "python", "-c", python).catch(() => undefined));
  expectCutShort(await underLoad(deployment, "out of memory in a backend", 25, fill));
});

test("nginx is killed: what was under way with it is sent again by the client, and succeeds", async () => {
  const kill = () => restarts("frontend", (pod) => signal(deployment, pod, "KILL"));
  const record = await underLoad(deployment, "SIGKILL of a frontend", 20, kill);
  expect(record).toMatchObject({ figures: { ...clean.figures, resent: expect.any(Number) }, restarts: 1 });
});

/** An answer that nginx has begun to pass on cannot be asked for anew by nginx: rarely one is under way, and the client asks. */
function expectCutShort(record: LoadRecord): void {
  expect(record).toMatchObject({ figures: { ...clean.figures, resent: expect.any(Number) }, restarts: 1 });
  expect(record.figures.resent).toBeLessThanOrEqual(2);
}

/** Restarts a container of the component by some means, and waits until all of them are ready again. */
async function restarts(component: string, means: (pod: string) => Promise<unknown>): Promise<void> {
  const count = async () => (await deployment.pods(component)).reduce((sum, pod) => sum + pod.restarts, 0);
  const before = await count();
  await means(await onePod(component));
  await eventually(async () => expect(await count()).toBeGreaterThan(before), 30);
  await ready(component, 2, 30);
}

/** What `kubectl drain` asks for each pod; refused for as long as the budget forbids it. */
async function evict(name: string): Promise<void> {
  const { namespace } = deployment;
  const file = join(deployment.checkout.folder, ".state", "eviction.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } }));
  await deployment.kubectl("create", "--raw", `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, "-f", file);
}
