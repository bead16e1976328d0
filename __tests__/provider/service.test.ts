import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { credentials, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { afterAll, afterEach, expect, test } from "@jest/globals";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { ResourceHandler } from "../../components/provider/handlers.ts";
import { ownResource } from "../../components/provider/ownResource.ts";
import { resourceService } from "../../components/provider/service.ts";

const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
const urn = `urn:pulumi:local::todo-stack::a$b:c:D$${ownResource("NodeImage")}::backend-on-node`;
const fields = (of: Record<string, string | number>) => struct.Struct.fromJavaScript(of);

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** What the engine calls, as promises. */
function engine(port: number) {
  const client = new providerGrpc.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  ends.push(() => client.close());
  const call = <Request, Response>(
    method: (request: Request, done: (e: Error | null, r: Response) => void) => unknown,
  ) => promisify(method.bind(client)) as (request: Request) => Promise<Response>;
  return {
    info: call<typeof empty.Empty.prototype, { getVersion(): string }>(client.getPluginInfo),
    check: call<typeof provider.CheckRequest.prototype, typeof provider.CheckResponse.prototype>(client.check),
    diff: call<typeof provider.DiffRequest.prototype, typeof provider.DiffResponse.prototype>(client.diff),
    diffConfig: call<typeof provider.DiffRequest.prototype, typeof provider.DiffResponse.prototype>(client.diffConfig),
    create: call<typeof provider.CreateRequest.prototype, typeof provider.CreateResponse.prototype>(client.create),
    read: call<typeof provider.ReadRequest.prototype, typeof provider.ReadResponse.prototype>(client.read),
    update: call<typeof provider.UpdateRequest.prototype, typeof provider.UpdateResponse.prototype>(client.update),
    delete: call<typeof provider.DeleteRequest.prototype, unknown>(client.delete),
  };
}

async function serve(handler: Partial<ResourceHandler>) {
  const server = new Server();
  const whole: ResourceHandler = { diff: async () => ({ changes: false }), create: async () => "id", ...handler };
  server.addService(
    providerGrpc.ResourceProviderService,
    resourceService(async () => whole),
  );
  ends.push(() => server.forceShutdown());
  const bind = promisify(server.bindAsync.bind(server));
  return engine(await bind("127.0.0.1:0", ServerCredentials.createInsecure()));
}

const checkOf = (news: Record<string, string | number>, olds = {}) =>
  new provider.CheckRequest().setUrn(urn).setOlds(fields(olds)).setNews(fields(news));
const diffOf = (olds: Record<string, string | number>, news: Record<string, string | number>) =>
  new provider.DiffRequest().setUrn(urn).setId("id").setOlds(fields(olds)).setNews(fields(news));

test("a program's resource is asked for each time, a refresh's comparison with itself is not", async () => {
  const asked: object[] = [];
  const on = await serve({
    diff: async (_olds, news) => {
      asked.push(news);
      return { changes: true, replaces: ["target"] };
    },
  });
  await on.read(
    new provider.ReadRequest()
      .setUrn(urn)
      .setId("id")
      .setProperties(fields({ reference: "a" })),
  );
  expect((await on.diff(diffOf({ reference: "a" }, { reference: "a" }))).getChanges()).toBe(DIFF_NONE);
  expect(asked).toEqual([]);
  expect((await on.diff(diffOf({ reference: "a" }, { reference: "b" }))).getChanges()).toBe(DIFF_SOME);
  await on.check(checkOf({ reference: "a" }));
  const found = await on.diff(diffOf({ reference: "a" }, { reference: "a" }));
  expect([found.getChanges(), found.getReplacesList()]).toEqual([DIFF_SOME, ["target"]]);
  expect(asked).toEqual([{ reference: "b" }, { reference: "a" }]);
});

test("the check hands over what was kept, completes the inputs and tells what is wrong with them", async () => {
  const on = await serve({
    check: async (olds, news) => ({
      inputs: { ...news, before: JSON.stringify(olds) },
      failures: [{ property: "uid", reason: "another cluster" }],
    }),
  });
  // Earlier versions of the program kept the text of a dynamic provider beside the inputs.
  const checked = await on.check(checkOf({ a: 1 }, { a: 0, __provider: "exports.handler = ..." }));
  expect(checked.getInputs()?.toJavaScript()).toEqual({ a: 1, before: '{"a":0}' });
  expect(checked.getFailuresList().map((failure) => failure.toObject())).toEqual([
    { property: "uid", reason: "another cluster" },
  ]);
});

test("what is made, changed, looked at and removed is told to the handler, and its inputs are kept", async () => {
  const told: string[] = [];
  const note = (what: string) => async (inputs: object) => void told.push(`${what} ${JSON.stringify(inputs)}`);
  const on = await serve({ update: note("update"), read: note("read"), delete: note("delete") });
  const made = await on.create(new provider.CreateRequest().setUrn(urn).setProperties(fields({ a: 1 })));
  expect([made.getId(), made.getProperties()?.toJavaScript()]).toEqual(["id", { a: 1 }]);
  const changed = await on.update(
    new provider.UpdateRequest()
      .setUrn(urn)
      .setOlds(fields({ a: 1 }))
      .setNews(fields({ a: 2 })),
  );
  expect(changed.getProperties()?.toJavaScript()).toEqual({ a: 2 });
  const kept = new provider.ReadRequest()
    .setUrn(urn)
    .setId("id")
    .setProperties(fields({ a: 2 }))
    .setInputs(fields({ a: 3 }));
  const looked = await on.read(kept);
  expect([looked.getId(), looked.getInputs()?.toJavaScript()]).toEqual(["id", { a: 3 }]);
  await on.delete(
    new provider.DeleteRequest()
      .setUrn(urn)
      .setId("id")
      .setProperties(fields({ a: 2 })),
  );
  expect(told).toEqual(['update {"a":2}', 'read {"a":2}', 'delete {"a":2}']);
});

test("what a handler throws is what the engine tells", async () => {
  const on = await serve({
    create: async () => {
      throw new Error("the node's disk is full");
    },
  });
  const made = on.create(new provider.CreateRequest().setUrn(urn).setProperties(fields({})));
  await expect(made).rejects.toMatchObject({ details: "the node's disk is full" });
});

interface Started {
  readonly port: number;
  readonly process: ChildProcess;
}

const cache = mkdtempSync(join(tmpdir(), "todo-stack-provider-"));
afterAll(() => rmSync(cache, { recursive: true }));

let engines = 0;

/** Starts the provider as an engine of this address does, or by another command. */
async function start(address = `127.0.0.1:${++engines}`, ...by: readonly string[]): Promise<Started> {
  const [command = "", ...args] = [...by, "components/provider/pulumi-resource-pulumi-nodejs", address];
  const child: ChildProcess = spawn(command, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "", TODO_STACK_CACHE: cache },
  });
  ends.push(() => void child.kill());
  if (child.stdout === null) throw new Error("the provider has no output");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { port: Number(line), process: child };
}

