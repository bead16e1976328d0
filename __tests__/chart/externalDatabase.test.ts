import { describe, expect, test } from "@jest/globals";
import { containerOf, type Values } from "./manifest.ts";
import { productionValues } from "./profiles.ts";
import { helmVersions, refusal, render } from "./render.ts";

const decode = (text: string | undefined) => Buffer.from(text ?? "", "base64").toString();
const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

describe.each(helmVersions)("an external database, Helm %s", (helm) => {
  const production = (values: Values = {}) =>
    render({
      helm,
      files: ["values-production.yaml"],
      values: {
        ...productionValues,
        ...values,
        database: { ...productionValues.database, ...(values.database as Values) },
      },
    });

  test("its direct URL reaches migrations alone, where the Secret has one", async () => {
    const backend = (await production()).get("Deployment", "todo-backend");
    expect(containerOf(backend, "migrate").env).toContainEqual({
      name: "DATABASE_DIRECT_URL",
      valueFrom: { secretKeyRef: { name: "todo-database-external", key: "DATABASE_DIRECT_URL", optional: true } },
    });
    expect(JSON.stringify(containerOf(backend, "backend"))).not.toContain("DATABASE_DIRECT_URL");
  });

  test("a direct URL among the values stands in the chart's Secret alone", async () => {
    const directUrl = "postgresql://u:not-to-be-seen@db.example/todo";
    const chart = await render({
      helm,
      values: { database: { enabled: false, url: "postgresql://u:p@pool.example/todo", directUrl } },
    });
    expect(decode(chart.get("Secret", "todo-database").data?.DATABASE_DIRECT_URL)).toBe(directUrl);
    expect(JSON.stringify(chart.objects.filter(({ kind }) => kind !== "Secret"))).not.toContain("not-to-be-seen");
  });

  test("the database in the cluster has no direct URL", async () => {
    const backend = (await render({ helm })).get("Deployment", "todo-backend");
    expect(JSON.stringify(backend)).not.toContain("DATABASE_DIRECT_URL");
  });

  test("a private authority's certificate is a file for the server and for migrations, and another one rolls them", async () => {
    const chart = await production({ database: { caCertificate: certificate } });
    const backend = chart.get("Deployment", "todo-backend");
    expect(chart.get("ConfigMap", "todo-backend-database-authority").data).toEqual({ "ca.crt": certificate });
    expect(backend.spec?.template?.spec?.volumes).toContainEqual({
      name: "database-authority",
      configMap: { name: "todo-backend-database-authority" },
    });
    for (const name of ["backend", "migrate"]) {
      const { env, volumeMounts } = containerOf(backend, name);
      expect(env).toContainEqual({ name: "PGSSLROOTCERT", value: "/etc/database/ca.crt" });
      expect(volumeMounts).toContainEqual({ name: "database-authority", mountPath: "/etc/database", readOnly: true });
    }
    expect(JSON.stringify(chart.get("Deployment", "todo-frontend"))).not.toContain("database-authority");
    const other = await production({ database: { caCertificate: certificate.replace("MIIB", "MIIC") } });
    const annotations = (from: typeof chart) =>
      from.get("Deployment", "todo-backend").spec?.template?.metadata.annotations;
    expect(annotations(other)).not.toEqual(annotations(chart));
  });

  test("without one there is no file and no variable", async () => {
    expect(JSON.stringify((await production()).objects)).not.toMatch(/PGSSLROOTCERT|database-authority/);
  });

  test.each([
    ["an autoscaler's most pods", {}, 60, "autoscaling.maxReplicas"],
    ["a fixed number of pods", { autoscaling: { enabled: false } }, 25, "replicaCount"],
    [
      "pools of another size",
      { autoscaling: { maxReplicas: 4 }, env: { DATABASE_POOL_SIZE: "7" } },
      42,
      "autoscaling.maxReplicas",
    ],
    [
      "a size that is a number",
      { autoscaling: { maxReplicas: 4 }, env: { DATABASE_POOL_SIZE: 7 } },
      42,
      "autoscaling.maxReplicas",
    ],
  ])("its connections must suffice for %s", async (_what, backend, wanted, key) => {
    const values = (maxConnections: number) => ({ backend: backend as Values, database: { maxConnections } });
    await expect(production(values(wanted))).resolves.toBeDefined();
    const refused = await production(values(wanted - 1)).catch((error: Error) => error.message);
    expect(refused).toContain(`database.maxConnections: ${wanted - 1} are too few.`);
    expect(refused).toContain(
      `of one that is ending make ${wanted}. Lower backend.env.DATABASE_POOL_SIZE or backend.${key}\n`,
    );
  });

  test("network policies let the backend to its ports, at its place alone where that is told", async () => {
    const place = { ipBlock: { cidr: "10.1.0.0/16" } };
    const networkPolicy = { databasePort: 6543, databaseDirectPort: 5432, databaseTo: [place] };
    const egress = (await production({ networkPolicy })).get("NetworkPolicy", "todo-backend").spec?.egress;
    expect(egress?.[0]).toEqual({
      to: [place],
      ports: [6543, 5432].map((port) => ({ port, protocol: "TCP" })),
    });
    const same = await production({ networkPolicy: { databaseDirectPort: 5432 } });
    expect(same.get("NetworkPolicy", "todo-backend").spec?.egress?.[0]).toEqual({
      ports: [{ port: 5432, protocol: "TCP" }],
    });
  });

  test("a mistake repeats neither a URL nor a certificate", async () => {
    const database = {
      enabled: false,
      url: "postgres://u:hidden@h/d",
      directUrl: "u:hidden@x-pooler.y/d",
      caCertificate: "hidden",
    };
    expect(await refusal({ helm, values: { database } })).not.toContain("hidden");
  });
});
