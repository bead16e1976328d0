import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { down } from "../../commands/deploy/down.ts";
import { up } from "../../commands/deploy/up.ts";
import { fetchWhereDeployed, TestMachine } from "./support/machine.ts";

let on: TestMachine;

beforeEach(() => {
  on = new TestMachine({
    fetch: fetchWhereDeployed(() => on),
  });
  on.install("pulumi", "minikube", "docker");
});

afterEach(() => {
  on.dispose();
});

/** The calls of one command. */
async function callsOf(work: () => Promise<unknown>): Promise<string[]> {
  const before = on.calls().length;
  await work();
  return on.calls().slice(before);
}

test("down destroys the stack and keeps the cluster and the state", async () => {
  await up([], on.machine);
  const calls = await callsOf(() => down([], on.machine));
  expect(calls.at(-1)).toBe(
    `pulumi destroy --stack local --config-file ${on.machine.state}/Pulumi.local.yaml --yes --skip-preview`,
  );
  expect(calls.join("\n")).not.toContain("minikube delete");
  expect(on.has("minikube-runs")).toBe(true);
});

test("down --all removes a Minikube that up made, and the stack's state without asking the cluster", async () => {
  await up([], on.machine);
  const calls = await callsOf(() => down(["--all"], on.machine));
  expect(calls.filter((call) => call.includes("destroy"))).toEqual([]);
  expect(calls.slice(-2)).toEqual([
    "pulumi stack rm local --yes --force --preserve-config",
    "minikube delete --profile minikube",
  ]);
  expect(on.has("checkout/.state/Pulumi.local.yaml")).toBe(false);
});

test("down --all keeps a Minikube that was there before, and destroys what is on it", async () => {
  mkdirSync(join(on.folder, ".minikube/profiles/minikube"), { recursive: true });
  writeFileSync(join(on.folder, ".minikube/profiles/minikube/config.json"), "{}");
  await up([], on.machine);
  const calls = await callsOf(() => down(["--all"], on.machine));
  expect(calls.join("\n")).toContain("pulumi destroy");
  expect(calls.join("\n")).not.toContain("minikube delete");
});

test("down where nothing is deployed says so and does nothing", async () => {
  await expect(callsOf(() => down([], on.machine))).resolves.toEqual([]);
  expect(on.lines()[0]).toBe('The stack "local" is not deployed from this checkout.');
});

test("production is not taken down without a confirmation", async () => {
  await up(["--stack", "prod"], on.machine);
  await expect(down(["--stack", "prod"], on.machine)).rejects.toThrow(
    'Taking down the stack "prod" needs a confirmation.',
  );
  const calls = await callsOf(() => down(["--stack", "prod", "--yes"], on.machine));
  expect(calls.at(-1)).toMatch(/^pulumi destroy --stack prod/);
});

test("down --all without a deployment on record leaves an engine that does not run alone", async () => {
  mkdirSync(join(on.machine.cache, "sandbox"), { recursive: true });
  on.write("no-engine", "Cannot connect to the Docker daemon");
  await expect(down(["--all"], on.machine)).resolves.toBe(0);
  expect(on.lines()).toContain("The Docker engine does not run, and no deployment from this checkout is on record.");
});
