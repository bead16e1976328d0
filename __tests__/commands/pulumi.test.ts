import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { passThrough } from "../../commands/deploy/passThrough.ts";
import { TestMachine } from "./support/machine.ts";

let on: TestMachine;

beforeEach(() => {
  on = new TestMachine();
  on.install("pulumi");
});
afterEach(() => {
  on.dispose();
});

const selected = (stack: string) => expect.stringMatching(new RegExp(`stack select --create --stack ${stack}$`));

test.each([
  ["config", "set", "--stack", "prod", "host", "todo.example.com"],
  ["config", "set", "--stack=prod", "host", "todo.example.com"],
  ["config", "set", "-s", "prod", "host", "todo.example.com"],
])("a stack with a file can be configured before its first preview: %j", async (...args) => {
  await passThrough(args, on.machine);
  expect(on.calls()).toEqual([selected("prod"), `pulumi ${args.join(" ")}`]);
});

test("what another command is for, which stack has no file, and which is there already, is left as it is", async () => {
  for (const args of [
    ["stack", "ls"],
    ["config", "set", "--stack", "other", "a", "b"],
    ["config", "get", "a"],
  ]) {
    await passThrough(args, on.machine);
    expect(on.calls().at(-1)).toBe(`pulumi ${args.join(" ")}`);
  }
  await passThrough(["config", "--stack", "prod"], on.machine);
  await passThrough(["config", "--stack", "prod"], on.machine);
  expect(on.calls().filter((call) => call.includes("stack select"))).toHaveLength(1);
});
