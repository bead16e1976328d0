import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { checkedInputs } from "../../commands/deploy/unchanged/checkedInputs.ts";
import { only, type ProgramResult, runProgram } from "../support/program.ts";
import { apiServer, Workspace } from "../support/workspace.ts";

const key = "sk-marker-of-the-key";
const release = "kubernetes:helm.sh/v3:Release";
const secret = "kubernetes:core/v1:Secret";
const agent = "kubernetes:kagent.dev/v1alpha2:Agent";
const role = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const kagent = "todo-stack:kagent:Kagent";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
  apiServer.objects.set("/version", { major: "1", minor: "34+" });
});
afterEach(() => workspace.remove());

const on = (settings: object = {}, config: object = {}, preview = false): Promise<ProgramResult> =>
  runProgram({
    stack: "local",
    config: { kagent: { enabled: true, ...settings }, ...config },
    secretConfig: { kagentApiKey: key },
    preview,
  });
const values = (result: ProgramResult) => only(result, release, "kagent").inputs.values;

describe("off, as it is by default", () => {
  test.each([{}, { kagent: { enabled: false, provider: "anthropic" } }, { kagent: { enabled: "false" } }])(
    "%j: there is not one resource of it, and the cluster is not asked its version",
    async (config) => {
      apiServer.objects.set("/version", { major: "1", minor: "20" });
      const { resources } = await runProgram({ stack: "local", config });
      expect(resources.filter(({ type, name, parent }) => /kagent/i.test(`${type} ${name} ${parent}`))).toEqual([]);
      expect(resources.filter(({ type }) => type === release)).toHaveLength(1);
    },
  );
});

describe.each([false, true])("on (preview: %p)", (preview) => {
  test("two releases in order, pinned, in a namespace of their own", async () => {
    const result = await on({}, {}, preview);
    const definitions = only(result, release, "kagent-crds");
    const main = only(result, release, "kagent");
    for (const { inputs, parent, provider } of [definitions, main]) {
      expect(inputs).toMatchObject({ namespace: "kagent", version: "0.9.12", atomic: true });
      expect(parent).toBe(`${kagent}::kagent`);
      expect(provider).toBe("cluster");
    }
    expect(definitions.inputs.chart).toBe("oci://ghcr.io/kagent-dev/kagent/helm/kagent-crds");
    expect(main.inputs.chart).toBe("oci://ghcr.io/kagent-dev/kagent/helm/kagent");
    expect(main.dependencies).toContain(`${release}::kagent-crds`);
    expect(only(result, "kubernetes:core/v1:Namespace", "kagent-namespace").inputs.metadata.name).toBe("kagent");
    expect(only(result, "kubernetes:networking.k8s.io/v1:NetworkPolicy").inputs.spec).toEqual({
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: {} }] }],
    });
  });

  test("the key stands in a Secret alone, which the values name", async () => {
    const result = await on({ model: "gpt-9" }, {}, preview);
    const made = only(result, secret, "kagent-key");
    expect(made.inputs).toMatchObject({ metadata: { namespace: "kagent" }, stringData: { OPENAI_API_KEY: key } });
    expect(made.secretInputs).toContain("stringData");
    const others = result.resources.filter((resource) => resource !== made);
    expect(JSON.stringify(others)).not.toContain(key);
    expect(values(result).providers).toEqual({
      default: "openAI",
      openAI: { model: "gpt-9", apiKeySecretRef: "kagent-key-1a2b3c4d" },
    });
  });

  test("nothing of kagent's may write: no bundled agent, a tool server that reads, by an account that reads", async () => {
    const result = await on({}, { namespace: "shop", releaseName: "mine" }, preview);
    const given = values(result);
    const agents = Object.keys(given).filter((name) => name.endsWith("-agent"));
    expect(agents).toHaveLength(10);
    for (const name of [...agents, "kmcp", "grafana-mcp", "querydoc"]) expect(given[name]).toEqual({ enabled: false });
    expect(given.rbac).toEqual({ namespaces: ["kagent"] });
    expect(given["kagent-tools"]).toMatchObject({
      tools: { args: ["--read-only"], enabledTools: ["k8s"] },
      rbac: { create: false },
    });
    const { inputs } = only(result, role);
    expect(inputs.metadata.namespace).toBe("shop");
    expect(new Set(inputs.rules.flatMap(({ verbs }: { verbs: string[] }) => verbs))).toEqual(
      new Set(["get", "list", "watch"]),
    );
    const resources = inputs.rules.flatMap((rule: { resources: string[] }) => rule.resources);
    for (const forbidden of ["*", "secrets", "pods/exec"]) expect(resources).not.toContain(forbidden);
    expect(only(result, "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding").inputs).toMatchObject({
      metadata: { namespace: "shop" },
      subjects: [{ kind: "ServiceAccount", name: "kagent-tools", namespace: "kagent" }],
    });
  });

  test("one agent knows the release, and has tools that read", async () => {
    const result = await on({}, { namespace: "shop", releaseName: "mine" }, preview);
    const { inputs, dependencies } = only(result, agent);
    const { declarative } = inputs.spec;
    expect(inputs.metadata).toEqual({ name: "mine-reader", namespace: "kagent" });
    expect(dependencies).toContain(`${release}::kagent`);
    for (const told of ['release "mine"', 'namespace "shop"', "mine-backend", "StatefulSet mine-database"])
      expect(declarative.systemMessage).toContain(told);
    expect(declarative.tools).toHaveLength(1);
    for (const name of declarative.tools[0].mcpServer.toolNames) expect(name).toMatch(/^k8s_(get|describe)_/);
  });
});

