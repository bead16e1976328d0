import { expect, test } from "@jest/globals";
import { Deployment } from "./support/deployment.ts";

const deployment = new Deployment();

test("npm run up ends with the page's URL, and the page is there", async () => {
  const lines = (process.env.E2E_FIRST_UP ?? "").trimEnd().split("\n");
  expect(lines.at(-1)).toBe(deployment.url);
  const page = await deployment.fetch("/");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toContain("text/html");
  expect(page.headers.get("content-security-policy")).toContain("default-src");
  expect(await page.text()).toContain("<html");
});

test("frontend, backend and database are ready, each from the image that was built", async () => {
  // Beside them is the pod of a Job that has done its work.
  const pods = (await deployment.pods()).filter(({ component }) => component !== "database-login");
  expect(pods.map(({ component }) => component).sort()).toEqual(["backend", "database", "frontend"]);
  for (const pod of pods) expect(pod).toMatchObject({ ready: true, restarts: 0 });
  const images = pods.filter(({ component }) => component !== "database").map(({ image }) => image);
  for (const image of images) expect(image).toMatch(/^todo-(frontend|backend):1\.0\.0-[0-9a-f]{12}$/);
});

test("the API answers through the page's address, with the request's ID", async () => {
  const made = await deployment.fetch("/api/todos", {
    method: "POST",
    headers: { "content-type": "application/json", "x-request-id": "e2e-1" },
    body: JSON.stringify({ title: "Buy milk" }),
  });
  expect(made.status).toBe(201);
  expect(made.headers.get("x-request-id")).toBe("e2e-1");
  const todo = (await made.json()) as { id: string; title: string };
  const list = (await (await deployment.fetch("/api/todos")).json()) as { items: { id: string }[]; total: number };
  expect(list.items.map(({ id }) => id)).toContain(todo.id);
  expect((await deployment.fetch(`/api/todos/${todo.id}`, { method: "DELETE" })).status).toBe(204);
});

test("a mistake in a request is a problem document that a person understands", async () => {
  const refused = await deployment.fetch("/api/todos", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ title: " " }),
  });
  expect(refused.status).toBe(422);
  expect(refused.headers.get("content-type")).toContain("application/problem+json");
  expect(await refused.json()).toMatchObject({ status: 422, errors: [{ field: "title" }] });
});

test("helm test proves the deployment from inside", async () => {
  const report = await deployment.helm("test", "todo", "--timeout", "120s");
  expect(report).toContain("Phase:          Succeeded");
  expect(report).not.toContain("Failed");
});
