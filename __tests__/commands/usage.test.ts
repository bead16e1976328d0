import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const scripts = Object.entries((JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts);
const files = readdirSync(join(root, "commands")).filter((file) => file.endsWith(".ts"));
const commands = files.map((file) => file.replace(/\.ts$/, ""));

let clone: string;

/** What a fresh clone has: no packages, and nothing that may be installed or started. */
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), "todo-stack-usage-"));
  mkdirSync(join(clone, "commands"));
  for (const file of ["bootstrap.mjs", ...files]) cpSync(join(root, "commands", file), join(clone, "commands", file));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

function bootstrap(...args: string[]) {
  const env = { PATH: "", TODO_STACK_CACHE: join(clone, "cache") };
  return spawnSync(process.execPath, [join(clone, "commands/bootstrap.mjs"), ...args], { env, encoding: "utf8" });
}

test.each(commands)("%s: --help answers from a fresh clone, and docs/commands.md has the very text", (command) => {
  const { status, stdout, stderr } = bootstrap(command, "--help");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: npm /);
  expect(stdout).not.toMatch(/\$\{|\\`/);
  const script = scripts.find(([, line]) => line === `node commands/bootstrap.mjs ${command}`)?.[0] ?? "";
  const title = script === "test" ? "npm test" : `npm run ${script}`;
  expect(read("docs/commands.md")).toContain(`### ${title}\n\n\`\`\`text\n${stdout}\`\`\`\n`);
  expect(readdirSync(clone)).toEqual(["commands"]);
});

test("the list of commands has every one of them, and an unknown one is told with it", () => {
  const { status, stdout } = bootstrap("--help");
  expect(status).toBe(0);
  const listed = [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(commands.sort());
  const unknown = bootstrap("lgos");
  expect(unknown).toMatchObject({ status: 2, stdout: "" });
  expect(unknown.stderr).toContain('There is no command "lgos"');
  expect(unknown.stderr).toContain("logs ");
});

test("help that is another program's is left to it", () => {
  expect(bootstrap("up", "--", "--help").stdout).not.toMatch(/^Usage/);
});
