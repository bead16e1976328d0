import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../e2e/support/deployment.ts";
import type { Surroundings } from "./support/production.ts";
import { registryLogin, resumeRegistry, startRegistry, startSurroundings, stopRegistry } from "./support/production.ts";
import { describeEngine, EngineStack } from "./support/stack.ts";

const source = "apps/backend/src/todo/server.py";
const { username, password } = registryLogin;
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

describeEngine("a production stack and a registry that wants a login", () => {
  const on = new EngineStack("prod", "todo-registry");
  const { checkout } = on;
  const first = Number(process.env.TODO_STACK_SANDBOX_PORT);
  const port = first + 8;
  const before = checkout.read(source);
  const dockerConfig = mkdtempSync(join(tmpdir(), "todo-stack-docker-"));
  const docker = process.env.DOCKER_CONFIG;
  let around: Surroundings;
  let registry: string;
  let kept: string;

  beforeAll(async () => {
    process.env.DOCKER_CONFIG = dockerConfig;
    around = await startSurroundings(on, first + 9);
    registry = await startRegistry(on.context, port, true);
    await (await on.stack()).setAllConfig({
      context: { value: on.context },
      registry: { value: `${registry}/acme` },
      registryUsername: { value: username },
      registryPassword: { value: password, secret: true },
      host: { value: "todo.example.com" },
      namespace: { value: on.namespace },
      databaseUrl: { value: around.database.url, secret: true },
      databaseDirectUrl: { value: around.database.directUrl, secret: true },
      databaseCa: { value: around.database.authority },
    });
  });
  afterAll(async () => {
    await on.destroy();
    await around?.remove();
    rmSync(dockerConfig, { recursive: true });
    if (docker === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = docker;
  });

  /** The digest that the backend's pods run. */
  const running = async (): Promise<string> => {
    const images = (await on.pods()).map(({ image }) => image).filter((image) => image.includes("/todo-backend@"));
    expect(new Set(images).size).toBe(1);
    return images[0]?.split("@")[1] ?? "";
  };
  const edit = (text: string) => checkout.write(source, `${before}# ${text}\n`);
  /** Asks the registry itself, at a path below `/v2/acme/todo-backend/`. */
  const ask = (path: string, method = "GET") =>
    fetch(`http://${registry}/v2/acme/todo-backend/${path}`, { method, headers: { authorization } });

  test("pushes with the stack's own login, and the nodes pull with it", async () => {
    const { changes } = await on.up();
    expect(changes).toEqual(expect.arrayContaining(["create Image backend", "create Secret registry"]));
    await eventually(async () => expect((await on.pods()).filter(({ ready }) => ready)).toHaveLength(6), 60);
    kept = await running();
    expect(await ask(`manifests/${kept}`)).toMatchObject({ status: 200 });
    expect((await on.up()).changes).toEqual([]);
  });

  test("the login is in no plain state and in no Helm value", async () => {
    const state = await on.exportedState();
    expect(state).toContain("ciphertext");
    expect(state).not.toContain(password);
    const secret = await on.kubectl("get", "secrets", "--selector", "owner=helm", "--output", "json");
    const { items } = JSON.parse(secret) as { items: { data: { release: string } }[] };
    expect(items.length).toBeGreaterThan(0);
    for (const { data } of items) {
      const packed = Buffer.from(Buffer.from(data.release, "base64").toString("utf8"), "base64");
      const { gunzipSync } = await import("node:zlib");
      const text = gunzipSync(packed).toString("utf8");
      expect(text).toContain("imagePullSecrets");
      expect(text).not.toContain(password);
    }
  });

  test("nothing changes where the registry does not answer, and an edit is shown as a build", async () => {
    await stopRegistry(on.context, port);
    const { changes, output } = await on.preview();
    expect(changes).toEqual([]);
    expect(output).toContain("The registry was not asked for");
    edit("while the registry is away");
    expect((await on.preview()).changes).toContain("update Image backend");
    edit("");
    checkout.write(source, before);
    await resumeRegistry(on.context, port);
    await eventually(async () => expect((await ask("tags/list")).status).toBe(200), 10);
  });

  test("new content is built, and content of an earlier commit is not built again", async () => {
    edit("new");
    const previewed = await on.preview();
    expect(previewed.changes).toEqual([
      "update Image backend",
      "update PublishedImage backend-published",
      "update Release release",
    ]);
    expect((await on.up()).changes).toEqual(previewed.changes);
    expect(await running()).not.toBe(kept);
    checkout.write(source, before);
    const back = await on.preview();
    expect(back.changes).toContain("update Release release");
    expect(back.changes.filter((change) => /^(create|update) Image/.test(change))).toEqual([]);
    expect((await on.up()).changes).toEqual(back.changes);
    expect(await running()).toBe(kept);
    expect((await on.up()).changes).toEqual([]);
  });

  test("what was deleted in the registry is pushed again", async () => {
    expect((await ask(`manifests/${kept}`, "DELETE")).status).toBe(202);
    expect((await on.preview()).changes).toContain("create Image backend");
    await on.up();
    expect((await ask(`manifests/${await running()}`)).status).toBe(200);
    expect((await on.up()).changes).toEqual([]);
  });

  test("a state that knows nothing takes what the registry has, and builds nothing", async () => {
    const pushed = await running();
    await on.loseState();
    const { changes } = await on.up();
    expect(changes).toContain("create PublishedImage backend-published");
    expect(changes.filter((change) => / Image /.test(change))).toEqual([]);
    expect(await running()).toBe(pushed);
    expect((await on.up()).changes).toEqual([]);
  });

  test("the login that docker login has left serves as well", async () => {
    const auths = { [registry]: { auth: authorization.slice("Basic ".length) } };
    writeFileSync(join(dockerConfig, "config.json"), JSON.stringify({ auths }));
    const stack = await on.stack();
    await stack.setConfig("registryPullUsername", { value: username });
    await stack.setConfig("registryPullPassword", { value: password, secret: true });
    await stack.removeConfig("registryUsername");
    await stack.removeConfig("registryPassword");
    expect((await on.up()).changes).toEqual([]);
    edit("pushed by Docker's own login");
    expect((await on.up()).changes).toContain("create Image backend");
    expect((await ask(`manifests/${await running()}`)).status).toBe(200);
    checkout.write(source, before);
  });
});