test.each([
  [
    { provider: "anthropic", endpoint: "https://proxy.example.com" },
    "ANTHROPIC_API_KEY",
    { baseUrl: "https://proxy.example.com" },
  ],
  [{ provider: "gemini" }, "GOOGLE_API_KEY", undefined],
])("%j: the key has the name that the chart expects", async (settings, name, config) => {
  const result = await on(settings);
  expect(only(result, secret, "kagent-key").inputs.stringData).toEqual({ [name]: key });
  expect(values(result).providers[settings.provider].config).toEqual(config);
});

test("Ollama needs an address and no key", async () => {
  const config = { kagent: { enabled: true, provider: "ollama", endpoint: "http://ollama.example.com:11434" } };
  const result = await runProgram({ stack: "local", config });
  expect(result.resources.filter(({ name }) => name === "kagent-key")).toEqual([]);
  expect(values(result).providers.ollama).toEqual({ config: { host: "http://ollama.example.com:11434" } });
});

test("production has the same, and its agent knows that the database is elsewhere", async () => {
  workspace.writeKubeconfig({ "cluster-eu": apiServer.url });
  const config = {
    context: "cluster-eu",
    registry: "ghcr.io/acme",
    host: "todo.example.com",
    kagent: { enabled: true },
  };
  const databaseUrl = "postgresql://app:marker@db.example.com/app?sslmode=require";
  const result = await runProgram({
    stack: "prod",
    config,
    secretConfig: { kagentApiKey: key, databaseUrl },
    preview: true,
  });
  expect(only(result, release, "kagent").inputs.namespace).toBe("kagent");
  expect(only(result, agent).inputs.spec.declarative.systemMessage).toContain("outside of the cluster");
});

describe("what does not fit is refused before anything is made", () => {
  test("a cluster that is too old, with the command that does without", async () => {
    apiServer.objects.set("/version", { major: "1", minor: "26" });
    const refused = on();
    await expect(refused).rejects.toThrow('needs Kubernetes 1.27 or later; the cluster of context "minikube" has 1.26');
    await expect(refused).rejects.toThrow("pulumi config set --stack local --path kagent.enabled false");
  });

  test("one that is just new enough is taken", async () => {
    apiServer.objects.set("/version", { major: "1", minor: "27" });
    await expect(on()).resolves.toBeDefined();
  });

  test("no key", async () => {
    const config = { kagent: { enabled: true } };
    const refused = runProgram({ stack: "local", config });
    await expect(refused).rejects.toThrow("kagentApiKey: is missing: the key of openAI");
    await expect(refused).rejects.toThrow("pulumi config set --stack local --secret kagentApiKey");
  });
});

test("the quick look for nothing changed steps aside where kagent is on", async () => {
  const { resources } = await on();
  const looks = resources.map(({ type, name, inputs }) =>
    checkedInputs({ type, name, inputs, custom: true, urn: name, version: "" }, inputs),
  );
  const results = await Promise.allSettled(looks);
  const doubted = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
  expect(doubted.join()).toContain(`resources of type ${role} are not known here`);
});
