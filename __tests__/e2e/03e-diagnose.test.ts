import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Facts } from "../../commands/diagnose/facts.ts";
import type { Finding } from "../../commands/diagnose/rule.ts";
import { type Secret, searchSecrets } from "../support/secretSearch.ts";
import { place } from "./support/clusterPlaces.ts";
import { Deployment, eventually } from "./support/deployment.ts";
import { faults, settled, wrongPassword } from "./support/faults.ts";
import { readSecretObjects, secretsOf } from "./support/stackSecrets.ts";

const deployment = new Deployment();
const { checkout } = deployment;
const printed: string[] = [];

let secrets: readonly Secret[];

beforeAll(async () => {
  secrets = secretsOf(deployment, await readSecretObjects(deployment));
});
afterAll(async () => {
  await checkout.succeed("up");
});

interface Diagnosis {
  readonly code: number | null;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
}

async function diagnose(): Promise<Diagnosis> {
  const { code, output } = await checkout.run("diagnose", "--", "--json");
  printed.push(output);
  return { code, ...(JSON.parse(output) as Omit<Diagnosis, "code">) };
}

/** Asks until nothing is wrong any more. */
const healthy = () =>
  eventually(async () => {
    const { code, findings } = await diagnose();
    expect(findings).toEqual([]);
    expect(code).toBe(0);
  }, 60);

test("nothing is wrong with a deployment that works, and that is said within five seconds", async () => {
  await healthy();
  const began = Date.now();
  const { code, output } = await checkout.run("diagnose");
  expect(Date.now() - began).toBeLessThan(5000);
  expect(output).toBe(`Nothing is wrong that can be seen from here.\n${deployment.url}\n`);
  expect(code).toBe(0);
});

test.each(faults)("$code is named first: $what", async ({ code, says, induce, heal }) => {
  await induce(deployment);
  try {
    // What the fault before it has left may show for a moment still.
    const seen = await eventually(async () => {
      const diagnosis = await diagnose();
      expect(diagnosis.findings.map((finding) => finding.code)[0]).toBe(code);
      return diagnosis;
    }, 40);
    const [first] = seen.findings;
    expect(seen.code).toBe(1);
    const text = JSON.stringify(first);
    for (const one of says) expect(text.replaceAll('\\"', '"')).toContain(one);
    await works(first?.next ?? "");
  } finally {
    if (heal !== undefined) {
      await heal(deployment);
      await settled(deployment);
    }
  }
});

/** A command that only looks is typed as it is printed. */
async function works(command: string): Promise<void> {
  if (!/^\S*kubectl\b/.test(command) || !/ (get|describe|logs) /.test(command)) return;
  await promisify(execFile)("sh", ["-c", command], { env: process.env });
}

test("none of what was printed holds a secret, and logs that do were among it", () => {
  const own = { name: "a wrong password", value: wrongPassword };
  const all = place("diagnose", printed.join("\n"), "password authentication failed", "broken on purpose at (masked)");
  expect(secrets.length).toBeGreaterThan(2);
  expect(searchSecrets([all], [...secrets, own])).toEqual({ leaks: [], unread: [] });
});
