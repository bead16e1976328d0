import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { afterEach, expect, jest, test } from "@jest/globals";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  type AnalyzerInfo,
  AnalyzerResourceOptions,
  EnforcementLevel,
} from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

const root = resolve(import.meta.dirname, "../..");
let pack: ChildProcess | undefined;
let client: AnalyzerClient | undefined;

afterEach(async () => {
  client?.close();
  if (pack === undefined) return;
  pack.kill();
  await once(pack, "exit");
});

/** Starts the pack as the CLI's language host does; it prints its port. */
async function start(stack: string, env: Readonly<Record<string, string>> = {}): Promise<AnalyzerClient> {
  const runner = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  const own = { PULUMI_NODEJS_PROJECT: "todo-stack", PULUMI_NODEJS_STACK: stack, ...env };
  const folder = join(root, "policy");
  const started = spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...own },
    stdio: ["ignore", "pipe", "inherit"],
  });
  pack = started;
  const [port] = (await once(createInterface({ input: started.stdout }), "line")) as [string];
  client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return client;
}

async function levels(analyzer: AnalyzerClient): Promise<Readonly<Record<string, number>>> {
  const info = await new Promise<AnalyzerInfo>((done, fail) => {
    analyzer.getAnalyzerInfo(new empty.Empty(), (error, answer) => (error === null ? done(answer) : fail(error)));
  });
  return Object.fromEntries(info.getPoliciesList().map((one) => [one.getName(), one.getEnforcementlevel()]));
}

// Each starts a process that loads the SDK.
jest.setTimeout(60_000);

const names = [
  ...["image-by-digest", "no-debug-level", "no-plain-secret", "readable-release", "requests-and-limits"],
  ...["restricted-pods", "several-replicas", "several-replicas-together"],
];

test("production is refused, by every policy", async () => {
  const { "encrypted-inputs": noting, ...rest } = await levels(await start("prod"));
  expect(noting).toBe(EnforcementLevel.REMEDIATE);
  expect(rest).toEqual(Object.fromEntries(names.map((name) => [name, EnforcementLevel.MANDATORY])));
});

test("a local stack is told, whatever its name", async () => {
  const config = JSON.stringify({ "todo-stack:profile": "local" });
  const { "encrypted-inputs": _noting, ...rest } = await levels(await start("prod", { PULUMI_CONFIG: config }));
  expect(rest).toEqual(Object.fromEntries(names.map((name) => [name, EnforcementLevel.ADVISORY])));
});

test("a debug level that is allowed for once is told", async () => {
  const found = await levels(await start("prod", { TODO_STACK_ALLOW: "dirty,debug" }));
  expect(found["no-debug-level"]).toBe(EnforcementLevel.ADVISORY);
  expect(found["no-plain-secret"]).toBe(EnforcementLevel.MANDATORY);
});

test("an object is answered with what is wrong, where, and what mends it; another provider's resource with nothing", async () => {
  const analyzer = await start("prod");
  const analyze = (type: string) =>
    new Promise<AnalyzeResponse>((done, fail) => {
      const request = new AnalyzeRequest();
      request.setUrn("urn:pulumi:prod::todo-stack::own");
      request.setType(type);
      const inputs = { metadata: { name: "own" }, data: { LOG_LEVEL: "debug" } };
      request.setProperties(struct.Struct.fromJavaScript(inputs));
      // The engine never leaves them out.
      request.setOptions(new AnalyzerResourceOptions());
      analyzer.analyze(request, (error, answer) => (error === null ? done(answer) : fail(error)));
    });
  const told = (await analyze("kubernetes:core/v1:ConfigMap")).getDiagnosticsList();
  expect(told.map((one) => one.getPolicyname())).toEqual(["no-debug-level"]);
  expect(told[0]?.getMessage()).toContain('ConfigMap own, data LOG_LEVEL: LOG_LEVEL is "debug"\n  mend it with: ');
  expect((await analyze("aws:ssm/parameter:Parameter")).getDiagnosticsList()).toEqual([]);
});
