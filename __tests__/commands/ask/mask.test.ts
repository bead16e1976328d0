import { describe, expect, test } from "@jest/globals";
import { makeMasks, readSecrets } from "../../../commands/ask/mask.ts";
import { ApiServer } from "../../support/apiServer.ts";

const mask = makeMasks([]).everywhere;

describe("a secret is masked by its form", () => {
  test.each([
    ["postgresql://todo:hunter2@db:5432/todo", "postgresql://todo:(masked)@db:5432/todo"],
    ["Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer (masked)"],
    ["jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl ends", "jwt (masked) ends"],
    ["DATABASE_PASSWORD=hunter2 next", "DATABASE_PASSWORD=(masked) next"],
    ["api-key: abc", "api-key: (masked)"],
    ['{"token": "abc", "x": 1}', '{"token": "(masked)", "x": 1}'],
    ['{"log": "{\\"password\\": \\"a b\\"}"}', '{"log": "{\\"password\\": \\"(masked)\\"}"}'],
    ["client_secret='a b c'", "client_secret='(masked)'"],
    ["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- after", "(masked) after"],
  ])("%s", (text, expected) => {
    expect(mask(text)).toBe(expected);
  });

  test.each([
    "secretName: todo-database",
    '"secretKeyRef": {"name": "database", "key": "DATABASE_PASSWORD"}',
    "secretKeyRef:\n  key: DATABASE_PASSWORD\n  name: database",
    'password authentication failed for user "todo"',
    "automountServiceAccountToken: false",
    'secret "backend" not found',
    "http://todo-backend:8000/health",
  ])("what only looks like one stays: %s", (text) => {
    expect(mask(text)).toBe(text);
  });
});

test("what stands in a Secret is masked as well, short values in texts alone", () => {
  const secret = (value: string) => ({ metadata: { name: "s" }, data: { A: Buffer.from(value).toString("base64") } });
  const { everywhere, inText } = makeMasks([secret("s3cret value"), secret("todo")]);
  expect(everywhere("todo said s3cret value")).toBe("todo said (masked)");
  expect(inText("todo said s3cret value")).toBe("(masked) said (masked)");
});

test("the Secrets of a namespace are read; whoever may not has none", async () => {
  const server = await ApiServer.start();
  const path = "/api/v1/namespaces/todo/secrets";
  const api = await server.client();
  const items = [{ metadata: { name: "database" }, data: { PASSWORD: "aHVudGVyMg==" } }];
  server.objects.set(path, { items });
  await expect(readSecrets(api, "todo")).resolves.toEqual(items);
  server.refusals.add(path);
  await expect(readSecrets(api, "todo")).resolves.toBeUndefined();
});
