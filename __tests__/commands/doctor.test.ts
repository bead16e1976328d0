import { chmodSync } from "node:fs";
import { afterEach, expect, test } from "@jest/globals";
import type { Finding } from "../../commands/doctor/check.ts";
import { doctor } from "../../commands/doctor/doctor.ts";
import type { Machine } from "../../commands/support/machine.ts";
import { fetchOf, TestMachine } from "./support/machine.ts";

let on: TestMachine;

afterEach(() => {
  on.dispose();
});

async function findings(): Promise<{ code: number; of: (name: string) => Finding | undefined }> {
  const code = await doctor(["--json"], on.machine);
  const all = JSON.parse(on.lines().join("\n")) as Finding[];
  return { code, of: (name) => all.find((finding) => finding.name === name) };
}

function machineWith(changes: Partial<Machine>): void {
  on = new TestMachine(changes);
  on.install("docker");
}

test("a machine that reaches nothing: all is well enough for the sandbox", async () => {
  machineWith({});
  on.write("bin/npm", "#!/bin/sh\necho 11.0.0\n");
  chmodSync(`${on.folder}/bin/npm`, 0o755);
  const { code, of } = await findings();
  expect(code).toBe(0);
  expect(of("npm")).toMatchObject({ status: "ok", found: "11.0.0" });
  expect(of("Docker engine")).toMatchObject({ status: "ok", found: expect.stringContaining("28.0.0, 8 CPUs") });
  expect(of("Pulumi")).toMatchObject({ status: "warn", remedy: expect.stringContaining("sandbox") });
  expect(of("Docker Hub")).toMatchObject({ status: "warn" });
});

test("no engine is missing, with the remedy of the system; root on Linux gets one by itself", async () => {
  machineWith({ platform: "darwin" });
  on.write("no-engine", "Cannot connect to the Docker daemon\n");
  const { code, of } = await findings();
  expect(code).toBe(1);
  expect(of("Docker engine")).toMatchObject({ status: "missing", remedy: expect.stringContaining("colima") });
  on.dispose();
  machineWith({ isRoot: true });
  on.write("no-engine", "Cannot connect to the Docker daemon\n");
  expect((await findings()).of("Docker engine")).toMatchObject({
    status: "warn",
    remedy: expect.stringContaining("npm run up"),
  });
});

test("a full disk is missing", async () => {
  machineWith({ freeBytes: async () => 1e9 });
  const { code, of } = await findings();
  expect(code).toBe(1);
  expect(of("Disk")).toMatchObject({ status: "missing", found: "1.0 GB free" });
});

test("a download that can be had counts as well as the tool itself", async () => {
  machineWith({ fetch: fetchOf(() => 200) });
  expect((await findings()).of("Minikube")).toMatchObject({ status: "ok", found: expect.stringContaining("1.38.1") });
});

test("a check that hangs is a finding, and the report is there in less than three seconds", async () => {
  machineWith({ fetch: () => new Promise(() => undefined) });
  const since = Date.now();
  const { of } = await findings();
  expect(Date.now() - since).toBeLessThan(3000);
  expect(of("Docker Hub")).toMatchObject({ status: "warn", found: "no answer within 2.5 s" });
});

test("the report for people names the next step", async () => {
  machineWith({});
  await doctor([], on.machine);
  expect(on.lines().at(-1)).toMatch(/mend that, then: npm run up$/);
});
