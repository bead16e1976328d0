import { chmodSync, existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ask } from "../../../commands/ask/ask.ts";
import { catalog } from "../../../commands/tools/catalog.ts";
import { ApiServer } from "../../support/apiServer.ts";
import { installStandIn } from "../../support/kubectlAi.ts";
import { ModelServer } from "../../support/modelServer.ts";
import { TestMachine } from "../support/machine.ts";

const cluster = await ApiServer.start();
const model = await ModelServer.start();
const namespace = "/api/v1/namespaces/todo";
const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/todo";
const password = "hunter2-of-the-database";

let here: TestMachine;
beforeEach(() => {
  here = new TestMachine();
  cluster.reset();
  model.follow([{ text: "It does not." }]);
  const secret = { metadata: { name: "database" }, data: { PASSWORD: Buffer.from(password).toString("base64") } };
  cluster.objects.set(`${namespace}/secrets`, { items: [secret] });
  const kubeconfig = {
    clusters: [{ name: "c", cluster: { server: cluster.url } }],
    users: [{ name: "me", user: { token: "the-users-own-token" } }],
    contexts: [{ name: "minikube", context: { cluster: "c", user: "me" } }],
  };
  here.write("kubeconfig", JSON.stringify(kubeconfig));
  // What it prints tells whose kubeconfig it got, and holds a secret that is to be masked.
  here.write(
    "bin/kubectl",
    `#!/bin/sh\n[ "$1" = version ] && { echo v1.34.1; exit; }\nread line < "$KUBECONFIG"; echo "$line"\necho "$* ${password}"\n`,
  );
  chmodSync(join(here.folder, "bin/kubectl"), 0o755);
  here.machine.env.KUBECONFIG = join(here.folder, "kubeconfig");
});
afterEach(() => here.dispose());
afterAll(() => model.close());

const facts = async (): Promise<string> =>
  JSON.stringify({ log: `DATABASE_URL=postgresql://todo:${password}@db/todo` });
const asked = (...args: string[]): Promise<number> => ask(args, here.machine, facts);
const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("todo-stack-ask-"));

/** As a person has it: kubectl-ai on PATH, a provider's key, and keys of other things. */
function setUp(): void {
  installStandIn(join(here.folder, "bin"), catalog["kubectl-ai"].version);
  Object.assign(here.machine.env, {
    OPENAI_API_KEY: "the-providers-key",
    OPENAI_ENDPOINT: model.url,
    PULUMI_CONFIG_PASSPHRASE: "not-for-a-model",
  });
  cluster.token = "the-reading-token";
}

describe("without kubectl-ai or a key", () => {
  test("the manual way is told, and nothing is made or sent", async () => {
    await expect(asked("why?")).resolves.toBe(0);
    const printed = here.lines().join("\n");
    expect(printed).toContain("npm run ask -- --install");
    expect(printed).toContain("OPENAI_API_KEY (openai)");
    expect(printed).toContain(
      "kubectl --context minikube --namespace todo logs deployment/todo-backend --all-containers",
    );
    expect(cluster.changes).toEqual([]);
  });

  test("another version of kubectl-ai is none, for the gate is held to one", async () => {
    setUp();
    installStandIn(join(here.folder, "bin"), "0.0.1");
    await expect(asked("why?")).resolves.toBe(0);
    expect(here.lines()[0]).toContain(`no kubectl-ai ${catalog["kubectl-ai"].version} here`);
    expect(model.requests).toEqual([]);
  });

  test("no question is a mistake", async () => {
    await expect(asked()).rejects.toThrow("There is no question.");
  });
});

test("--show prints what would be sent, masked, and sends nothing", async () => {
  setUp();
  await expect(asked("--show", "why", "is it", password)).resolves.toBe(0);
  const printed = here.lines().join("\n");
  expect(printed).toContain("why is it (masked)");
  expect(printed).toContain("DATABASE_URL=postgresql://todo:(masked)@db/todo");
  expect(printed).not.toContain(password);
  expect(cluster.changes).toEqual([]);
  expect(model.requests).toEqual([]);
});

