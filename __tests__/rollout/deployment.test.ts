import { beforeEach, expect, test } from "@jest/globals";
import type { ClusterApi } from "../../components/cluster/api.ts";
import { type Deployment, deploymentPath, imagePatch, isRolledOut, waitForRollout } from "../../rollout/deployment.ts";
import { ApiServer } from "../support/apiServer.ts";

const server = await ApiServer.start();
const watched = "/apis/apps/v1/namespaces/todo/deployments";
const named = { namespace: "todo", name: "todo-backend" };

let api: ClusterApi;
beforeEach(async () => {
  server.reset();
  api = await server.client();
});

const done = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
const deployment = (status: Deployment["status"]): Deployment => ({
  metadata: { generation: 2 },
  spec: {
    replicas: 2,
    template: {
      spec: {
        initContainers: [{ name: "migrate", image: "todo-backend:1" }],
        containers: [
          { name: "backend", image: "todo-backend:1" },
          { name: "proxy", image: "todo-backend-proxy:1" },
        ],
      },
    },
  },
  ...(status === undefined ? {} : { status }),
});

test.each([
  [done, true],
  [{ ...done, observedGeneration: 1 }, false],
  [{ ...done, updatedReplicas: 1 }, false],
  [{ ...done, replicas: 3 }, false],
  [{ ...done, availableReplicas: 1 }, false],
  [undefined, false],
])("a Deployment of status %j is rolled out: %p", (status, expected) => {
  expect(isRolledOut(deployment(status))).toBe(expected);
});

test("a rollout is over when a watch tells so, also where the server ends the first watch", async () => {
  server.watches.set(watched, [
    [],
    [
      { type: "ADDED", object: deployment({ ...done, availableReplicas: 1 }) },
      { type: "MODIFIED", object: deployment(done) },
    ],
  ]);
  await waitForRollout(api, named, AbortSignal.timeout(5000));
  expect(server.watches.get(watched)).toEqual([]);
});

test("a watch is ended with the rollout: many of them would take every connection", async () => {
  for (let count = 0; count < 6; count++) {
    server.watches.set(watched, [[{ type: "ADDED", object: deployment(done) }]]);
    await waitForRollout(api, named, AbortSignal.timeout(5000));
    expect(await api.get("/api/v1/namespaces/kube-system")).toBeDefined();
  }
  await new Promise((closed) => setTimeout(closed, 50));
  expect(server.openWatches).toBe(0);
});

test("a wait ends with its signal's reason, and a refusal is told", async () => {
  const refused = new Error("the new pod does not serve");
  server.watches.set(watched, [[], [], []]);
  await expect(waitForRollout(api, named, AbortSignal.abort(refused))).rejects.toThrow();
  server.refusals.add(watched);
  server.watches.clear();
  await expect(waitForRollout(api, named, AbortSignal.timeout(5000))).rejects.toThrow(/answered 403: forbidden/);
});

test("an image is set in a container and in those that run the same one, whatever that is, and in no other", () => {
  expect(imagePatch(deployment(done), "backend", "todo-backend:2")).toEqual({
    spec: {
      template: {
        spec: {
          containers: [{ name: "backend", image: "todo-backend:2" }],
          initContainers: [{ name: "migrate", image: "todo-backend:2" }],
        },
      },
    },
  });
  expect(() => imagePatch(deployment(done), "frontend", "todo-frontend:2")).toThrow("has no container frontend");
  expect(deploymentPath("todo", "todo-backend")).toBe(`${watched}/todo-backend`);
});
