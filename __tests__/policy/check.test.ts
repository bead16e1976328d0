import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Machine, thisMachine } from "../../commands/support/machine.ts";
import { type Checked, checkResource, checkTogether, type Stack } from "../../policy/check.ts";
import { describeViolation } from "../../policy/rule.ts";
import { helmBinary } from "../chart/render.ts";
import { only, runProgram } from "../support/program.ts";
import { apiServer, Workspace } from "../support/workspace.ts";

const bin = mkdtempSync(join(tmpdir(), "todo-stack-policy-"));
mkdirSync(bin, { recursive: true });
symlinkSync(helmBinary("3"), join(bin, "helm"));
afterAll(() => rmSync(bin, { recursive: true, force: true }));
const machine: Machine = { ...thisMachine(), env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` } };

const releaseType = "kubernetes:helm.sh/v3:Release";
const stack: Stack = { stack: "prod", production: true, env: [] };
const config = { context: "cluster-eu", registry: "ghcr.io/acme", host: "todo.example.com" };
const secretConfig = { databaseUrl: "postgresql://app:marker@db.example.com/app?sslmode=require" };
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const digest = `sha256:${"0".repeat(64)}`;

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
  workspace.writeKubeconfig({ "cluster-eu": apiServer.url, minikube: apiServer.url });
});
afterEach(() => workspace.remove());

/** Every resource that the program makes, as the engine hands it to the pack. */
async function resourcesOf(settings: Parameters<typeof runProgram>[0]): Promise<readonly Checked[]> {
  const { resources } = await runProgram(settings);
  return resources.map(({ type, inputs, secretInputs }) => ({ type, plain: inputs, encrypted: secretInputs }));
}

async function violationsOf(given: Stack, resources: readonly Checked[]): Promise<string[]> {
  const found = await Promise.all(resources.map((resource) => checkResource(machine, given, resource)));
  const all = [...found, checkTogether(given, resources)].flatMap((findings) => [...findings.entries()]);
  return all.flatMap(([rule, violations]) => violations.map((violation) => `${rule}: ${describeViolation(violation)}`));
}

/** The release of production, with what only an update knows, and with changes to its values. */
async function release(change: object = {}, pushed = digest): Promise<Checked> {
  const { inputs } = only(await runProgram({ stack: "prod", config, secretConfig, preview: true }), releaseType);
  const values = structuredClone(inputs.values);
  for (const service of ["frontend", "backend"]) values[service].image.digest = pushed;
  return { type: releaseType, plain: { ...inputs, values: merge(values, change) }, encrypted: [] };
}

function merge(base: object, over: object): object {
  const merged = Object.entries(over).map(([key, value]) => {
    const below = (base as Record<string, unknown>)[key];
    return [key, isMap(below) && isMap(value) ? merge(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

const isMap = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

describe("our own program", () => {
  test("is let through with kagent, whose values are looked through for secrets all the same", async () => {
    const settings = { stack: "prod", config: { ...config, kagent: { enabled: true } }, preview: true };
    const secrets = { ...secretConfig, kagentApiKey: "sk-marker" };
    const resources = await resourcesOf({ ...settings, secretConfig: secrets });
    const kagents = resources.filter(({ plain }) => JSON.stringify(plain).includes("kagent"));
    expect(kagents.length).toBeGreaterThan(6);
    expect(await violationsOf(stack, kagents)).toEqual([]);
    const given = kagents.find(({ plain }) => (plain as { chart?: string }).chart?.endsWith("/kagent"));
    const plain = merge((given as Checked).plain as object, { values: { providers: { openAI: { apiKey: "sk-x" } } } });
    expect((await violationsOf(stack, [{ type: releaseType, plain, encrypted: [] }])).join()).toContain(
      "no-plain-secret",
    );
    const other = merge(plain, { version: "9.9.9" });
    expect((await violationsOf(stack, [{ type: releaseType, plain: other, encrypted: [] }])).join()).toContain(
      "readable-release",
    );
  });

  test("is let through as production, before and after its images are pushed", async () => {
    const others = (await resourcesOf({ stack: "prod", config, secretConfig, preview: true })).filter(
      ({ type }) => type !== releaseType,
    );
    for (const pushed of [digest, unknown]) {
      expect(await violationsOf(stack, [...others, await release({}, pushed)])).toEqual([]);
    }
  });

  test("has violations as a local stack, which is told of them and not refused", async () => {
    const local = { stack: "local", production: false, env: [] };
    const found = await violationsOf(local, await resourcesOf({ stack: "local", config: { context: "minikube" } }));
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map((text) => text.split(":")[0]))).toEqual(new Set(["several-replicas"]));
  });
});

test.each([
  [{ backend: { image: { digest: "", tag: "latest" } } }, "image-by-digest", "container migrate, image"],
  [{ backend: { env: { LOG_LEVEL: "debug" } } }, "no-debug-level", "ConfigMap todo/todo-backend, data LOG_LEVEL"],
  [{ frontend: { resources: { limits: null } } }, "requests-and-limits", "resources.limits.cpu"],
  [{ backend: { env: { API_TOKEN: "abcdef" } } }, "no-plain-secret", "ConfigMap todo/todo-backend, data API_TOKEN"],
  [{ backend: { extraVolumes: [{ name: "x", hostPath: { path: "/" } }] } }, "restricted-pods", "is a hostPath"],
  [{ backend: { autoscaling: { minReplicas: 1 } } }, "several-replicas", "values.backend.autoscaling.minReplicas 2"],
])("a release with %j is refused by %s", async (change, rule, expected) => {
  const found = (await violationsOf(stack, [await release(change)])).filter((text) => text.startsWith(rule));
  expect(found.join("\n")).toContain(expected);
});

test("a release that cannot be looked into is refused, whatever the reason", async () => {
  const given = await release({ backend: { replicaCount: "many" } });
  expect((await violationsOf(stack, [given])).join()).toContain("readable-release");
  const elsewhere = { ...given, plain: { ...(given.plain as object), chart: "oci://example.com/chart" } };
  expect((await violationsOf(stack, [elsewhere])).join()).toContain("helm pull oci://example.com/chart");
  const lacking: Machine = {
    ...machine,
    env: { PATH: "" },
    cache: bin,
    fetch: async () => Promise.reject(new TypeError("fetch failed")),
    sandbox: () => Promise.reject(new Error("none")),
  };
  expect([...(await checkResource(lacking, stack, given)).keys()]).toContain("readable-release");
});

describe("objects that a program makes itself", () => {
  const pod = { containers: [{ name: "job", image: "busybox" }] };
  const deployment = { metadata: { name: "own" }, spec: { template: { spec: pod } } };
  const checked = (type: string, plain: object): Checked => ({ type: `kubernetes:${type}`, plain, encrypted: [] });

  test("are held against the rules as they are", async () => {
    const found = await violationsOf(stack, [checked("apps/v1:Deployment", deployment)]);
    const broken = ["image-by-digest", "requests-and-limits", "restricted-pods", "several-replicas"];
    expect([...new Set(found.map((text) => text.split(":")[0]))].sort()).toEqual(broken);
  });

  test("may be scaled by an autoscaler of their own", async () => {
    const scaleTargetRef = { kind: "Deployment", name: "own" };
    const scaler = checked("autoscaling/v2:HorizontalPodAutoscaler", {
      metadata: { name: "own" },
      spec: { scaleTargetRef, minReplicas: 2 },
    });
    const found = await violationsOf(stack, [checked("apps/v1:Deployment", deployment), scaler]);
    expect(found.filter((text) => text.startsWith("several-replicas"))).toEqual([]);
  });

  test("a Secret in plain text is refused, and other providers' resources are none", async () => {
    const secret = checked("core/v1:Secret", { metadata: { name: "own" }, stringData: { A: "b" } });
    expect((await violationsOf(stack, [secret])).join()).toContain("Secret own, stringData A");
    expect(await violationsOf(stack, [{ ...secret, encrypted: ["stringData"] }])).toEqual([]);
    expect(await violationsOf(stack, [{ ...secret, type: "aws:s3/bucket:Bucket" }])).toEqual([]);
  });
});
