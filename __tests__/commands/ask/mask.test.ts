import { describe, expect, test } from "@jest/globals";
import { makeMask, readSecretValues } from "../../../commands/ask/mask.ts";
import { ApiServer } from "../../support/apiServer.ts";

const mask = makeMask();

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

describe("a known secret is masked wherever it stands", () => {
  const known = makeMask(["s3cret value", "s3cret", "short"]);

  test.each([
    ["said s3cret here", "said (masked) here"],
    ["the longer one first: s3cret value", "the longer one first: (masked)"],
    [Buffer.from("s3cret value").toString("base64"), "(masked)"],
    ["https://x/?q=s3cret%20value", "https://x/?q=(masked)"],
    ["a short one is a word", "a short one is a word"],
  ])("%s", (text, expected) => {
    expect(known(text)).toBe(expected);
  });
});

test("the values of a namespace's Secrets are read; whoever may not has none", async () => {
  const server = await ApiServer.start();
  const path = "/api/v1/namespaces/todo/secrets";
  const api = await server.client();
  server.objects.set(path, { items: [{ data: { PASSWORD: Buffer.from("hunter2").toString("base64") } }, {}] });
  await expect(readSecretValues(api, "todo")).resolves.toEqual(["hunter2"]);
  server.refusals.add(path);
  await expect(readSecretValues(api, "todo")).resolves.toEqual([]);
});
