import { describe, expect, test } from "@jest/globals";
import { everything, productionValues } from "./profiles.ts";
import { helmVersions, type Rendered, render } from "./render.ts";

const decode = (text: string | undefined) => Buffer.from(text ?? "", "base64").toString();

describe.each(helmVersions)("secrets, Helm %s", (helm) => {
  test("without an existing Secret the chart makes one, with a strong password and the URL that contains it", async () => {
    const { data, metadata } = (await render({ helm })).get("Secret", "todo-database");
    const [user, password] = [decode(data?.DATABASE_USER), decode(data?.DATABASE_PASSWORD)];
    expect(user).toMatch(/^todo_[0-9a-f]{8}$/);
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(decode(data?.DATABASE_URL)).toBe(`postgresql://${user}:${password}@todo-database:5432/todo`);
    expect(metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
  });

  test("the superuser's password is another one, in a Secret that the backend does not read", async () => {
    const chart = await render({ helm });
    const password = decode(chart.get("Secret", "todo-database-admin").data?.POSTGRES_PASSWORD);
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(password).not.toBe(decode(chart.get("Secret", "todo-database").data?.DATABASE_PASSWORD));
    expect(JSON.stringify(chart.get("Deployment", "todo-backend"))).not.toContain("todo-database-admin");
  });

  test("another version of the password is another Secret, another Job and new pods, and the database goes on", async () => {
    const [one, two] = await Promise.all([
      render({ helm }),
      render({ helm, values: { database: { passwordVersion: 2 } } }),
    ]);
    const jobs = [one, two].map((chart) => chart.all("Job").map(({ metadata }) => metadata.name));
    expect(jobs.flat()).toHaveLength(2);
    expect(jobs[0]).not.toEqual(jobs[1]);
    expect(JSON.stringify(two.get("Deployment", "todo-backend"))).toContain("todo-database-v2");
    expect(two.get("Secret", "todo-database-v2").data).toHaveProperty("DATABASE_PASSWORD");
    const template = (chart: Rendered) => chart.get("StatefulSet", "todo-database").spec?.template;
    expect(template(two)).toEqual(template(one));
  });

  test("the passwords go when the volume goes", async () => {
    const local = await render({ helm, files: ["values-local.yaml"] });
    for (const { metadata } of local.all("Secret")) expect(metadata.annotations).toBeUndefined();
    const retention = local.get("StatefulSet", "todo-database").spec?.persistentVolumeClaimRetentionPolicy;
    expect(retention).toEqual({ whenDeleted: "Delete", whenScaled: "Retain" });
  });

  test("with existing Secrets the chart makes none, and each pod reads its own", async () => {
    const chart = await render({ helm, values: { database: { existingSecret: "mine", adminSecret: "theirs" } } });
    expect(chart.all("Secret")).toEqual([]);
    expect(JSON.stringify(chart.get("Deployment", "todo-backend"))).toContain('{"name":"mine","key":"DATABASE_URL"}');
    expect(JSON.stringify(chart.get("StatefulSet", "todo-database"))).toContain(
      '{"name":"theirs","key":"POSTGRES_PASSWORD"}',
    );
    const job = JSON.stringify(chart.all("Job"));
    for (const key of ["DATABASE_USER", "DATABASE_PASSWORD"]) expect(job).toContain(`{"name":"mine","key":"${key}"}`);
    expect(job).toContain('{"name":"theirs","key":"POSTGRES_PASSWORD"}');
  });

  test("the URL of an external database stands in the chart's Secret alone, and no PostgreSQL is made", async () => {
    const url = "postgresql://u:not-to-be-seen@db.example:5432/todo?sslmode=require";
    const chart = await render({ helm, values: { database: { enabled: false, url } } });
    expect(decode(chart.get("Secret", "todo-database").data?.DATABASE_URL)).toBe(url);
    expect(Object.keys(chart.get("Secret", "todo-database").data ?? {})).not.toContain("DATABASE_DIRECT_URL");
    expect([...chart.all("StatefulSet"), ...chart.all("Job")]).toEqual([]);
    expect(outsideOfSecrets(chart)).not.toContain("not-to-be-seen");
  });

  test("no value of secretEnv and no password stands anywhere but in a Secret", async () => {
    const chart = await render({ helm, values: everything });
    // The host, port and name of the database are no secrets.
    const open = ["DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME"];
    const entries = chart.all("Secret").flatMap(({ data }) => Object.entries(data ?? {}));
    const secrets = entries.filter(([key]) => !open.includes(key)).map(([, value]) => value);
    expect(secrets.length).toBe(6);
    expect(decode(chart.get("Secret", "todo-backend").data?.JWT_SECRET)).toBe("secret-of-the-token");
    for (const value of secrets) {
      expect(outsideOfSecrets(chart)).not.toContain(value);
      expect(outsideOfSecrets(chart)).not.toContain(decode(value));
    }
  });

  test("production makes no Secret at all", async () => {
    const chart = await render({ helm, files: ["values-production.yaml"], values: productionValues });
    expect(chart.all("Secret")).toEqual([]);
  });
});

function outsideOfSecrets(chart: Rendered): string {
  return JSON.stringify(chart.objects.filter((object) => object.kind !== "Secret"));
}
