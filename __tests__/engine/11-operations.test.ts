import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../e2e/support/deployment.ts";
import { nothingDropped, whileUsed } from "./support/load.ts";
import { type Surroundings, startSurroundings } from "./support/production.ts";
import { describeEngine, EngineStack } from "./support/stack.ts";

// Each procedure of docs/production.md, by the commands that stand there.
describeEngine("operating a production stack", () => {
  const on = new EngineStack("prod", "todo-prod");
  const firstPort = Number(process.env.TODO_STACK_SANDBOX_PORT);
  const page = `http://127.0.0.1:${firstPort + 1}`;
  const source = "apps/backend/src/todo/server.py";
  let around: Surroundings;
  let databaseUrl: string;
  let kept: string;

  const configure = async (stack: EngineStack, nodePort: number) => {
    const { directUrl, authority } = around.database;
    await (await stack.stack()).setAllConfig({
      context: { value: on.context },
      profile: { value: "production" },
      registry: { value: around.registry },
      host: { value: "todo.example.com" },
      namespace: { value: stack.namespace },
      databaseUrl: { value: databaseUrl, secret: true },
      databaseDirectUrl: { value: directUrl, secret: true },
      databaseCa: { value: authority },
    });
    // There is no ingress controller here: the page is reached by a port of the node.
    const service = {
      "values.frontend.service.type": "NodePort",
      "values.frontend.service.nodePort": String(nodePort),
    };
    for (const [key, value] of Object.entries(service)) await (await stack.stack()).setConfig(key, { value }, true);
  };
  const ready = async (stack: EngineStack) => (await stack.pods()).filter((pod) => pod.ready);
  // An autoscaler without metrics takes no pod away again.
  const threeOfEach = (stack: EngineStack = on) =>
    eventually(async () => {
      const pods = await stack.pods();
      expect(pods.filter((pod) => !pod.ready)).toEqual([]);
      for (const component of ["frontend", "backend"]) {
        expect(pods.filter((pod) => pod.component === component).length).toBeGreaterThanOrEqual(3);
      }
    }, 90);
  const images = async () => [...new Set((await on.pods("backend")).map(({ image }) => image))];
  const deploy = async () => {
    await on.up();
    await threeOfEach();
  };
  const keep = async () => {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ title: "kept through all of it" });
    const answer = await fetch(`${page}/api/todos`, { method: "POST", headers, body });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  };
  const isKept = async (url = page) => {
    const answer = await fetch(`${url}/api/todos/${kept}`);
    expect(await answer.json()).toMatchObject({ title: "kept through all of it" });
  };

  beforeAll(async () => {
    around = await startSurroundings(on, firstPort + 9);
    databaseUrl = around.database.url;
    await configure(on, firstPort + 1);
    await deploy();
    kept = await keep();
  });
  afterAll(async () => {
    await on.destroy();
    await around?.remove();
  });

  test("an upgrade while the page is used: no request fails", async () => {
    const before = await images();
    on.checkout.append(source, "# the next version\n");
    expect(await whileUsed(on, page, 60, deploy)).toMatchObject(nothingDropped);
    expect(await images()).not.toEqual(before);
    expect((await on.preview()).changes).toEqual([]);
  });

  test("a rollback to a given revision by Helm, and by the source of that version without a build", async () => {
    const newer = await images();
    const back = async () => {
      await on.helm("rollback", "todo", "1", "--wait", "--timeout", "90s");
      await threeOfEach();
    };
    expect(await whileUsed(on, page, 60, back)).toMatchObject(nothingDropped);
    const [older] = await images();
    expect([older]).not.toEqual(newer);
    // The source is the newer one still, and the preview says what an update would do about that.
    expect((await on.preview()).changes).toEqual(["update Release release"]);
    on.checkout.write(source, on.checkout.read(source).replace("# the next version\n", ""));
    const { output } = await on.up();
    expect(output).not.toContain("Starting Docker build");
    expect(await images()).toEqual([older]);
    expect((await on.preview()).changes).toEqual([]);
  });

  test("another login of the database while the page is used: no request fails", async () => {
    const { ask } = around.database;
    await ask("CREATE ROLE app_b LOGIN PASSWORD 'app_b-of-the-suites' IN ROLE app");
    databaseUrl = databaseUrl.replace("//app:app-of", "//app_b:app_b-of");
    await (await on.stack()).setConfig("databaseUrl", { value: databaseUrl, secret: true });
    expect(await whileUsed(on, page, 60, deploy)).toMatchObject(nothingDropped);
    await ask("ALTER ROLE app NOLOGIN");
    await isKept();
    expect(await on.secretValue("DATABASE_URL")).toBe(databaseUrl);
  });

  test("another value of a secret variable reaches the pods, and nobody else", async () => {
    const stack = await on.stack();
    for (const value of ["first-of-the-suites", "second-of-the-suites"]) {
      await stack.setConfig("secretEnv.JWT_SECRET", { value, secret: true }, true);
      await deploy();
      expect(await on.secretValue("JWT_SECRET")).toBe(value);
    }
    expect(await on.exportedState()).not.toContain("of-the-suites");
    expect(await on.helm("get", "all", "todo")).not.toContain("of-the-suites");
  });

  test("more replicas by one setting", async () => {
    const least = "values.backend.autoscaling.minReplicas";
    await (await on.stack()).setConfig(least, { value: "4" }, true);
    expect((await on.up()).changes).toEqual(["update Release release"]);
    await eventually(
      async () => expect((await ready(on)).filter((pod) => pod.component === "backend")).toHaveLength(4),
      60,
    );
    await (await on.stack()).removeConfig(least, true);
    await on.up();
  });

  test("another passphrase of the state: nothing changes, and the old one opens it no more", async () => {
    const old = process.env.PULUMI_CONFIG_PASSPHRASE;
    const another = "another of the suites";
    changePassphrase(on, another);
    await expect(on.preview()).rejects.toThrow(/passphrase/);
    try {
      process.env.PULUMI_CONFIG_PASSPHRASE = another;
      expect((await on.preview()).changes).toEqual([]);
      changePassphrase(on, old ?? "");
    } finally {
      process.env.PULUMI_CONFIG_PASSPHRASE = old;
    }
  });

  test("a lost state is restored from its export: nothing changes", async () => {
    const backup = join(on.checkout.folder, ".state", "backup.json");
    writeFileSync(backup, await on.exportedState());
    await on.loseState();
    await on.stack();
    await on.pulumi("stack", "import", "--file", backup);
    expect((await on.preview()).changes).toEqual([]);
  });

  test("a state that is lost without a backup: the next update takes over what runs", async () => {
    await on.loseState();
    await configure(on, firstPort + 1);
    await deploy();
    await isKept();
    expect((await on.preview()).changes).toEqual([]);
  });

  test("a move: another stack beside it serves the same data without a build, and the old one goes", async () => {
    const green = new EngineStack("prod-green", "todo-green");
    await configure(green, firstPort + 2);
    try {
      const { output } = await green.up();
      expect(output).not.toContain("Starting Docker build");
      await threeOfEach(green);
      await on.destroy();
      await isKept(`http://127.0.0.1:${firstPort + 2}`);
    } finally {
      await green.destroy();
    }
  });
});

/** The CLI asks for the new one where it has a terminal, and else reads it. */
function changePassphrase(on: EngineStack, input: string): void {
  const command = ["stack", "change-secrets-provider", "passphrase", "--stack", "prod"];
  execFileSync("pulumi", command, {
    cwd: on.checkout.folder,
    input: `${input}\n${input}\n`,
    env: process.env,
    stdio: "pipe",
  });
}