test("a provider whose engine was killed ends by itself", async () => {
  const engineOf = ["sh", "-c", '"$@"; true', "engine"];
  const { port, process: killed } = await start(undefined, ...engineOf);
  const { info } = engine(port);
  killed.kill("SIGKILL");
  const asking = async () => {
    for (;;) {
      await info(new empty.Empty());
      await sleep(50);
    }
  };
  await expect(asking()).rejects.toMatchObject({ code: status.UNAVAILABLE });
}, 20_000);

test("an engine's second start answers through the first, another engine's does not", async () => {
  const [first, second, other] = [await start("127.0.0.1:7000"), await start("127.0.0.1:7000"), await start()];
  expect(second.port).toBe(first.port);
  expect(other.port).not.toBe(first.port);
  second.process.kill("SIGKILL");
  await once(second.process, "exit");
  expect((await engine(first.port).info(new empty.Empty())).getVersion()).toBe("1.0.0");
  first.process.kill("SIGKILL");
  await once(first.process, "exit");
  expect((await start("127.0.0.1:7000")).port).not.toBe(first.port);
});

test("a second start ends with its engine too", async () => {
  const twice = ["sh", "-c", '"$@" & sleep 2; "$@" & wait', "engine"];
  const { port, process: killed } = await start("127.0.0.1:7001", ...twice);
  if (killed.stdout === null) throw new Error("the provider has no output");
  const [again] = (await once(createInterface(killed.stdout), "line")) as [string];
  expect(Number(again)).toBe(port);
  killed.kill("SIGKILL");
  // Both hold it open for as long as they live.
  await once(killed.stdout, "close");
}, 20_000);

test("a changed configuration leaves the provider as it is", async () => {
  const on = await serve({});
  const changed = new provider.DiffRequest().setOlds(fields({ a: "1" })).setNews(fields({ a: "2" }));
  expect((await on.diffConfig(changed)).getChanges()).toBe(DIFF_NONE);
});

test("the launcher serves the program's own resources, and no others", async () => {
  const on = engine((await start()).port);
  expect((await on.info(new empty.Empty())).getVersion()).toBe("1.0.0");
  const generation = `urn:pulumi:local::todo-stack::${ownResource("BuildGeneration")}::backend-build`;
  const checked = await on.check(checkOf({ reference: "a:2" }, { reference: "a:1", generation: 3 }).setUrn(generation));
  expect(checked.getInputs()?.toJavaScript()).toEqual({ reference: "a:2", generation: 3 });
  const other = on.check(checkOf({}).setUrn("urn:pulumi:local::todo-stack::pulumi-nodejs:dynamic:Resource::other"));
  await expect(other).rejects.toMatchObject({
    details: expect.stringMatching(/Resource::other is no resource of this/),
  });
});
