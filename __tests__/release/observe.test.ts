import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ClusterApi } from "../../components/cluster/api.ts";
import {
  lookAtRelease,
  observeRelease,
  type ReleaseFacts,
  releaseDescription,
} from "../../components/release/observe.ts";
import { ApiServer } from "../support/apiServer.ts";
import { deploymentManifest, deploymentPath, offerDeployments } from "./deployment.ts";
import { storeRevisions } from "./helmSecret.ts";

const server = await ApiServer.start();
const release = { namespace: "todo", releaseName: "todo" };
const manifest = deploymentManifest(1);
const path = deploymentPath;
const deployment = (replicas: number, extra: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "todo-backend", namespace: "todo", ...extra },
  spec: { replicas, progressDeadlineSeconds: 600 },
  status: { replicas },
});

let api: ClusterApi;
beforeEach(async () => {
  server.reset();
  offerDeployments(server);
  api = await server.client();
});

test("where there is no release, and no cluster yet, nothing is known", async () => {
  await expect(observeRelease(api, release)).resolves.toBeUndefined();
  await expect(observeRelease(undefined, release)).resolves.toBeUndefined();
});

test("a release whose objects are as the server would apply them is as it should be", async () => {
  storeRevisions(server, { revision: 2, manifest }, { revision: 10, manifest });
  server.objects.set(path, deployment(1, { resourceVersion: "5" }));
  server.applied.set(path, deployment(1, { resourceVersion: "5", managedFields: [{ manager: "todo-stack" }] }));
  await expect(observeRelease(api, release)).resolves.toMatchObject({ revision: 10, problems: [], drift: [] });
});

test("the server compares only what somebody else may have touched", async () => {
  storeRevisions(server, { revision: 3, manifest });
  const set = (manager: string) => deployment(1, { managedFields: [{ manager, operation: "Update" }] });
  server.applied.set(path, deployment(2));
  server.objects.set(path, set("pulumi-resource-kubernetes"));
  expect((await observeRelease(api, release))?.problems).toEqual([]);
  server.objects.set(path, set("kubectl-edit"));
  expect((await observeRelease(api, release))?.problems).toEqual(["Deployment todo-backend was changed by hand"]);
});

test("an object that is gone, or on its way out, is missing", async () => {
  storeRevisions(server, { revision: 3, manifest });
  await expect(observeRelease(api, release)).resolves.toMatchObject({
    problems: ["Deployment todo-backend is missing"],
  });
  server.objects.set(path, deployment(1, { deletionTimestamp: "2026-01-01T00:00:00Z" }));
  await expect(observeRelease(api, release)).resolves.toMatchObject({
    problems: ["Deployment todo-backend is missing"],
  });
});

test("a Deployment that was scaled by hand was changed, and both states are known", async () => {
  storeRevisions(server, { revision: 3, manifest });
  server.objects.set(path, deployment(3));
  server.applied.set(path, deployment(1));
  const facts = await observeRelease(api, release);
  expect(facts?.problems).toEqual(["Deployment todo-backend was changed by hand"]);
  expect(facts?.drift).toMatchObject([{ live: { spec: { replicas: 3 } }, wanted: { spec: { replicas: 1 } } }]);
  expect(server.changes).toEqual([]);
});

test.each(["pending-upgrade", "pending-install", "failed", "uninstalling"])(
  "a release that is %s is not as it should be",
  async (status) => {
    storeRevisions(server, { revision: 3, manifest }, { revision: 4, status, manifest });
    const facts = await observeRelease(api, release);
    expect(facts?.problems).toEqual([`its revision 4 is ${status}`]);
  },
);

test.each(["Rollback to 2", "Upgrade complete"])("a revision of another hand (%s) is told", async (description) => {
  storeRevisions(server, { revision: 5, description, manifest });
  const facts = await observeRelease(api, release);
  expect(facts?.problems).toEqual([`its revision 5 was made otherwise: "${description}"`]);
});

describe("the description of the next revision", () => {
  const hash = "0123456789abcdef0123";
  const facts = (changes: Partial<ReleaseFacts>): ReleaseFacts => ({
    revision: 7,
    description: "chart 0123456789ab",
    problems: [],
    drift: [],
    ...changes,
  });

  test("names the chart", () => {
    expect(releaseDescription(hash, undefined)).toBe("chart 0123456789ab");
    expect(releaseDescription(hash, facts({}))).toBe("chart 0123456789ab");
  });

  test("is another one for a release that must be repaired, and stays that afterwards", () => {
    const repair = releaseDescription(hash, facts({ problems: ["Deployment a is missing"] }));
    expect(repair).toBe("chart 0123456789ab, repair of revision 7");
    expect(releaseDescription(hash, facts({ revision: 8, description: repair }))).toBe(repair);
  });

  test("is the new chart's alone once the chart was edited", () => {
    const description = "chart ffffffffffff, repair of revision 3";
    expect(releaseDescription(hash, facts({ description }))).toBe("chart 0123456789ab");
  });
});

test("a release that may not be looked at is deployed all the same", async () => {
  storeRevisions(server, { revision: 3, manifest });
  server.refusals.add("/api/v1/namespaces/todo/secrets");
  await expect(observeRelease(api, release)).rejects.toThrow(/GET .*secrets was answered 403: forbidden/);
  await expect(lookAtRelease(api, release)).resolves.toBeUndefined();
});
