import { expect, test } from "@jest/globals";
import { addRevision, readRevisions } from "../../components/release/history.ts";
import { ApiServer } from "../support/apiServer.ts";
import { secrets, storeRevisions, unpacked } from "./helmSecret.ts";

const release = { namespace: "todo", releaseName: "todo" };

test("a change beside Helm becomes its next revision, and the last one is superseded only after that", async () => {
  const server = await ApiServer.start();
  const api = await server.client();
  storeRevisions(server, { revision: 6 }, { revision: 7, manifest: "image: todo-backend:1.0.0-old" });
  const last = (await readRevisions(api, release)).at(-1);
  if (last === undefined) throw new Error("there is no revision");
  await addRevision(api, release, last, (json) => json.replaceAll("1.0.0-old", "1.0.0-new"));
  expect(server.changes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST ${secrets}`,
    `PATCH ${secrets}/sh.helm.release.v1.todo.v7`,
  ]);
  const [made, superseded] = server.changes.map(({ body }) => body as HelmSecret);
  expect(made).toMatchObject({
    type: "helm.sh/release.v1",
    metadata: {
      name: "sh.helm.release.v1.todo.v8",
      labels: { owner: "helm", name: "todo", status: "deployed", version: "8" },
    },
  });
  expect(unpacked(made?.data.release ?? "")).toMatchObject({
    version: 8,
    manifest: "image: todo-backend:1.0.0-new",
    config: { a: 1 },
    info: { status: "deployed", description: "chart 0123456789ab" },
  });
  expect(superseded?.metadata.labels.status).toBe("superseded");
  expect(unpacked(superseded?.data.release ?? "")).toMatchObject({
    manifest: "image: todo-backend:1.0.0-old",
    info: { status: "superseded", description: "chart 0123456789ab" },
  });
});

interface HelmSecret {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly data: { readonly release: string };
}
