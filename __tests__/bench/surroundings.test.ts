import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Checkout } from "../../bench/place/checkout.ts";
import { Commands } from "../../bench/place/commands.ts";
import { countingBytes } from "../../bench/place/node.ts";
import { Surroundings } from "../../bench/place/surroundings.ts";
import { run } from "../../commands/support/run.ts";
import { TestMachine } from "../commands/support/machine.ts";

let on: TestMachine;
const path = process.env.PATH;

beforeEach(() => {
  on = new TestMachine();
  on.machine.env.PATH = path;
});

afterEach(() => {
  process.env.PATH = path;
  on.dispose();
});

test("what was made last goes first, what cannot go is told, and the rest still goes", async () => {
  const gone: string[] = [];
  const surroundings = new Surroundings(on.machine);
  surroundings.onRemove(() => void gone.push("copy"));
  surroundings.onRemove(() => Promise.reject(new Error("in use")));
  surroundings.onRemove(async () => void gone.push("cluster"));
  await surroundings.remove();
  expect(gone).toEqual(["cluster", "copy"]);
  expect(on.lines()).toContain("Not taken away: Error: in use");
  await surroundings.remove();
  expect(gone).toHaveLength(2);
});

test("what is asked for twice is made once", async () => {
  let made = 0;
  const surroundings = new Surroundings(on.machine);
  const make = async () => ++made;
  expect(await Promise.all([surroundings.once("it", make), surroundings.once("it", make)])).toEqual([1, 1]);
});

test("a copy has the edits of the working tree and nothing that git ignores, and an edit of it stays in it", async () => {
  const { root } = on.machine;
  await run("git", ["init", "--quiet"], { cwd: root });
  writeFileSync(join(root, ".gitignore"), "secret\n");
  writeFileSync(join(root, "secret"), "x");
  const copy = await Checkout.of(root);
  expect(existsSync(join(copy.folder, "secret"))).toBe(false);
  copy.configure({ nodePort: 30480 });
  expect(copy.read("Pulumi.local.yaml")).toContain("todo-stack:nodePort: 30480");
  expect(readFileSync(join(root, "Pulumi.local.yaml"), "utf8")).toContain("todo-stack:nodePort: 30977");
  copy.remove();
  expect(existsSync(copy.folder)).toBe(false);
});

test("a pipe counts what goes through it, and fails where either side does", async () => {
  const commands = new Commands(on.machine.env, on.folder);
  await expect(commands.pipe(["head", "-c", "300000", "/dev/zero"], ["wc", "-c"])).resolves.toBe(300_000);
  await expect(commands.pipe(["false"], ["cat"])).rejects.toThrow('"false ..." ended with 1');
  await expect(commands.pipe(["echo", "x"], ["sh", "-c", "cat >&2; exit 3"])).rejects.toThrow("ended with 3");
});

test("bytes to a node are those on the standard input of commands there, and none is an error", async () => {
  on.write("bin/docker", "#!/bin/sh\ncat >/dev/null\n");
  await run("chmod", ["755", join(on.folder, "bin", "docker")]);
  const env = { ...on.machine.env, PATH: `${join(on.folder, "bin")}:${path}` };
  const commands = new Commands(env, on.folder);
  const send = (...args: string[]) => run("docker", args, { input: "x".repeat(1234) });
  process.env.PATH = env.PATH;
  await expect(countingBytes(commands, () => send("exec", "-i", "node", "import"))).resolves.toBe(1234);
  const twice = async () => [await send("exec", "-i", "a"), await send("exec", "-i", "b")];
  await expect(countingBytes(commands, twice)).resolves.toBe(2468);
  await expect(countingBytes(commands, () => send("build", "-"))).rejects.toThrow("went another way");
  expect(process.env.PATH).toBe(env.PATH);
});
