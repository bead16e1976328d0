import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";

const project = parse(readFileSync("Pulumi.yaml", "utf8")) as { runtime: { options: { nodeargs: string } } };

/** Runs a module in a process that starts as the program does, after the SDK was imported. */
async function started(script: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const text = `import * as pulumi from "@pulumi/pulumi"; import { createRequire } from "node:module";
    const require = createRequire(process.cwd() + "/index.ts");
    const stands = (part) => Object.keys(require.cache).some((file) => file.includes(part));
    console.log(JSON.stringify(await (async () => { ${script} })()));`;
  const args = [...project.runtime.options.nodeargs.split(" "), "--input-type=module", "--eval", text];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  return JSON.parse(stdout);
}

test("a start loads neither npm's own libraries, nor the compiler, the Automation API or source maps", async () => {
  const npm = ["arborist/lib/node.js", "normalize-package-data/lib/fixer.js"];
  const parts = [...npm, "/lib/typescript.js", "automation/localWorkspace.js", "source-map-support.js"];
  const script = `require("source-map-support/register.js"); return ${JSON.stringify(parts)}.filter(stands);`;
  expect(await started(script)).toEqual([]);
});

test("what was put off is there as soon as it is used", async () => {
  const script = `const { LocalWorkspace } = pulumi.automation;
    return [typeof LocalWorkspace.create, stands("automation/localWorkspace.js")];`;
  expect(await started(script)).toEqual(["function", true]);
});

test("a module that is a function is there as well", async () => {
  const script = `const normalize = require("normalize-package-data").default;
    const data = { name: "one", repository: "github:acme/one" };
    normalize(data);
    return data.repository.type;`;
  expect(await started(script)).toBe("git");
});

test("tracing is the SDK's own where it is asked for", async () => {
  const script = `return Object.keys(require("@pulumi/pulumi/cmd/run/tracing.js"));`;
  expect(await started(script)).toEqual(["newSpan"]);
  expect(await started(script, { PULUMI_EXPERIMENTAL: "1" })).toContain("start");
});
