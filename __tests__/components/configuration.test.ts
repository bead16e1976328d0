import { expect, test } from "@jest/globals";
import { parseConfiguration } from "../../components/configuration/parse.ts";
import { ConfigurationError } from "../../components/configuration/problems.ts";
import { configurationKeys, secretKeys } from "../../components/configuration/schema.ts";
import { declaredDefaults } from "../support/program.ts";

const parse = (stack: string, values: Record<string, string>, encrypted: string[] = []) =>
  parseConfiguration({
    stack,
    values,
    encryptedKeys: new Set(encrypted),
    machinePlatform: "linux/arm64",
    kubeconfigPaths: [],
    dockerConfig: "",
    allowed: [],
  });

function problemsOf(stack: string, values: Record<string, string>, encrypted: string[] = []) {
  try {
    parse(stack, values, encrypted);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

test("an empty local configuration is complete", () => {
  expect(parse("local", {})).toMatchObject({
    profile: "local",
    context: "minikube",
    target: "minikube",
    namespace: "todo",
    releaseName: "todo",
    nodePort: 30080,
    platform: "linux/arm64",
    timeoutSeconds: 110,
  });
});

test("Pulumi.yaml declares exactly the keys that the program knows, with defaults it accepts", () => {
  const declared = Object.entries(declaredDefaults()).map(
    ([key, value]) => [key.replace("todo-stack:", ""), value] as const,
  );
  expect(declared.map(([key]) => key).sort()).toEqual([...configurationKeys].sort());
  expect(parse("local", Object.fromEntries(declared))).toEqual(parse("local", {}));
});

test("every mistake is told at once, each with its key and the command that mends it", () => {
  const problems = problemsOf("local", {
    nodePort: "eighty",
    namespace: "Has Spaces",
    nodeport: "30080",
    timeoutSeconds: "99999",
    env: '{"bad name": "x"}',
  });
  expect(problems.map(({ key }) => key).sort()).toEqual(["env", "namespace", "nodePort", "nodeport", "timeoutSeconds"]);
  const remedies = Object.fromEntries(problems.map(({ key, remedy }) => [key, remedy]));
  expect(remedies.nodePort).toBe("pulumi config set --stack local nodePort 30080");
  expect(remedies.nodeport).toBe("pulumi config rm --stack local nodeport");
});

test("an empty production configuration lacks four keys; the secret one is asked for as a secret", () => {
  const problems = problemsOf("prod", {});
  expect(problems.map(({ key }) => key).sort()).toEqual(["context", "databaseUrl", "host", "registry"]);
  expect(problems.find(({ key }) => key === "databaseUrl")?.remedy).toBe(
    "pulumi config set --stack prod --secret databaseUrl",
  );
});

test.each(secretKeys)("%s in plain text is refused", (key) => {
  const value = key.endsWith("ecretEnv") ? '{"TOKEN":"x"}' : "postgresql://a:b@c/d";
  const values = { databaseUrl: "postgresql://a:b@c/d", [key]: value };
  expect(
    problemsOf(
      "local",
      values,
      ["databaseUrl"].filter((other) => other !== key),
    ),
  ).toMatchObject([{ key, message: expect.stringContaining("plain text") }]);
  expect(problemsOf("local", values, ["databaseUrl", key])).toEqual([]);
});

test("a message never repeats a secret value", () => {
  const problems = problemsOf("local", { databaseUrl: "mysql://user:marker@host/db" }, ["databaseUrl"]);
  expect(problems).toHaveLength(1);
  expect(JSON.stringify(problems)).not.toContain("marker");
});

test.each([
  ["kind-dev", "kind"],
  ["k3d-dev", "k3d"],
  ["docker-desktop", "docker-desktop"],
  ["minikube", "minikube"],
])("the context %s is made by %s", (context, target) => {
  expect(parse("local", { context })).toMatchObject({ target });
});

test("a context that tells nothing needs a target", () => {
  expect(problemsOf("local", { context: "work" })).toMatchObject([{ key: "target" }]);
  expect(parse("local", { context: "work", target: "kind" })).toMatchObject({ target: "kind" });
});

test("a stack of any name can be a production one", () => {
  const values = {
    profile: "production",
    context: "c",
    registry: "r.example.com/a",
    host: "h.example.com",
    databaseUrl: "postgres://a:b@c/d?sslmode=require",
  };
  expect(parse("europe", values, ["databaseUrl"])).toMatchObject({ profile: "production", platform: "linux/amd64" });
});

test.each(["values", "env"])(
  "a secret in %s, which would reach Helm's values, is refused with the way it should go",
  (key) => {
    const [problem] = problemsOf("local", { [key]: '{"TOKEN":"t"}' }, [key]);
    expect(problem).toMatchObject({ key, message: expect.stringContaining("in plain text") });
    expect(problem?.remedy).toContain("--secret --path secretEnv.NAME");
  },
);

test("half of a registry's login is a mistake, with the command for the other half", () => {
  const values = {
    context: "c",
    registry: "r.example.com/a",
    host: "h.example.com",
    databaseUrl: "postgres://a:b@c/d?sslmode=require",
  };
  const named = problemsOf("prod", { ...values, registryUsername: "ci" }, ["databaseUrl"]);
  expect(named).toMatchObject([
    { key: "registryPassword", remedy: "pulumi config set --stack prod --secret registryPassword" },
  ]);
  const secrets = ["databaseUrl", "registryPullPassword"];
  expect(problemsOf("prod", { ...values, registryPullPassword: "x" }, secrets)).toMatchObject([
    { key: "registryPullUsername", remedy: "pulumi config set --stack prod registryPullUsername acme-cluster" },
  ]);
});

test.each([
  [{ enabled: true }, ["kagentApiKey"]],
  [{ enabled: "yes" }, ["kagent"]],
  [{ enabled: true, provider: "other" }, ["kagent"]],
  [{ enabled: true, provider: "ollama" }, ["kagent"]],
  [{ enabled: true, provider: "ollama", endpoint: "ollama:11434" }, ["kagent"]],
  [{ agents: 3 }, ["kagent"]],
  [{ enabled: false, provider: "ollama" }, []],
])("kagent: %j", (kagent, keys) => {
  const problems = problemsOf("local", { kagent: JSON.stringify(kagent) });
  expect(problems.map(({ key }) => key)).toEqual(keys);
  for (const { remedy } of problems) expect(remedy).toMatch(/^pulumi config (set|rm) --stack local /);
});

test("kagent's own namespace is not the release's, and gemini has no other address", () => {
  const kagent = JSON.stringify({ enabled: true, provider: "gemini", endpoint: "https://x.example.com" });
  const problems = problemsOf("local", { kagent, namespace: "kagent", kagentApiKey: "x" }, ["kagentApiKey"]);
  expect(problems.map(({ key }) => key)).toEqual(["kagent", "namespace"]);
});

test("kagent's key must be encrypted", () => {
  const kagent = JSON.stringify({ enabled: true });
  expect(problemsOf("local", { kagent, kagentApiKey: "x" }).map(({ key }) => key)).toEqual(["kagentApiKey"]);
});
