import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { only, runProgram } from "../support/program.ts";
import { apiServer, Workspace } from "../support/workspace.ts";

const config = { context: "cluster-eu", registry: "ghcr.io/acme", host: "todo.example.com" };
const secretConfig = { databaseUrl: "postgresql://app:marker@db.example.com/app?sslmode=require" };
const release = "kubernetes:helm.sh/v3:Release";
const image = "docker:index/image:Image";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
  workspace.writeKubeconfig({ "cluster-eu": apiServer.url });
});
afterEach(() => workspace.remove());

describe.each([false, true])("the production stack (preview: %p)", (preview) => {
  test("pushes both images and deploys them by digest", async () => {
    const result = await runProgram({ stack: "prod", config, secretConfig, preview });
    for (const service of ["frontend", "backend"]) {
      const { inputs } = only(result, image, service);
      expect(inputs.imageName).toMatch(new RegExp(`^ghcr.io/acme/todo-${service}:1\\.\\d+\\.\\d+-[0-9a-f]{12}$`));
      expect(inputs.skipPush).toBe(false);
      expect(inputs.build.platform).toBe("linux/amd64");
      const deployed = only(result, release).inputs.values[service].image;
      expect(deployed.repository).toBe(`ghcr.io/acme/todo-${service}`);
      expect(deployed.pullPolicy).toBe("IfNotPresent");
      expect(deployed.digest).toBe("sha256:pushed");
    }
  });

  test("puts nothing on nodes and has no database of its own", async () => {
    const result = await runProgram({ stack: "prod", config, secretConfig, preview });
    const types = result.resources.map(({ type }) => type);
    expect(types.filter((type) => /NodeImage|BuildGeneration/.test(type))).toEqual([]);
    expect(types.filter((type) => type.startsWith("random:"))).toEqual([]);
    expect(only(result, release).inputs.values.database.enabled).toBe(false);
  });

  test("holds the database's URL in a Secret alone", async () => {
    const result = await runProgram({ stack: "prod", config, secretConfig, preview });
    const made = only(result, "kubernetes:core/v1:Secret");
    expect(made.secretInputs).toContain("stringData");
    const others = result.resources.filter((resource) => resource !== made);
    expect(JSON.stringify([others, result.outputs])).not.toContain("marker");
  });

  test("takes the production values and the configured host", async () => {
    const result = await runProgram({ stack: "prod", config, secretConfig, preview });
    const { values } = only(result, release).inputs;
    expect(values.ingress).toMatchObject({ enabled: true, host: "todo.example.com" });
    expect(values.networkPolicy.enabled).toBe(true);
    expect(values.backend.podDisruptionBudget.enabled).toBe(true);
    expect(result.outputs.url).toBe("https://todo.example.com");
  });
});

test("all that the database needs reaches the chart: its secrets in the Secret, the rest as values", async () => {
  const databaseCa = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  const databaseUrl = "postgresql://app:marker@pool.example.com:6543/app?sslmode=verify-full";
  const databaseDirectUrl = "postgresql://owner:other-marker@db.example.com/app?sslmode=verify-full";
  const result = await runProgram({
    stack: "prod",
    config: { ...config, databaseCa, databaseMaxConnections: 100 },
    secretConfig: { databaseUrl, databaseDirectUrl },
  });
  const made = only(result, "kubernetes:core/v1:Secret");
  expect(made.inputs.stringData).toEqual({ DATABASE_URL: databaseUrl, DATABASE_DIRECT_URL: databaseDirectUrl });
  expect(made.secretInputs).toContain("stringData");
  const { values } = only(result, release).inputs;
  expect(values.database).toMatchObject({ caCertificate: databaseCa, maxConnections: 100 });
  expect(values.networkPolicy).toEqual({ enabled: true, databasePort: 6543, databaseDirectPort: 5432 });
  expect(values.gateway).toEqual({ hostnames: ["todo.example.com"] });
  expect(JSON.stringify([result.resources.filter((resource) => resource !== made), result.outputs])).not.toContain(
    "marker",
  );
});