describe("a question", () => {
  beforeEach(setUp);

  test("is announced, and arrives with masked facts", async () => {
    const before = folders();
    await expect(asked("why does it restart?")).resolves.toBe(0);
    expect(here.lines()[0]).toMatch(
      new RegExp(`^To openai \\(gpt-4.1, ${model.url}\\) go your question, .* secrets are masked`),
    );
    expect(here.lines()).toContain("It does not.");
    expect(model.requests[0]?.authorization).toBe("Bearer the-providers-key");
    expect(model.heard()).toContain("why does it restart?");
    expect(model.heard()).toContain("postgresql://todo:(masked)@db/todo");
    expect(model.heard()).not.toContain(password);
    expect(folders()).toEqual(before);
  });

  test("gets an account that reads and sees no Secrets, which is removed", async () => {
    await asked("why?");
    const made = cluster.changes.filter(({ method }) => method === "POST").map(({ path }) => path);
    const name = /todo-stack-ask-\w+/.exec(made.join())?.[0];
    expect(made).toEqual([
      ...[`${namespace}/serviceaccounts`, `${rbac}/roles`, `${rbac}/rolebindings`],
      `${namespace}/serviceaccounts/${name}/token`,
    ]);
    const role = cluster.changes.find(({ path }) => path === `${rbac}/roles`)?.body as {
      rules: { resources: string[]; verbs: string[] }[];
    };
    expect(new Set(role.rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["get", "list", "watch"]));
    const resources = role.rules.flatMap((rule) => rule.resources);
    expect(resources).toContain("pods/log");
    for (const forbidden of ["*", "secrets", "pods/exec", "pods/portforward", "serviceaccounts/token"])
      expect(resources).not.toContain(forbidden);
    const removed = cluster.changes.filter(({ method }) => method === "DELETE").map(({ path }) => path);
    expect(removed).toEqual([
      ...[`${rbac}/rolebindings/${name}`, `${rbac}/roles/${name}`, `${namespace}/serviceaccounts/${name}`],
    ]);
  });

  test("reads by that account alone, and what it reads is masked", async () => {
    model.follow([{ tool: "kubectl", command: "kubectl get pods -o wide" }, { text: "done" }]);
    await asked("why?");
    const [result = ""] = model.toolResults();
    expect(result).toContain("get pods -o wide (masked)");
    // Its own token is masked by its form, and the user's is not even there.
    expect(result.replaceAll("\\", "")).toContain('"user":{"token":"(masked)"}');
    expect(result).not.toContain("the-users-own-token");
    expect(result).not.toContain(password);
  });

  test.each(["kubectl delete pod --all", "cat /etc/passwd", "kubectl get pods --kubeconfig=/root/.kube/config"])(
    "%s goes nowhere, and the model is told so",
    async (command) => {
      model.follow([{ tool: "bash", command }, { text: "done" }]);
      await expect(asked("why?")).resolves.toBe(0);
      expect(model.toolResults()[0]).toContain("Refused: ");
      expect(here.lines()).toContain(`Refused, because only reading is allowed: ${command}`);
    },
  );

  test("finds no key but its provider's, and no home", async () => {
    model.follow([{ tool: "past-the-gate", command: "/usr/bin/env" }, { text: "done" }]);
    await asked("why?");
    const [environment = ""] = model.toolResults();
    expect(environment).toContain("OPENAI_API_KEY=the-providers-key");
    expect(environment).not.toContain("not-for-a-model");
    expect(environment).not.toContain(`HOME=${here.folder}`);
    expect(environment).toMatch(/[^_]PATH=\S*todo-stack-ask-\w+\/bin\\n/);
  });

  test("that fails leaves nothing behind", async () => {
    const before = folders();
    here.machine.env.OPENAI_ENDPOINT = "http://127.0.0.1:1";
    await expect(asked("why?")).rejects.toThrow("kubectl-ai ended with exit code 1.");
    expect(cluster.changes.filter(({ method }) => method === "DELETE")).toHaveLength(3);
    expect(folders()).toEqual(before);
  });

  test("of somebody who may not read Secrets is announced as what it is", async () => {
    cluster.refusals.add(`${namespace}/secrets`);
    await expect(asked("why?")).resolves.toBe(0);
    expect(here.lines()[1]).toContain("masked by their form alone");
    expect(model.heard()).toContain("postgresql://todo:(masked)@db/todo");
  });

  test("is not sent where the facts cannot be had", async () => {
    const failing = async (): Promise<string> => {
      throw new Error("no answer within 10 s");
    };
    await expect(ask(["why?"], here.machine, failing)).rejects.toThrow("cannot be asked: no answer within 10 s");
    expect(model.requests).toEqual([]);
  });
});

test("a model that wants more than to read is told so and asked again, three times at most", async () => {
  setUp();
  const stops = "The following commands require approval:\\n* kubectl delete pod x";
  const program = (until: number): string => `#!/bin/sh
[ "$1" = version ] && { echo "version: ${catalog["kubectl-ai"].version}"; exit; }
echo once more >> ${here.folder}/asked
while read line; do echo "$line"; done > ${here.folder}/prompt
count=0; while read line; do count=$((count + 1)); done < ${here.folder}/asked
[ $count -ge ${until} ] && { echo "An answer."; exit; }
printf '${stops}\\n'; exit 1
`;
  here.write("bin/kubectl-ai", program(2));
  await expect(asked("why?")).resolves.toBe(0);
  expect(here.lines()).toContain("Refused, because only reading is allowed: kubectl delete pod x");
  expect(here.lines()).toContain("An answer.");
  expect(here.read("prompt")).toContain("This was refused before");
  here.remove("asked");
  here.write("bin/kubectl-ai", program(9));
  await expect(asked("why?")).rejects.toThrow("The model does not stop at reading. Nothing was changed.");
  expect(here.read("asked").trim().split("\n")).toHaveLength(3);
});

test("accounts that a killed run has left are removed when their tokens are over", async () => {
  setUp();
  const selector = "?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dtodo-stack-ask";
  const account = (name: string, minutes: number) => ({
    metadata: { name, creationTimestamp: new Date(Date.now() - minutes * 60_000).toISOString() },
  });
  cluster.objects.set(`${namespace}/serviceaccounts${selector}`, { items: [account("old", 11), account("young", 9)] });
  await asked("why?");
  const removed = cluster.changes.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  expect(removed).toContain(`${namespace}/serviceaccounts/old`);
  expect(removed).not.toContain(`${namespace}/serviceaccounts/young`);
  expect(existsSync(join(here.folder, "kubeconfig"))).toBe(true);
});
