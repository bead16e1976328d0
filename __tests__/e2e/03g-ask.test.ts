import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { catalog } from "../../commands/tools/catalog.ts";
import { installStandIn } from "../support/kubectlAi.ts";
import { ModelServer, type Turn } from "../support/modelServer.ts";
import { Deployment } from "./support/deployment.ts";
import type { SecretObject } from "./support/stackSecrets.ts";

const { version } = catalog["kubectl-ai"];
const deployment = new Deployment();
const { checkout } = deployment;
const model = await ModelServer.start();
const folder = mkdtempSync(join(tmpdir(), "todo-stack-e2e-ask-"));
const kubectl = process.env.KUBECTL ?? "kubectl";

afterAll(() => {
  model.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What `npm run ask` prints, where the model follows a script. */
async function ask(...script: Turn[]): Promise<string> {
  model.follow(script);
  return checkout.succeed("ask", "--", "--provider", "openai", "why does the backend restart?");
}

const done: Turn = { text: "Nothing restarts." };
const podUids = async (): Promise<string[]> => (await deployment.pods()).map(({ uid }) => uid).sort();

/** All values of the release's Secrets that are long enough to be told from words. */
async function secretValues(): Promise<string[]> {
  const { items } = JSON.parse(await deployment.kubectl("get", "secrets", "--output", "json")) as {
    items: SecretObject[];
  };
  const values = items.flatMap(({ data }) => Object.values(data ?? {}));
  return values.map((value) => Buffer.from(value, "base64").toString("utf8")).filter((value) => value.length > 8);
}

/** A kubectl-ai of the pinned version, where this machine has one. */
function hasKubectlAi(): boolean {
  try {
    return execFileSync("kubectl-ai", ["version"], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: folder },
    }).includes(version);
  } catch {
    return false;
  }
}

const suites = [
  { name: "a stand-in for kubectl-ai that has no checks of its own", real: false },
  { name: `kubectl-ai ${version}`, real: true },
];
describe.each(suites)("by $name", ({ real }) => {
  const missing = real && !hasKubectlAi();
  const check = missing ? test.skip : test;
  if (missing) console.warn(`kubectl-ai ${version} is not on PATH: asking by the real one is not tested.`);

  beforeAll(() => {
    if (!real) installStandIn(folder, version);
    const path = real ? process.env.PATH : [folder, process.env.PATH].join(delimiter);
    Object.assign(checkout.environment, { PATH: path, OPENAI_API_KEY: "stand-in", OPENAI_ENDPOINT: model.url });
  });
  afterAll(() => {
    for (const name of ["PATH", "OPENAI_API_KEY", "OPENAI_ENDPOINT"]) delete checkout.environment[name];
  });

  check("the facts arrive with no secret in them, and the model reads pods", async () => {
    const printed = await ask({ tool: "kubectl", command: "kubectl get pods -o yaml" }, done);
    expect(printed).toContain("go your question");
    expect(printed).toContain("Nothing restarts.");
    expect(model.heard()).toContain("todo-backend");
    expect(model.toolResults()[0]).toContain("nodeName");
    const heard = model.heard();
    const values = await secretValues();
    expect(values.length).toBeGreaterThan(2);
    for (const value of values) {
      expect(heard.includes(value)).toBe(false);
      expect(heard.includes(Buffer.from(value).toString("base64"))).toBe(false);
    }
  });

  check("the cluster refuses Secrets and other namespaces", async () => {
    await ask(
      { tool: "kubectl", command: "kubectl get secrets -o yaml" },
      { tool: "kubectl", command: "kubectl get pods -n kube-system" },
      done,
    );
    const [secrets, pods] = model.toolResults();
    expect(secrets).toMatch(/secrets is forbidden: User .*todo-stack-ask-/);
    expect(pods).toContain("is forbidden");
  });

  check("what would change something is refused before it reaches the cluster", async () => {
    const before = await podUids();
    const printed = await ask({ tool: "kubectl", command: "kubectl delete pod --all" }, done);
    expect(printed).toContain("Refused, because only reading is allowed: kubectl delete pod --all");
    expect(await podUids()).toEqual(before);
  });

  (real ? test.skip : test)("past the gate the cluster still refuses all but reading", async () => {
    const before = await podUids();
    const attempts = [
      "delete pod --all",
      "get secrets",
      "create token default",
      "scale deployment/todo-backend --replicas=0",
    ];
    await ask(...attempts.map((attempt): Turn => ({ tool: "past-the-gate", command: `${kubectl} ${attempt}` })), done);
    const results = model.toolResults();
    expect(results).toHaveLength(attempts.length);
    for (const result of results) expect(result).toMatch(/forbidden: User .*todo-stack-ask-/i);
    expect(await podUids()).toEqual(before);
  });

  check("nothing is left of it in the cluster", async () => {
    const left = await deployment.kubectl("get", "serviceaccounts,roles,rolebindings", "--output", "name");
    expect(left).not.toContain("todo-stack-ask");
  });
});
