import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { writeRecord } from "../../commands/deploy/record.ts";
import { readSettings } from "../../commands/deploy/settings.ts";
import { decideWay, type Way } from "../../commands/deploy/way.ts";
import { fetchOf, TestMachine } from "./support/machine.ts";

let on: TestMachine;

afterEach(() => {
  on.dispose();
});

const hosts = { pulumi: "get.pulumi.com", minikube: "github.com", hub: "registry-1.docker.io" };

/** A machine that reaches some of the vendors. */
function reaching(...names: (keyof typeof hosts)[]): TestMachine {
  const open = names.map((name) => hosts[name]);
  on = new TestMachine({ fetch: fetchOf((url) => (open.includes(new URL(url).host) ? 200 : undefined)) });
  return on;
}

async function decide(stack = "local"): Promise<Way> {
  return decideWay(on.machine, await readSettings(on.machine.root, stack));
}

test("nothing reachable: the sandbox, without the Pulumi CLI, in one line that says why", async () => {
  reaching();
  await expect(decide()).resolves.toEqual({
    program: "runner",
    cluster: "sandbox",
    line: "Sandbox: the Pulumi and Minikube downloads are not reachable from here; using a sandbox cluster built from package registries.",
  });
});

test("everything reachable: the official way", async () => {
  reaching("pulumi", "minikube", "hub");
  await expect(decide()).resolves.toMatchObject({ program: "pulumi", cluster: "minikube" });
});

test("a Pulumi CLI on PATH is used also with the sandbox cluster", async () => {
  reaching();
  on.install("pulumi");
  await expect(decide()).resolves.toMatchObject({ program: "pulumi", cluster: "sandbox" });
});

test("Minikube without Docker Hub would have no images: the sandbox", async () => {
  reaching("pulumi", "minikube");
  const way = await decide();
  expect(way).toMatchObject({ program: "pulumi", cluster: "sandbox" });
  expect(way.line).toContain("Docker Hub, which Minikube needs, is not reachable from here");
});

test("a Minikube profile that is there is used also without a network", async () => {
  reaching();
  on.install("pulumi", "minikube");
  mkdirSync(join(on.folder, ".minikube/profiles/minikube"), { recursive: true });
  on.write(".minikube/profiles/minikube/config.json", "{}");
  await expect(decide()).resolves.toMatchObject({ program: "pulumi", cluster: "minikube" });
});

test("a context that is not Minikube's is somebody else's cluster", async () => {
  reaching("pulumi");
  on.write("checkout/Pulumi.local.yaml", "config:\n  todo-stack:context: kind-mine\n");
  await expect(decide()).resolves.toMatchObject({ program: "pulumi", cluster: "existing" });
});

test("what is deployed keeps its way, unless the stack's context was changed since", async () => {
  reaching("pulumi", "minikube", "hub");
  const record = { program: "runner", cluster: "sandbox", configuredContext: "minikube" } as const;
  await writeRecord(on.machine, "local", record);
  await expect(decide()).resolves.toMatchObject({ program: "runner", cluster: "sandbox" });
  on.write("checkout/Pulumi.local.yaml", "config:\n  todo-stack:context: kind-mine\n");
  await expect(decide()).resolves.toMatchObject({ program: "pulumi", cluster: "existing" });
});

test("TODO_STACK_WAY forces the way and asks nobody", async () => {
  on = new TestMachine({ fetch: async () => Promise.reject(new Error("nobody is to be asked")) });
  on.machine.env.TODO_STACK_WAY = "sandbox";
  await expect(decide()).resolves.toMatchObject({ program: "runner", cluster: "sandbox" });
  on.machine.env.TODO_STACK_WAY = "official";
  await expect(decide()).resolves.toMatchObject({ program: "pulumi", cluster: "minikube" });
  on.machine.env.TODO_STACK_WAY = "offical";
  await expect(decide()).rejects.toThrow('TODO_STACK_WAY is "offical"; it can be official or sandbox.');
});

test("a server that does not answer counts as out of reach after five seconds, once for all questions", async () => {
  let asked = 0;
  const silent: typeof fetch = (_url, init) => {
    asked += 1;
    return new Promise((_resolve, reject) =>
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)),
    );
  };
  on = new TestMachine({ fetch: silent });
  const since = Date.now();
  await expect(decide()).resolves.toMatchObject({ cluster: "sandbox" });
  await decide();
  expect(Date.now() - since).toBeLessThan(6000);
  expect(asked).toBe(3);
}, 10_000);
