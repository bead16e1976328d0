import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { eventually } from "../e2e/support/deployment.ts";
import { leaveRelease, loseImages, recreateCluster, restartCluster } from "./support/damage.ts";
import { describeEngine, EngineStack } from "./support/stack.ts";

const server = "apps/backend/src/todo/server.py";

describeEngine("convergence: the next update ends in a working deployment", () => {
  const on = new EngineStack();
  const { checkout } = on;

  /** The page, the API with its database, and nothing left to do. */
  async function expectWorking(): Promise<void> {
    await eventually(async () => {
      const title = `written ${Date.now()}`;
      const body = JSON.stringify({ title });
      const written = await on.fetch("/api/todos", {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
      expect(written.status).toBe(201);
      expect((await on.fetch("/")).status).toBe(200);
    }, 15);
    expect((await on.preview()).changes).toEqual([]);
  }

  afterEach(expectWorking, 60_000);

  test("the cluster was deleted and made anew", async () => {
    await recreateCluster();
    const { changes } = await on.up();
    expect(changes).toEqual(expect.arrayContaining(["create Namespace namespace", "create Release release"]));
  });

  test("the cluster was deleted: npm run up makes it anew", async () => {
    await recreateCluster();
    await checkout.succeed("up");
  });

  test("the cluster was stopped and started", async () => {
    await restartCluster();
    await on.up();
  });

  test("the node's image store was emptied", async () => {
    await loseImages({ engine: false });
    const { changes } = await on.up();
    expect(changes).toEqual(["update NodeImage backend-on-node", "update NodeImage frontend-on-node"]);
  });

  test("engine and node have lost the images, as after docker system prune -a", async () => {
    await loseImages({ engine: true });
    const previewed = await on.preview();
    expect(previewed.changes).toContain("update Image backend");
    expect((await on.up()).changes).toEqual(previewed.changes);
  });

  test.each([
    ["the build", /Image backend (updating|creating)/],
    ["the load", /NodeImage backend-on-node (updating|creating)/],
    ["the release", /Release release (updating|creating)/],
  ])("an update was killed during %s: npm run up", async (_step, sign) => {
    checkout.append(server, `# killed ${Date.now()}\n`);
    const running = checkout.start("up");
    await eventually(async () => expect(running.printed()).toMatch(sign), 120);
    running.kill("SIGKILL");
    await running.finished;
    await checkout.succeed("up");
  });

  test.each(["pending-upgrade", "pending-install"] as const)("the release was left in %s", async (status) => {
    await leaveRelease(status);
    expect((await on.up()).changes).toEqual(["update Release release"]);
  });

  test("the release was deleted by helm uninstall, and its data is there again", async () => {
    const data = await (await on.fetch("/api/todos")).json();
    await on.helm("uninstall", "todo", "--wait");
    expect((await on.up()).changes).toEqual(["create Release release"]);
    await eventually(async () => expect(await (await on.fetch("/api/todos")).json()).toEqual(data), 15);
  });

  test("a Deployment was deleted by hand", async () => {
    await on.kubectl("delete", "deployment", "todo-backend", "--wait");
    expect((await on.up()).changes).toEqual(["update Release release"]);
  });

  test("a Deployment was scaled by hand", async () => {
    const before = (await on.pods("backend")).length;
    await on.kubectl("scale", "deployment", "todo-backend", `--replicas=${before + 2}`);
    expect((await on.up()).changes).toEqual(["update Release release"]);
    await eventually(async () => expect(await on.pods("backend")).toHaveLength(before), 60);
  });

  test("the release was rolled back by hand", async () => {
    await on.helm("rollback", "todo", "--wait");
    expect((await on.up()).changes).toEqual(["update Release release"]);
  });

  test("the namespace was deleted by hand", async () => {
    await on.kubectl("delete", "namespace", "todo", "--wait");
    await on.up();
  });

  test("the namespace is there already, with an old Secret in it", async () => {
    await on.destroy();
    await on.kubectl("create", "namespace", "todo");
    await on.kubectl("create", "secret", "generic", "database-0a1b2c3d", "--from-literal=POSTGRES_PASSWORD=old");
    await on.up();
  });

  test("the superuser's password was drawn anew while the volume keeps the old one", async () => {
    const before = await on.secretValue("POSTGRES_PASSWORD");
    const stack = await on.stack();
    const urns = ((await stack.exportStack()).deployment.resources as { urn: string }[]).map(({ urn }) => urn);
    const urn = urns.find((name) => name.endsWith("::database-admin-password")) ?? "";
    const data = (await on.fetch("/api/todos")).json();
    await on.up({ replace: [urn] });
    expect(await on.secretValue("POSTGRES_PASSWORD")).not.toBe(before);
    await eventually(async () => expect(await (await on.fetch("/api/todos")).json()).toEqual(await data), 15);
  });

  test("another version of the backend's password is another login, beside a database that goes on", async () => {
    const uids = async (component: string) => (await on.pods(component)).map(({ uid }) => uid);
    const before = { login: await on.secretValue("DATABASE_USER"), database: await uids("database") };
    await (await on.stack()).setConfig("databasePasswordVersion", { value: "2" });
    await on.up();
    expect(await on.secretValue("DATABASE_USER")).not.toBe(before.login);
    expect(await uids("database")).toEqual(before.database);
    expect((await on.fetch("/api/todos")).status).toBe(200);
  });

  test("the state was lost while the deployment runs", async () => {
    const pods = (await on.pods("frontend")).map(({ uid }) => uid);
    const data = await (await on.fetch("/api/todos")).json();
    await on.loseState();
    await on.up();
    expect((await on.pods("frontend")).map(({ uid }) => uid)).toEqual(pods);
    expect(await (await on.fetch("/api/todos")).json()).toEqual(data);
  });

  test("the state was lost, and the new version does not roll out: its data is there again", async () => {
    const data = await (await on.fetch("/api/todos")).json();
    await on.loseState();
    checkout.configure({
      timeoutSeconds: 20,
      values: { backend: { resources: { requests: { memory: "900Gi" }, limits: { memory: "900Gi" } } } },
    });
    await expect(on.up()).rejects.toThrow(/Unschedulable|900Gi/);
    checkout.configure({ timeoutSeconds: undefined, values: undefined });
    await on.up();
    await eventually(async () => expect(await (await on.fetch("/api/todos")).json()).toEqual(data), 15);
  });

  test("the kubeconfig's current context points elsewhere", async () => {
    const elsewhere = join(checkout.folder, ".state", "elsewhere");
    const server = "https://127.0.0.1:1";
    const clusters = [{ name: "elsewhere", cluster: { server } }];
    const contexts = [{ name: "elsewhere", context: { cluster: "elsewhere", user: "elsewhere" } }];
    const config = { apiVersion: "v1", kind: "Config", clusters, contexts, "current-context": "elsewhere" };
    writeFileSync(elsewhere, stringify(config));
    const before = process.env.KUBECONFIG;
    process.env.KUBECONFIG = `${elsewhere}:${before}`;
    try {
      checkout.append("chart/templates/service.yaml", "# elsewhere\n");
      expect((await on.up()).changes).toEqual(["update Release release"]);
    } finally {
      process.env.KUBECONFIG = before;
    }
  });

  test("two updates at once: the second refuses and says who is at work", async () => {
    checkout.append(server, "# two at once\n");
    const first = checkout.start("up");
    await eventually(async () => expect(first.printed()).toMatch(/Image backend updating/), 60);
    const { code, output } = await checkout.run("up");
    await expect(on.up()).rejects.toThrow(/the stack is currently locked/);
    expect(code).not.toBe(0);
    expect(output).toMatch(/Another "npm run up" \(process \d+\) is at work in this checkout/);
    expect((await first.finished).code).toBe(0);
  });
});
