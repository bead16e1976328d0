import { describe, expect, test } from "@jest/globals";
import { everything, productionValues } from "./profiles.ts";
import { helmVersions, type Rendered, render } from "./render.ts";

const decode = (text: string | undefined) => Buffer.from(text ?? "", "base64").toString();

describe.each(helmVersions)("secrets, Helm %s", (helm) => {
  test("without an existing Secret the chart makes one, with a strong password and the URL that contains it", async () => {
    const { data, metadata } = (await render({ helm })).get("Secret", "todo-database");
    const password = decode(data?.POSTGRES_PASSWORD);
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(decode(data?.DATABASE_URL)).toBe(`postgresql://todo:${password}@todo-database:5432/todo`);
    expect(metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
  });

  test("the password goes when the volume goes", async () => {
    const local = await render({ helm, files: ["values-local.yaml"] });
    expect(local.get("Secret", "todo-database").metadata.annotations).toBeUndefined();
    const retention = local.get("StatefulSet", "todo-database").spec?.persistentVolumeClaimRetentionPolicy;
    expect(retention).toEqual({ whenDeleted: "Delete", whenScaled: "Retain" });
  });

  test("with an existing Secret the chart makes none, and both pods read that one", async () => {
    const chart = await render({ helm, values: { database: { existingSecret: "mine" } } });
    expect(chart.all("Secret")).toEqual([]);
    expect(JSON.stringify(chart.get("Deployment", "todo-backend"))).toContain('{"name":"mine","key":"DATABASE_URL"}');
    expect(JSON.stringify(chart.get("StatefulSet", "todo-database"))).toContain(
      '{"name":"mine","key":"POSTGRES_PASSWORD"}',
    );
  });

  test("the URL of an external database stands in the chart's Secret alone, and no PostgreSQL is made", async () => {
    const url = "postgresql://u:not-to-be-seen@db.example:5432/todo?sslmode=require";
    const chart = await render({ helm, values: { database: { enabled: false, url } } });
    expect(decode(chart.get("Secret", "todo-database").data?.DATABASE_URL)).toBe(url);
    expect(Object.keys(chart.get("Secret", "todo-database").data ?? {})).toEqual(["DATABASE_URL"]);
    expect(chart.all("StatefulSet")).toEqual([]);
    expect(outsideOfSecrets(chart)).not.toContain("not-to-be-seen");
  });

  test("no value of secretEnv and no password stands anywhere but in a Secret", async () => {
    const chart = await render({ helm, values: everything });
    const secrets = chart.all("Secret").flatMap(({ data }) => Object.values(data ?? {}));
    expect(secrets.length).toBe(3);
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
