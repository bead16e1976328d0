import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ClusterApi } from "../../components/cluster/api.ts";
import { awaitStarted, movedImages, startAhead } from "../../components/release/headStart.ts";
import { type Revision, readRevisions } from "../../components/release/history.ts";
import { ApiServer } from "../support/apiServer.ts";
import { storeRevisions } from "./helmSecret.ts";

const server = await ApiServer.start();

const image = (repository: string, tag: string, digest = "") => ({ repository, tag, digest, pullPolicy: "Never" });

const inputs = (frontend: string, backend: string) => ({
  description: "chart 0123456789ab",
  values: {
    frontend: { image: image("todo-frontend", frontend), replicaCount: 1 },
    backend: { image: image("todo-backend", backend), env: { LOG_LEVEL: "info" }, existingSecrets: ["a"] },
  },
});

describe("the images that an update moves", () => {
  test("where tags alone differ: each reference by the next one", () => {
    expect(movedImages(inputs("1", "1"), inputs("1", "2"))).toEqual(new Map([["todo-backend:1", "todo-backend:2"]]));
    expect(movedImages(inputs("1", "1"), inputs("2", "2"))?.size).toBe(2);
    expect(movedImages(inputs("1", "1"), inputs("1", "1"))).toEqual(new Map());
  });

  const before = inputs("1", "1");
  const after = inputs("1", "2");
  const { frontend, backend } = after.values;
  test.each([
    ["the chart", { ...after, description: "chart ba9876543210" }],
    ["a repair", { ...after, description: "chart 0123456789ab, repair of revision 4" }],
    ["a setting", { ...after, values: { frontend, backend: { ...backend, env: { LOG_LEVEL: "debug" } } } }],
    ["a new value", { ...after, values: { frontend, backend: { ...backend, replicaCount: 2 } } }],
    ["a value that is gone", { ...after, values: { backend } }],
    ["a list", { ...after, values: { frontend, backend: { ...backend, existingSecrets: ["a", "b"] } } }],
    ["a repository", { ...after, values: { frontend, backend: { ...backend, image: image("other", "2") } } }],
    [
      "a digest",
      { ...after, values: { frontend, backend: { ...backend, image: image("todo-backend", "2", "sha256:1") } } },
    ],
    ["all of it", undefined],
  ])("none where %s differs too", (_, news) => {
    expect(movedImages(before, news)).toBeUndefined();
  });

  test("none in a registry, where digests name them", () => {
    const pinned = (tag: string) => ({ backend: { image: image("ghcr.io/acme/todo-backend", tag, `sha256:${tag}`) } });
    expect(movedImages(pinned("1"), pinned("2"))).toBeUndefined();
  });
});

describe("a head start", () => {
  const release = { namespace: "todo", releaseName: "todo" };
  const moved = new Map([["todo-backend:1", "todo-backend:2"]]);
  const pods = "/apis/apps/v1/namespaces/todo/deployments";

  const deployment = (name: string, containers: string, initContainers = "[]") =>
    `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {spec: {containers: ${containers}, initContainers: ${initContainers}}}}\n`;
  const job =
    "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: todo-tidy}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: tidy, image: todo-backend:1}]}}}}}\n";
  const manifest = [
    deployment("todo-frontend", "[{name: frontend, image: todo-frontend:1}]"),
    deployment("todo-backend", "[{name: backend, image: todo-backend:1}]", "[{name: migrate, image: todo-backend:1}]"),
    deployment("todo-mail", "[{name: mail, image: todo-backend:1}]"),
    job,
  ].join("");

  let api: ClusterApi;
  beforeEach(async () => {
    server.reset();
    api = await server.client();
  });

  const lastOf = async (status?: string): Promise<Revision> => {
    storeRevisions(server, { revision: 3, manifest, ...(status === undefined ? {} : { status }) });
    return (await readRevisions(api, release)).at(-1) as Revision;
  };

  test("sets each moved image in all Deployments that run it, and leaves the rest to Helm", async () => {
    for (const name of ["todo-frontend", "todo-backend", "todo-mail"]) server.objects.set(`${pods}/${name}`, {});
    await expect(startAhead(api, release, await lastOf(), moved)).resolves.toEqual(["todo-backend", "todo-mail"]);
    const set = (containers: object[], initContainers: object[] = []) => ({
      spec: { template: { spec: { containers, initContainers } } },
    });
    const reference = "todo-backend:2";
    expect(server.changes.sort((one, other) => one.path.localeCompare(other.path))).toMatchObject([
      {
        method: "PATCH",
        path: `${pods}/todo-backend`,
        body: set([{ name: "backend", image: reference }], [{ name: "migrate", image: reference }]),
      },
      {
        method: "PATCH",
        path: `${pods}/todo-mail`,
        body: set([{ name: "mail", image: reference }]),
      },
    ]);
  });

  test.each(["failed", "pending-upgrade"])("leaves a release alone that is %s", async (status) => {
    await expect(startAhead(api, release, await lastOf(status), moved)).resolves.toEqual([]);
    expect(server.changes).toEqual([]);
  });

  const rolledOut = {
    metadata: { generation: 2 },
    spec: { replicas: 1 },
    status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
  };
  const surging = { ...rolledOut, status: { ...rolledOut.status, replicas: 2 } };

  test("waits until what was started is rolled out", async () => {
    const states = [surging, surging, rolledOut].map((object) => ({ type: "MODIFIED", object }));
    server.watches.set(pods, [states]);
    await awaitStarted(api, release, ["todo-backend"], new AbortController().signal);
    expect(server.watches.get(pods)).toEqual([]);
  });

  test("waits no longer where a pod is known not to serve, nor where the server refuses", async () => {
    const began = Date.now();
    server.watches.set(pods, [[{ type: "MODIFIED", object: surging }]]);
    await awaitStarted(api, release, ["todo-backend"], AbortSignal.timeout(50));
    server.refusals.add(pods);
    await awaitStarted(api, release, ["todo-backend"], new AbortController().signal);
    expect(Date.now() - began).toBeLessThan(3000);
  });
});
