import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeEngine, EngineStack } from "./support/stack.ts";

const server = "apps/backend/src/todo/server.py";
const operations = "apps/backend/src/todo/routes/operations.py";
const migration = "apps/backend/src/todo/migrations/versions/0002_broken.py";

/** Broken in the cluster only: the tests' databases have other names. */
const inCluster = 'if "todo-database" in __import__("os").environ.get("DATABASE_URL", ""):';
const healthyImport = "from todo.app import create_app\n";
const brokenImport = `${healthyImport}${inCluster}\n    raise SystemExit("crashes on purpose")\n`;
const healthyReady = "    if services.lifecycle.draining:\n";
const brokenReady = `    ${inCluster}\n        return unavailable("unready on purpose")\n${healthyReady}`;
const brokenMigration = `"""Broken on purpose."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    raise RuntimeError("migration broken on purpose")
`;

/** How a rollout is broken and mended, and what the message must name. */
interface Breakage {
  readonly name: string;
  readonly breakIt: () => void;
  readonly mendIt: () => void;
  readonly told: readonly (string | RegExp)[];
}

describeEngine("a rollout that fails, fails well", () => {
  const on = new EngineStack();
  const { checkout } = on;
  const values = (backend: unknown) => () =>
    checkout.configure({ values: backend === undefined ? undefined : { backend } });

  const breakages: Breakage[] = [
    {
      name: "an image that crashes",
      breakIt: () => checkout.replace(server, healthyImport, brokenImport),
      mendIt: () => checkout.replace(server, brokenImport, healthyImport),
      told: [/container backend: (Error|CrashLoopBackOff)/, "crashes on purpose"],
    },
    {
      name: "an image that never becomes ready",
      breakIt: () => checkout.replace(operations, healthyReady, brokenReady),
      mendIt: () => checkout.replace(operations, brokenReady, healthyReady),
      told: ["container backend: NotReady", "readiness probe"],
    },
    {
      name: "an image that cannot be pulled",
      breakIt: values({ image: { repository: "registry.invalid/todo", pullPolicy: "IfNotPresent" } }),
      mendIt: values(undefined),
      told: [/container (migrate|backend): (ErrImagePull|ImagePullBackOff)/, "check the image's name"],
    },
    {
      name: "not enough memory on the node",
      breakIt: values({ resources: { requests: { memory: "900Gi" }, limits: { memory: "900Gi" } } }),
      mendIt: values(undefined),
      told: ["Unschedulable", "Insufficient memory", "no node has room"],
    },
    {
      name: "a migration that fails",
      breakIt: () => checkout.write(migration, brokenMigration),
      mendIt: () => rmSync(join(checkout.folder, migration)),
      told: [/container migrate: (Error|CrashLoopBackOff)/, "migration broken on purpose"],
    },
  ];

  beforeAll(() => checkout.configure({ timeoutSeconds: 30, values: undefined }));
  afterAll(async () => {
    checkout.configure({ timeoutSeconds: undefined });
    await on.up();
  });

  test.each(breakages)("$name", async ({ breakIt, mendIt, told }) => {
    await on.up();
    const before = (await on.pods("backend")).map(({ uid }) => uid);
    breakIt();
    const began = Date.now();
    const failure = on.up().then(
      () => "it did not fail",
      (error: Error) => error.message,
    );
    const answers = await requestUntil(on, failure);
    const message = await failure;
    mendIt();
    expect(message).toMatch(/pod todo-backend-\S+/);
    for (const part of told) expect(message).toMatch(part);
    // The build, the rollout's 30 s, and the way back.
    expect(Date.now() - began).toBeLessThan(90_000);
    expect(answers.size === 1 && answers.has(200) ? "answered" : [...answers]).toBe("answered");
    expect((await on.pods("backend")).map(({ uid }) => uid)).toEqual(before);
    const history = JSON.parse(await on.helm("history", "todo", "--output", "json")) as Record<string, string>[];
    expect(history.at(-1)).toMatchObject({
      status: "deployed",
      description: expect.stringMatching(/^Rollback to \d+$/),
    });
    expect((await on.up()).changes).toContain("update Release release");
  });
});

/** The statuses of constant requests while something goes on; 0 for one that had no answer. */
async function requestUntil(on: EngineStack, end: Promise<unknown>): Promise<Set<number>> {
  const answers = new Set<number>();
  let ended = false;
  void end.finally(() => {
    ended = true;
  });
  while (!ended) {
    answers.add(
      await on.fetch("/api/todos").then(
        (response) => response.status,
        () => 0,
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return answers;
}
