import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { preview } from "../../commands/deploy/preview.ts";
import { up } from "../../commands/deploy/up.ts";
import { deploymentManifest, deploymentPath, offerDeployments } from "../release/deployment.ts";
import { storeRevisions } from "../release/helmSecret.ts";
import { ApiServer } from "../support/apiServer.ts";
import { fetchOf, productionStack, TestMachine } from "./support/machine.ts";

const server = await ApiServer.start();
let on: TestMachine;

const manifest = deploymentManifest;
const path = deploymentPath;
const deployment = (replicas: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "todo-backend", namespace: "todo" },
  spec: { replicas },
});

/** What the CLI logs of a preview that would give these values to the release. */
function writeEvents(values: object): void {
  const inputs = { name: "todo", namespace: "todo", chart: "./chart", values };
  const metadata = { op: "update", type: "kubernetes:helm.sh/v3:Release", old: { inputs }, new: { inputs } };
  on.write("events", `${JSON.stringify({ resourcePreEvent: { metadata } })}\n`);
}

beforeEach(() => {
  server.reset();
  offerDeployments(server);
  server.objects.set(path, deployment(1));
  storeRevisions(server, { revision: 1, manifest: manifest(7) }, { revision: 2, manifest: manifest(1) });
  on = new TestMachine({ fetch: fetchOf((url) => (url.includes("registry-1.docker.io") ? 401 : undefined)) });
  on.install("pulumi", "minikube", "docker", "helm");
  const clusters = [{ name: "c", cluster: { server: server.url } }];
  const contexts = ["minikube", "far-away"].map((name) => ({ name, context: { cluster: "c", user: "u" } }));
  on.write("kubeconfig", JSON.stringify({ clusters, contexts, users: [{ name: "u", user: {} }] }));
  on.machine.env.KUBECONFIG = `${on.folder}/kubeconfig`;
  on.write("manifest", manifest(1));
  writeEvents({ replicas: 1 });
});

afterEach(() => {
  on.dispose();
});

const helmCall = () => on.calls().find((call) => call.startsWith("helm template"));

test("after what the CLI prints stands what would change, object by object, and how many", async () => {
  on.write("manifest", manifest(2));
  await expect(preview([], on.machine)).resolves.toBe(0);
  const lines = on.lines();
  expect(lines.slice(lines.indexOf("Deployment todo/todo-backend would change:"))).toEqual([
    "Deployment todo/todo-backend would change:",
    "--- Deployment todo/todo-backend\trevision 2",
    "+++ Deployment todo/todo-backend\tafter up",
    "@@ -4,4 +4,4 @@",
    "   name: todo-backend",
    "   namespace: todo",
    " spec:",
    "-  replicas: 1",
    "+  replicas: 2",
    "",
    "1 object would change.",
  ]);
});

test("nothing changed is said so", async () => {
  await preview([], on.machine);
  expect(on.lines().at(-1)).toBe("No object in the cluster would change.");
});

test("the chart gets the release's own values by its input, against the stack's cluster", async () => {
  writeEvents({ password: "never-an-argument" });
  await preview([], on.machine);
  expect(JSON.parse(on.read("helm-values"))).toEqual({ password: "never-an-argument" });
  expect(helmCall()).toBe(
    "helm template todo ./chart --namespace todo --values - --no-hooks --is-upgrade " +
      "--kube-context minikube --validate --dry-run=server",
  );
  expect(on.read("calls")).not.toContain("never-an-argument");
});

test("the CLI's events go through a folder that is gone afterwards, with the flag shown for this call alone", async () => {
  await preview(["--", "--refresh"], on.machine);
  const log = on.read("event-log").trim();
  expect(on.calls()).toContain(
    `pulumi preview --stack local --config-file ${on.machine.state}/Pulumi.local.yaml --event-log ${log} --diff --run-program --refresh`,
  );
  expect(on.read("debug-commands")).toBe("true\n");
  expect(on.machine.env.PULUMI_DEBUG_COMMANDS).toBeUndefined();
  expect(existsSync(dirname(log))).toBe(false);
});

test("what was changed by hand is shown as it is and as it would be put back", async () => {
  server.objects.set(path, deployment(5));
  server.applied.set(path, deployment(1));
  await preview([], on.machine);
  const lines = on.lines();
  expect(lines).toContain("Deployment todo/todo-backend is not as it was deployed and would be put back:");
  expect(lines.slice(-4)).toEqual(["-  replicas: 5", "+  replicas: 1", "", "1 object would be put back."]);
  expect(server.changes).toEqual([]);
});

test("an update that was broken off is not what the next one is compared with", async () => {
  storeRevisions(
    server,
    { revision: 2, manifest: manifest(1) },
    { revision: 3, status: "pending-upgrade", manifest: manifest(9) },
  );
  on.write("manifest", manifest(2));
  await preview([], on.machine);
  expect(on.lines()).toContain("--- Deployment todo/todo-backend\trevision 2");
});

