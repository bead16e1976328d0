import { beforeEach, expect, test } from "@jest/globals";
import { ComponentResource, CustomResource, runtime } from "@pulumi/pulumi";
import { followRegistrations, type Registration } from "../../sandbox/runner/registrations.ts";

let seen: Registration[];

class Made extends CustomResource {}

class Outer extends ComponentResource {
  constructor(name: string) {
    super("todo-stack:a:Outer", name);
    new Inner(name, this);
  }
}

class Inner extends ComponentResource {
  constructor(name: string, parent: Outer) {
    super("todo-stack:a:Inner", name, {}, { parent });
    new Made("random:index/randomPassword:RandomPassword", name, {}, { parent: this, version: "4.21.2" });
  }
}

beforeEach(async () => {
  seen = [];
  const mock = async ({ name }: runtime.MockResourceArgs) => ({ id: name, state: {} });
  await runtime.setMocks({ newResource: mock, call: () => ({}) }, "todo-stack", "local");
  followRegistrations({ project: "todo-stack", stack: "local" }, (registration) => void seen.push(registration));
});

test("every resource has the name that the engine gives it, with the types of all its parents", async () => {
  new Outer("one");
  await runtime.disconnect(false);
  expect(seen).toEqual([
    { urn: "urn:pulumi:local::todo-stack::todo-stack:a:Outer::one", version: "" },
    { urn: "urn:pulumi:local::todo-stack::todo-stack:a:Outer$todo-stack:a:Inner::one", version: "" },
    {
      urn: "urn:pulumi:local::todo-stack::todo-stack:a:Outer$todo-stack:a:Inner$random:index/randomPassword:RandomPassword::one",
      version: "4.21.2",
    },
  ]);
});
