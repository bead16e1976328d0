import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { eventually } from "../e2e/support/deployment.ts";
import { ApiServer } from "../support/apiServer.ts";
import { type Surroundings, startSurroundings } from "./support/production.ts";
import { describeEngine, EngineStack } from "./support/stack.ts";

describeEngine("the production stack, with a registry of its own", () => {
  const on = new EngineStack("prod", "todo-prod");
  const { checkout } = on;
  let around: Surroundings;

  beforeAll(async () => {
    // Nothing of production exists yet; its cluster is the one that runs the suites' local stack.
    around = await startSurroundings(on, Number(process.env.TODO_STACK_SANDBOX_PORT) + 9);
  });
  afterAll(() => around?.remove());

  test("a preview works before any of it is configured to exist", async () => {
    const stack = await on.stack();
    await stack.setAllConfig({
      context: { value: "not-there-yet" },
      registry: { value: around.registry },
      host: { value: "todo.example.com" },
      namespace: { value: on.namespace },
      databaseUrl: { value: around.database.url, secret: true },
      databaseDirectUrl: { value: around.database.directUrl, secret: true },
      databaseCa: { value: around.database.authority },
      databaseMaxConnections: { value: "97" },
    });
    const { changes } = await on.preview();
    expect(changes).toEqual(expect.arrayContaining(["create Image backend", "create Release release"]));
  });

  test("an update pushes, deploys by digest, and a second one changes nothing", async () => {
    await (await on.stack()).setConfig("context", { value: on.context });
    expect((await on.up()).changes).toContain("create ClusterIdentity cluster-identity");
    // The autoscalers bring the second and the third of each.
    await eventually(async () => expect((await on.pods()).filter(({ ready }) => ready)).toHaveLength(6), 60);
    for (const component of ["frontend", "backend"]) expect(await on.pods(component)).toHaveLength(3);
    for (const { image } of await on.pods()) {
      expect(image).toMatch(new RegExp(`^${around.registry}/todo-(back|front)end@sha256:[0-9a-f]{64}$`));
    }
    expect((await on.up()).changes).toEqual([]);
    expect((await on.refresh()).changes).toEqual([]);
  });

  test("the database's address is in no plain state, and reaches the pods", async () => {
    expect((await on.exportedState()).includes("of-the-suites")).toBe(false);
    expect(await on.secretValue("DATABASE_URL")).toBe(around.database.url);
  });

  test("migrations went to the direct address, and the pods use what they made, over verified connections", async () => {
    const { ask } = around.database;
    expect((await ask("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")).trim()).toBe("owner");
    await on.helm("test", "todo", "--timeout", "90s");
    const ours = "FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename IN ('app', 'owner')";
    expect((await ask(`SELECT DISTINCT usename, ssl ${ours}`)).trim()).toBe("app|t");
    const backends = await ask(`SELECT count(DISTINCT client_addr) ${ours}`);
    expect(Number(backends)).toBe(3);
  });

  test("autoscalers hold three of each, and a node drain may take one", async () => {
    const scalers = JSON.parse(await on.kubectl("get", "horizontalpodautoscalers", "--output", "json"));
    expect(scalers.items).toHaveLength(2);
    for (const { spec, status } of scalers.items) {
      expect(spec).toMatchObject({ minReplicas: 3, maxReplicas: 10 });
      expect(status.currentReplicas).toBe(3);
    }
    const budgets = JSON.parse(await on.kubectl("get", "poddisruptionbudgets", "--output", "json"));
    expect(budgets.items.map(({ status }: { status: object }) => status)).toEqual(
      Array(2).fill(expect.objectContaining({ currentHealthy: 3, disruptionsAllowed: 1 })),
    );
  });

  test("a URL that does not insist on encryption is refused, with the command that sets another", async () => {
    const stack = await on.stack();
    await stack.setConfig("databaseUrl", { value: around.database.url.split("?")[0] ?? "", secret: true });
    await expect(on.up()).rejects.toThrow(/has no sslmode.*pulumi config set --stack prod --secret databaseUrl/s);
    await stack.setConfig("databaseUrl", { value: around.database.url, secret: true });
    expect((await on.up()).changes).toEqual([]);
  });

  test("a context that leads to another cluster is refused, whatever --yes says, until it is accepted", async () => {
    const other = await ApiServer.start();
    const elsewhere = join(checkout.folder, ".state", "another-cluster");
    const clusters = [{ name: on.context, cluster: { server: other.url } }];
    writeFileSync(
      elsewhere,
      stringify({ clusters, contexts: [{ name: on.context, context: { cluster: on.context } }] }),
    );
    const update = (extra: Record<string, string>) =>
      promisify(execFile)("pulumi", ["up", "--yes", "--refresh=false", "--stack", "prod"], {
        cwd: checkout.folder,
        env: { ...process.env, KUBECONFIG: elsewhere, ...extra },
      });
    const refusal = { stdout: expect.stringMatching(/leads to another cluster than at the last update/) };
    await expect(update({})).rejects.toMatchObject(refusal);
    await expect(update({ TODO_STACK_ACCEPT_CLUSTER: "uid-of-yet-another" })).rejects.toMatchObject(refusal);
    expect((await on.up()).changes).toEqual([]);
  });

  test("a debug value is refused, and deployed when it is allowed for once", async () => {
    const stack = await on.stack();
    await stack.setConfig("env.LOG_LEVEL", { value: "debug" }, true);
    await expect(on.up()).rejects.toThrow(
      /update of stack "prod" is refused.*pulumi config rm --stack prod --path env.LOG_LEVEL/s,
    );
    expect((await on.preview()).output).toContain("An update would be refused");
    process.env.TODO_STACK_ALLOW = "debug";
    try {
      expect((await on.up()).changes).toEqual(["update Release release"]);
    } finally {
      delete process.env.TODO_STACK_ALLOW;
      await stack.removeConfig("env.LOG_LEVEL", true);
    }
  });

  test("destroy leaves nothing", async () => {
    await on.destroy();
    expect(await on.kubectl("get", "namespaces", "--output", "name")).not.toContain("namespace/todo-prod\n");
  });
});
