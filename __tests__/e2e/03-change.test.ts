import { expect, test } from "@jest/globals";
import { Deployment, eventually } from "./support/deployment.ts";

const deployment = new Deployment();
const { checkout } = deployment;
const uids = async (component?: string) => (await deployment.pods(component)).map(({ uid }) => uid).sort();

test("a second run changes nothing and says so", async () => {
  const before = { uids: await uids(), revision: await deployment.revision() };
  const output = await checkout.succeed("up");
  expect(output).toContain("Nothing changed.");
  expect(output.trimEnd().split("\n").at(-1)).toBe(deployment.url);
  expect({ uids: await uids(), revision: await deployment.revision() }).toEqual(before);
});

test("one edited backend line rebuilds and rolls the backend only", async () => {
  const before = await deployment.pods();
  const image = (component: string) => before.find((pod) => pod.component === component)?.image;
  checkout.append("apps/backend/src/todo/server.py", "# one edited line\n");
  await checkout.succeed("up");
  const [backend] = await deployment.pods("backend");
  expect(backend?.image).not.toBe(image("backend"));
  for (const component of ["frontend", "database"]) {
    expect(await uids(component)).toEqual(before.filter((pod) => pod.component === component).map(({ uid }) => uid));
  }
  expect((await deployment.fetch("/api/version")).status).toBe(200);
});

test("one edited chart template reaches the cluster and rolls no pod", async () => {
  const before = await uids();
  checkout.append("chart/templates/serviceaccount.yaml", extraObject);
  await checkout.succeed("up");
  const made = await deployment.kubectl("get", "configmap", "edited-by-hand", "--output", "jsonpath={.data.edited}");
  expect(made).toBe("yes");
  expect(await uids()).toEqual(before);
});

test("a preview tells of the next change without making it", async () => {
  checkout.append("apps/backend/src/todo/server.py", "# another edited line\n");
  const before = { uids: await uids(), revision: await deployment.revision() };
  const said = await checkout.succeed("preview");
  expect(said).toMatch(/todo-backend:1\.0\.0-[0-9a-f]{12}/);
  expect(said).toMatch(/^Deployment \S+-backend would change:$/m);
  expect({ uids: await uids(), revision: await deployment.revision() }).toEqual(before);
});

test("a run that is killed in the middle of its rollout does not hinder the next one", async () => {
  const running = checkout.start("up");
  await eventually(async () => {
    const history = await deployment.helm("history", "todo", "--output", "json");
    expect(history).toContain("pending-upgrade");
  }, 120);
  running.kill("SIGKILL");
  await running.finished;
  await checkout.succeed("up");
  const history = JSON.parse(await deployment.helm("history", "todo", "--output", "json")) as { status: string }[];
  expect(history.at(-1)?.status).toBe("deployed");
  expect((await deployment.fetch("/api/todos")).status).toBe(200);
});

const extraObject = `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: edited-by-hand}
data: {edited: "yes"}
`;