test("a production stack is compared before its cluster is there: all of it would be added", async () => {
  on.remove("kubeconfig");
  writeEvents({ image: { digest: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } });
  await preview(["--stack", "prod"], on.machine);
  expect(helmCall()).toBe(
    "helm template todo ./chart --namespace todo --values - --no-hooks --skip-schema-validation --kube-version v1.34.0",
  );
  expect(on.lines()).toContain(
    'What would change in the cluster of context "far-away", which does not answer yet, object by object:',
  );
  expect(on.lines().at(-1)).toBe("1 object would be added.");
});

test("a chart that refuses the values is told with Helm's words and the command that looks at it", async () => {
  on.write("helm-fails", "Error: values don't meet the specifications of the schema\n");
  await expect(preview([], on.machine)).rejects.toMatchObject({
    message: expect.stringContaining("values don't meet the specifications of the schema"),
    remedy: expect.stringContaining("helm lint ./chart"),
  });
});

test("a CLI that logs no release, and one that is asked for JSON, is the end of it", async () => {
  on.remove("events");
  await preview([], on.machine);
  expect(on.lines().at(-1)).toContain("told of no Helm release");
  writeEvents({});
  const before = on.lines().length;
  await preview(["--", "--json"], on.machine);
  expect(on.lines().slice(before).join("\n")).not.toContain("object");
  expect(helmCall()).toBeUndefined();
});

test("without Helm, and no way to get it, what Pulumi told is all, and the remedy stands below", async () => {
  on.uninstall("helm");
  const sandbox = () => Promise.reject(new Error("no Go either"));
  await expect(preview([], { ...on.machine, sandbox })).resolves.toBe(0);
  expect(on.lines().slice(-2)).toEqual([
    "The comparison object by object needs Helm 3, which could not be brought: no Go either",
    "Install it: https://helm.sh/docs/intro/install/",
  ]);
});

describe("a production stack", () => {
  const configure = (text: string) => writeFileSync(`${on.machine.root}/Pulumi.prod.yaml`, text);

  test("that nothing is configured of is told all that is to be set, with the commands, whether there is a CLI or not", async () => {
    configure("config: {}\n");
    const refusal = {
      message: expect.stringMatching(
        new RegExp(
          [
            "has 4 mistakes",
            "context: is missing.*npm run pulumi -- config set --stack prod context my-cluster",
            "registry: is missing.*npm run pulumi -- config set --stack prod registry ghcr.io/acme",
            "host: is missing.*npm run pulumi -- config set --stack prod host todo.example.com",
            "databaseUrl: is missing.*npm run pulumi -- config set --stack prod --secret databaseUrl",
          ].join(".*"),
          "s",
        ),
      ),
      remedy: expect.stringContaining("npm run preview -- --stack prod"),
    };
    await expect(preview(["--stack", "prod"], on.machine)).rejects.toMatchObject(refusal);
    on.uninstall("pulumi");
    await expect(preview(["--stack", "prod"], on.machine)).rejects.toMatchObject(refusal);
    await expect(up(["--stack", "prod"], on.machine)).rejects.toMatchObject(refusal);
    expect(on.calls()).toEqual([]);
  });

  test.each([
    ["todo-stack:", "databaseUrl: postgresql://u:p@h/d", "databaseUrl: is a secret and stands in plain text"],
    ["", "env:\n    LEVEL:\n      secure: v1:A:B", "env: holds a secret"],
    ["todo-stack:", "nodePort: 99", "nodePort: must be a whole number"],
  ])("is checked as the program checks it: %s%s", async (project, line, expected) => {
    const own = productionStack.replace(/ {2}todo-stack:databaseUrl:\n.*\n/, line.startsWith("database") ? "" : "$&");
    configure(`${own}  ${project}${line}\n  aws:region: eu-central-1\n`);
    await expect(preview(["--stack", "prod"], on.machine)).rejects.toThrow(expected);
  });

  test("may have the whole of secretEnv encrypted at once", async () => {
    configure(`${productionStack}  todo-stack:secretEnv:\n    secure: v1:A:B\n`);
    await preview(["--stack", "prod"], on.machine);
    expect(on.calls().some((call) => call.startsWith("pulumi preview"))).toBe(true);
  });

  test("is held against the policy pack, a local one is not", async () => {
    await preview(["--stack", "prod"], on.machine);
    expect(on.calls().find((call) => call.startsWith("pulumi preview"))).toMatch(
      / --diff --run-program --policy-pack policy$/,
    );
    await preview([], on.machine);
    expect(on.calls().findLast((call) => call.startsWith("pulumi preview"))).not.toContain("--policy-pack");
  });
});
