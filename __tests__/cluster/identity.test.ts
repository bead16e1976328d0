import { afterEach, expect, test } from "@jest/globals";
import { checkIdentity, identityRefusal } from "../../components/cluster/identityHandler.ts";

const before = { context: "cluster-eu", server: "https://a", uid: "uid-a" };
const elsewhere = { context: "cluster-eu", server: "https://b", uid: "uid-b" };

afterEach(() => {
  delete process.env.TODO_STACK_ACCEPT_CLUSTER;
});

test("the first update and the same cluster at another address pass", () => {
  expect(checkIdentity(undefined, before)).toBeUndefined();
  expect(checkIdentity({ ...before, server: "https://other" }, before)).toBeUndefined();
});

test("another cluster under the same context is refused with the command that accepts it", () => {
  const refusal = checkIdentity(before, elsewhere);
  expect(refusal).toContain('The context "cluster-eu" leads to another cluster');
  expect(refusal).toContain("it was uid-a at https://a, and is uid-b at https://b. Nothing was changed.");
  expect(refusal).toContain("TODO_STACK_ACCEPT_CLUSTER=uid-b npm run up");
});

test("only the very cluster that was named is accepted", () => {
  process.env.TODO_STACK_ACCEPT_CLUSTER = "uid-b";
  expect(checkIdentity(before, elsewhere)).toBeUndefined();
  expect(identityRefusal(before, elsewhere, "uid-c")).toBeDefined();
});
