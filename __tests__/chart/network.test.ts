import { beforeAll, describe, expect, test } from "@jest/globals";
import { allowedEdges } from "./edges.ts";
import { productionValues } from "./profiles.ts";
import { type Rendered, render } from "./render.ts";

const labels = { "app.kubernetes.io/name": "todo-stack", "app.kubernetes.io/instance": "todo" };
const pods = (component: string) => ({
  podSelector: { matchLabels: { ...labels, "app.kubernetes.io/component": component } },
});
const tcp = (port: number) => [{ port, protocol: "TCP" }];
const dns = {
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

describe("network policies", () => {
  let chart: Rendered;
  beforeAll(async () => {
    chart = await render({ values: { networkPolicy: { enabled: true } } });
  });
  const policy = (name: string) => chart.get("NetworkPolicy", `todo-${name}`).spec;

  test("there are none unless they are asked for", async () => {
    expect((await render()).all("NetworkPolicy")).toEqual([]);
    expect(chart.all("NetworkPolicy")).toHaveLength(6);
  });

  test("everything is denied to every pod of the release", () => {
    expect(policy("default-deny")).toEqual({
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress", "Egress"],
    });
    for (const { metadata, kind } of chart.pods().filter((pod) => pod.kind !== "Job")) {
      expect({ kind, labels: metadata.labels }).toMatchObject({ labels });
    }
  });

  test("the world -> frontend -> backend", () => {
    expect(policy("frontend")).toEqual({
      ...pods("frontend"),
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: tcp(8080) }],
      egress: [{ to: [pods("backend")], ports: tcp(8000) }, { to: [pods("frontend")], ports: tcp(8080) }, dns],
    });
  });

  test("frontend -> backend -> database", () => {
    expect(policy("backend")).toEqual({
      ...pods("backend"),
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [pods("frontend")], ports: tcp(8000) }],
      egress: [{ to: [pods("database")], ports: tcp(5432) }, dns],
    });
  });

  test("backend -> database, which itself speaks to nobody", () => {
    expect(policy("database")).toEqual({
      ...pods("database"),
      policyTypes: ["Ingress"],
      ingress: [{ from: [pods("backend"), pods("database-login")], ports: tcp(5432) }],
    });
  });

  test("the Job that makes the login -> database", () => {
    expect(policy("database-login")).toEqual({
      ...pods("database-login"),
      policyTypes: ["Egress"],
      egress: [{ to: [pods("database")], ports: tcp(5432) }, dns],
    });
  });

  test("helm's test pods -> frontend", () => {
    expect(policy("test")).toEqual({
      ...pods("test"),
      policyTypes: ["Egress"],
      egress: [{ to: [pods("frontend")], ports: tcp(8080) }, dns],
    });
  });

  const resolving = (from: string) => [`${from} -> world:53/TCP`, `${from} -> world:53/UDP`];

  test("all in all: world -> frontend -> backend -> database, test -> frontend, names for those who need them, no more", async () => {
    const enabled = { networkPolicy: { enabled: true } };
    const local = await render({ files: ["values-local.yaml"], values: enabled });
    const expected = [
      "world -> frontend:8080/TCP",
      "test -> frontend:8080/TCP",
      "frontend -> frontend:8080/TCP",
      "frontend -> backend:8000/TCP",
      "backend -> database:5432/TCP",
      "database-login -> database:5432/TCP",
      ...["frontend", "backend", "database-login", "test"].flatMap(resolving),
    ];
    expect(allowedEdges(local).sort()).toEqual(expected.sort());
  });

  test("all in all, in production: the database is outside, and may be anywhere", async () => {
    const production = await render({ files: ["values-production.yaml"], values: productionValues });
    const expected = [
      "world -> frontend:8080/TCP",
      "test -> frontend:8080/TCP",
      "frontend -> frontend:8080/TCP",
      "frontend -> backend:8000/TCP",
      "backend -> world:5432/TCP",
      ...["frontend", "backend", "test"].flatMap(resolving),
    ];
    expect(allowedEdges(production).sort()).toEqual(expected.sort());
  });

  test("an external database is reached by its port, and there is no policy for one in the cluster", async () => {
    const values = { ...productionValues, networkPolicy: { databasePort: 6543 } };
    const production = await render({ files: ["values-production.yaml"], values });
    expect(production.get("NetworkPolicy", "todo-backend").spec?.egress).toEqual([{ ports: tcp(6543) }, dns]);
    expect(production.all("NetworkPolicy").map((one) => one.metadata.name)).not.toContain("todo-database");
  });

  test("further peers and egress are added to the chart's own", async () => {
    const ingressController = { namespaceSelector: { matchLabels: { role: "ingress" } } };
    const prometheus = { namespaceSelector: { matchLabels: { role: "monitoring" } } };
    const https = { ports: tcp(443) };
    const networkPolicy = {
      enabled: true,
      frontendFrom: [ingressController],
      backendFrom: [prometheus],
      backendEgress: [https],
    };
    const more = await render({ values: { networkPolicy } });
    expect(more.get("NetworkPolicy", "todo-frontend").spec?.ingress).toEqual([
      { from: [pods("frontend"), pods("test"), ingressController], ports: tcp(8080) },
    ]);
    const backend = more.get("NetworkPolicy", "todo-backend").spec;
    expect(backend?.ingress).toEqual([{ from: [pods("frontend"), prometheus], ports: tcp(8000) }]);
    expect(backend?.egress).toEqual([{ to: [pods("database")], ports: tcp(5432) }, dns, https]);
  });
});
