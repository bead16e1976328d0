import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { lookAtResource } from "../../../commands/deploy/unchanged/live.ts";
import type { KeptResource } from "../../../commands/deploy/unchanged/stackState.ts";
import { storeRevisions } from "../../release/helmSecret.ts";
import { ApiServer } from "../../support/apiServer.ts";

let server: ApiServer;
let folder: string;
const { PATH } = process.env;

beforeAll(async () => {
  server = await ApiServer.start();
  folder = mkdtempSync(join(tmpdir(), "todo-stack-live-"));
  process.env.PATH = `${folder}:${PATH}`;
});

afterAll(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

beforeEach(() => server.reset());

const kept = (type: string, fields: Partial<KeptResource>): KeptResource => {
  return { urn: `urn:${type}`, type, id: "", inputs: {}, outputs: {}, provider: "", ...fields };
};

const look = async (resource: KeptResource) => lookAtResource(resource, await server.client());

const metadata = { name: "database-1a2b", namespace: "todo", uid: "u1", resourceVersion: "7" };
const secret = kept("kubernetes:core/v1:Secret", { outputs: { metadata } });
const path = "/api/v1/namespaces/todo/secrets/database-1a2b";

test("an object of the version that the state keeps is as it was", async () => {
  server.objects.set(path, { metadata });
  await expect(look(secret)).resolves.toBeUndefined();
});

test.each([
  ["was deleted", undefined],
  ["was edited by hand", { ...metadata, resourceVersion: "8" }],
  ["is another of the same name, as on another cluster", { ...metadata, uid: "u2" }],
  ["is being deleted", { ...metadata, deletionTimestamp: "2026-01-01T00:00:00Z" }],
])("an object that %s is a doubt", async (_case, live) => {
  if (live !== undefined) server.objects.set(path, { metadata: live });
  await expect(look(secret)).rejects.toThrow("was touched");
});

test("a cluster that refuses or does not answer gives no answer", async () => {
  server.refusals.add(path);
  await expect(look(secret)).rejects.toThrow("403");
});

const status = { name: "todo", namespace: "todo", revision: 2 };
const release = kept("kubernetes:helm.sh/v3:Release", { outputs: { status } });

test.each<[string, Parameters<typeof storeRevisions>[1][], boolean]>([
  ["the revision of the state, deployed", [{ revision: 1 }, { revision: 2 }], true],
  ["no revision", [], false],
  ["a newer revision", [{ revision: 2 }, { revision: 3 }], false],
  ["an older revision", [{ revision: 1 }], false],
  ["a failed revision", [{ revision: 2, status: "failed" }], false],
  ["an interrupted revision", [{ revision: 2, status: "pending-upgrade" }], false],
])("a release: %s", async (_case, revisions, same) => {
  storeRevisions(server, ...revisions);
  const answer = await look(release).catch((error: Error) => error.message);
  expect(answer).toBe(same ? undefined : "urn:kubernetes:helm.sh/v3:Release is of another revision");
});

/** An engine that has these images, with one node that has those; the node's name makes each question a new one. */
function engineWith(node: string, { engine, onNode }: { engine: string; onNode: string }) {
  const script = `#!/bin/sh
case "$1" in
  ps) echo ${node} ;;
  images) echo "${engine}" ;;
  exec) echo "${onNode} type sha256:1" ;;
esac
`;
  writeFileSync(join(folder, "docker"), script);
  chmodSync(join(folder, "docker"), 0o755);
  return { target: { kind: "sandbox", context: node }, reference: "todo-backend:1" };
}

test("an image on the node is as it was; one that the node lacks is a doubt", async () => {
  const there = engineWith("n1", { engine: "", onNode: "docker.io/library/todo-backend:1" });
  await expect(look(kept("pulumi-nodejs:dynamic/todo-stack:NodeImage", { inputs: there }))).resolves.toBeUndefined();
  const gone = engineWith("n2", { engine: "todo-backend:1", onNode: "docker.io/library/other:1" });
  await expect(look(kept("pulumi-nodejs:dynamic/todo-stack:NodeImage", { inputs: gone }))).rejects.toThrow("n2 lacks");
});

test("an image that engine and node have lost is a doubt", async () => {
  const lost = engineWith("n3", { engine: "", onNode: "docker.io/library/other:1" });
  const build = kept("pulumi-nodejs:dynamic/todo-stack:BuildGeneration", { inputs: lost });
  await expect(look(build)).rejects.toThrow("todo-backend:1 is lost");
});
