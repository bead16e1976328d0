import { beforeEach, expect, test } from "@jest/globals";
import type { ClusterApi } from "../../components/cluster/api.ts";
import { adoptRelease, settleRelease } from "../../components/release/settle.ts";
import { ApiServer } from "../support/apiServer.ts";
import { secrets, storeRevisions, unpacked } from "./helmSecret.ts";

const server = await ApiServer.start();
const release = { namespace: "todo", releaseName: "todo" };

let api: ClusterApi;
let said: string[];
const options = { timeoutSeconds: 1, pollMilliseconds: 10, say: (line: string) => void said.push(line) };
beforeEach(async () => {
  server.reset();
  said = [];
  api = await server.client();
});

test.each(["pending-upgrade", "pending-install", "pending-rollback", "uninstalling"])(
  "a revision that was left %s long ago is marked as failed, in its label and in what Helm reads",
  async (status) => {
    storeRevisions(server, { revision: 1 }, { revision: 2, status });
    await settleRelease(api, release, options);
    expect(server.changes).toMatchObject([
      {
        method: "PATCH",
        path: `${secrets}/sh.helm.release.v1.todo.v2`,
        body: { metadata: { labels: { status: "failed" } } },
      },
    ]);
    const body = server.changes[0]?.body as { data: { release: string } } | undefined;
    expect(unpacked(body?.data.release ?? "")).toMatchObject({ info: { status: "failed" }, config: { a: 1 } });
    expect(said).toEqual([`Revision 2 of todo was left ${status}; marking it as failed.`]);
  },
);

test("a release that is deployed, or was never there, is left alone", async () => {
  await settleRelease(api, release, options);
  storeRevisions(server, { revision: 1 });
  await settleRelease(api, release, options);
  expect([server.changes, said]).toEqual([[], []]);
});

test("an operation that may still be at work gets its time", async () => {
  storeRevisions(server, { revision: 2, status: "pending-upgrade", since: new Date(Date.now() + 60_000) });
  const settled = settleRelease(api, release, { ...options, timeoutSeconds: 30 });
  setTimeout(() => storeRevisions(server, { revision: 2, since: new Date() }), 60);
  await settled;
  expect(server.changes).toEqual([]);
  expect(said).toEqual(["Revision 2 of todo is pending-upgrade; waiting for it, at most 30 s ..."]);
});

test("nobody waits longer than one timeout, whatever the cluster's clock says", async () => {
  storeRevisions(server, { revision: 2, status: "pending-upgrade", since: new Date(Date.now() + 3_600_000) });
  const began = Date.now();
  await settleRelease(api, release, options);
  expect(Date.now() - began).toBeLessThan(3000);
  expect(server.changes).toHaveLength(1);
});

test("a release that the state does not know is forgotten by Helm, revision by revision", async () => {
  storeRevisions(server, { revision: 1, status: "superseded" }, { revision: 2 });
  await adoptRelease(api, release, options);
  expect(server.changes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `DELETE ${secrets}/sh.helm.release.v1.todo.v1`,
    `DELETE ${secrets}/sh.helm.release.v1.todo.v2`,
  ]);
  expect(said).toEqual(["The release todo runs already, unknown to this stack; taking it over."]);
});
