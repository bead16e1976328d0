import { beforeEach, expect, test } from "@jest/globals";
import { broken, healthy } from "../e2e/support/breakage.ts";
import { Deployment } from "../e2e/support/deployment.ts";
import { sql } from "./support/database.ts";
import { clean, settled, underLoad } from "./support/underLoad.ts";

const deployment = new Deployment();
const { checkout } = deployment;
const up = () => checkout.succeed("up");

/** The pods of the deployment that an update replaces. */
const uids = async (component: string) => (await deployment.pods(component)).map(({ uid }) => uid).sort();

/** Replaces pods by an update: that they are others afterwards shows that the case has tested something. */
async function rolls(components: readonly string[], change: () => Promise<unknown>): Promise<void> {
  const before = await Promise.all(components.map(uids));
  await change();
  const after = await Promise.all(components.map(uids));
  for (const [index] of components.entries()) expect(after[index]).not.toEqual(before[index]);
}

/** Another text in the page's code: its files get other names, so that a page of one version needs the files of that one. */
function otherPage(): void {
  const file = "apps/frontend/lib/api/problem.ts";
  const text = checkout.read(file);
  checkout.write(
    file,
    text.replace(/You are( still)* not connected/, (title) => title.replace("are", "are still")),
  );
  expect(checkout.read(file)).not.toBe(text);
}

beforeEach(() => settled(deployment));

test("a new version of the backend", async () => {
  checkout.append("apps/backend/src/todo/server.py", "# a new version\n");
  expect(await underLoad(deployment, "rolling update of the backend", 40, () => rolls(["backend"], up))).toMatchObject(
    clean,
  );
});

test("a new version of the frontend", async () => {
  otherPage();
  expect(
    await underLoad(deployment, "rolling update of the frontend", 40, () => rolls(["frontend"], up)),
  ).toMatchObject(clean);
});

test("new versions of both at once", async () => {
  checkout.append("apps/backend/src/todo/server.py", "# a newer version\n");
  otherPage();
  const both = () => rolls(["frontend", "backend"], up);
  expect(await underLoad(deployment, "rolling update of both", 40, both)).toMatchObject(clean);
});

test("a changed ConfigMap", async () => {
  checkout.configure({ env: { LOG_LEVEL: "warning" } });
  expect(await underLoad(deployment, "changed ConfigMap", 40, () => rolls(["backend"], up))).toMatchObject(clean);
});

test("a changed Secret", async () => {
  const secret = async (name: string, value: string) => {
    await deployment.kubectl("create", "secret", "generic", name, `--from-literal=SIGNING_KEY=${value}`);
    checkout.configure({ "values.backend.existingSecrets": [name] });
  };
  await secret("signing-key-1", "first");
  await up();
  await settled(deployment);
  const change = async () => {
    await secret("signing-key-2", "second");
    await up();
  };
  expect(await underLoad(deployment, "changed Secret", 40, () => rolls(["backend"], change))).toMatchObject(clean);
});

test("another password of the database", async () => {
  const database = await uids("database");
  checkout.configure({ databasePasswordVersion: 2 });
  expect(await underLoad(deployment, "database password rotation", 40, () => rolls(["backend"], up))).toMatchObject(
    clean,
  );
  expect(await uids("database")).toEqual(database);
  const logins = "SELECT usesuper, valuntil = 'infinity' FROM pg_user WHERE usename LIKE 'todo\\_%' ORDER BY valuntil";
  // Neither is a superuser; the one before is on its way out.
  expect((await sql(deployment, logins)).trim().split("\n")).toEqual(["f|f", "f|t"]);
});

test("a migration that adds a column", async () => {
  checkout.write("apps/backend/src/todo/migrations/versions/0002_add_priority.py", migration);
  expect(await underLoad(deployment, "migration that adds a column", 40, () => rolls(["backend"], up))).toMatchObject(
    clean,
  );
  expect((await sql(deployment, "SELECT version_num FROM alembic_version")).trim()).toBe("0002");
});

test("helm rollback", async () => {
  const back = () => rolls(["backend"], () => deployment.helm("rollback", "todo", "--wait"));
  expect(await underLoad(deployment, "helm rollback", 40, back)).toMatchObject(clean);
  await up();
});

test("a version that does not start, and is taken back", async () => {
  const file = "apps/backend/src/todo/server.py";
  const original = checkout.read(file);
  const before = await uids("backend");
  checkout.configure({ timeoutSeconds: 25 });
  checkout.replace(file, healthy, broken);
  const fails = async () => expect((await checkout.run("up")).output).toContain("broken on purpose");
  expect(await underLoad(deployment, "failed rollout, rolled back", 60, fails)).toMatchObject(clean);
  expect(await uids("backend")).toEqual(before);
  checkout.write(file, original);
  checkout.configure({ timeoutSeconds: undefined });
});

const migration = `"""Add a priority."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """With a default, so that the version before can go on inserting rows."""
    op.add_column("todo", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Undo it."""
    op.drop_column("todo", "priority")
`;