test("the parts of the database's URL are in its Secret where something is made of them, and only there", async () => {
  const databaseEnv = { PGHOST: "$(DATABASE_HOST)" };
  const stack = { stack: "prod", secretConfig } as const;
  for (const values of [{ backend: { databaseEnv } }, { services: { worker: { imageOf: "backend", databaseEnv } } }]) {
    const result = await runProgram({ ...stack, config: { ...config, values: JSON.stringify(values) } });
    const made = only(result, "kubernetes:core/v1:Secret");
    expect(made.inputs.stringData).toEqual({
      DATABASE_URL: secretConfig.databaseUrl,
      DATABASE_LOCATION: "app:marker@db.example.com/app?sslmode=require",
      DATABASE_USER: "app",
      DATABASE_PASSWORD: "marker",
      DATABASE_HOST: "db.example.com",
      DATABASE_PORT: "5432",
      DATABASE_NAME: "app",
    });
    expect(made.secretInputs).toContain("stringData");
    expect(JSON.stringify([result.resources.filter((one) => one !== made), result.outputs])).not.toContain("marker");
  }
  const values = JSON.stringify({ services: { worker: { imageOf: "backend", databaseEnv: {} } } });
  const without = only(await runProgram({ ...stack, config: { ...config, values } }), "kubernetes:core/v1:Secret");
  expect(Object.keys(without.inputs.stringData)).toEqual(["DATABASE_URL"]);
});

test("without databaseUrl it is refused with the command that sets it", async () => {
  await expect(runProgram({ stack: "prod", config })).rejects.toThrow(
    /databaseUrl: is missing.*pulumi config set --stack prod --secret databaseUrl/s,
  );
});

test("a preview works before the cluster exists, an update does not", async () => {
  workspace.writeKubeconfig({});
  const result = await runProgram({ stack: "prod", config, secretConfig, preview: true });
  expect(result.outputs.url).toBe("https://todo.example.com");
  await expect(runProgram({ stack: "prod", config, secretConfig })).rejects.toThrow(/No kubeconfig names the context/);
});

test("everything waits for the cluster's identity, which the stack keeps", async () => {
  const result = await runProgram({ stack: "prod", config, secretConfig });
  const identity = only(result, "pulumi-nodejs:dynamic/todo-stack:ClusterIdentity");
  expect(identity.inputs).toMatchObject({ context: "cluster-eu", server: apiServer.url, uid: "uid-of-the-cluster" });
  const provider = only(result, "pulumi:providers:kubernetes");
  expect(provider.dependencies).toContain(`${identity.type}::${identity.name}`);
});

test("a cluster that does not answer is enough for a preview, and stops an update", async () => {
  workspace.writeKubeconfig({ "cluster-eu": "http://127.0.0.1:1" });
  await expect(runProgram({ stack: "prod", config, secretConfig, preview: true })).resolves.toBeDefined();
  await expect(runProgram({ stack: "prod", config, secretConfig })).rejects.toThrow(
    /cluster of context "cluster-eu" does not answer at http:\/\/127\.0\.0\.1:1 .*Nothing was changed/,
  );
});

test.each([
  ["absent", undefined, true],
  ["of this program", { "app.kubernetes.io/managed-by": "todo-stack" }, true],
  ["made by others", { team: "platform" }, false],
])("a namespace that is %s may be taken over: %j %p", async (_whose, labels, expected) => {
  if (labels !== undefined) apiServer.objects.set("/api/v1/namespaces/todo", { metadata: { name: "todo", labels } });
  const result = await runProgram({ stack: "prod", config, secretConfig });
  expect(only(result, "pulumi:providers:kubernetes").inputs.upsertExistingObjects).toBe(String(expected));
});
