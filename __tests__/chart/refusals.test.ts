import { describe, expect, test } from "@jest/globals";
import type { Values } from "./manifest.ts";
import { helmBinary, helmVersions, refusal, render } from "./render.ts";

/** Values that the schema refuses, with what the message must name: the place, and what is wrong. */
const schema: [string, Values, string, RegExp][] = [
  ["an unknown key", { fronted: {} }, "''", /fronted/],
  ["an unknown key within", { backend: { replicas: 3 } }, "/backend'", /replicas/],
  [
    "an unknown key deep within",
    { backend: { probes: { startup: { period: 1 } } } },
    "/backend/probes/startup",
    /period/,
  ],
  ["text for a number", { backend: { replicaCount: "three" } }, "/backend/replicaCount", /integer/],
  ["text for a boolean", { ingress: { enabled: "yes" } }, "/ingress/enabled", /boolean/],
  ["a missing section", { frontend: null }, "''", /frontend/],
  ["an impossible port", { frontend: { service: { nodePort: 70000 } } }, "/frontend/service/nodePort", /65,535/],
  ["a privileged port", { frontend: { containerPort: 80 } }, "/frontend/containerPort", /1,024/],
  ["an unknown Service type", { frontend: { service: { type: "Nodeport" } } }, "/frontend/service/type", /ClusterIP/],
  [
    "an unknown pull policy",
    { backend: { image: { pullPolicy: "Sometimes" } } },
    "/backend/image/pullPolicy",
    /Always/,
  ],
  ["a short digest", { backend: { image: { digest: "sha256:1" } } }, "/backend/image/digest", /pattern/],
  ["a tag with a colon", { backend: { image: { tag: "a:b" } } }, "/backend/image/tag", /pattern/],
  ["a list as an environment value", { backend: { env: { A: ["b"] } } }, "/backend/env/A", /string/],
  ["a number as a secret", { backend: { secretEnv: { A: 1 } } }, "/backend/secretEnv/A", /string/],
  ["an environment name with a dash", { backend: { env: { "a-b": "c" } } }, "a-b", /pattern/],
  [
    "a wrong quantity",
    { backend: { resources: { limits: { memory: "512 MB" } } } },
    "/backend/resources/limits/memory",
    /pattern/,
  ],
  ["an unknown resource", { backend: { resources: { limits: { ram: "1Gi" } } } }, "/backend/resources/limits", /ram/],
  ["a wrong percentage", { backend: { podDisruptionBudget: { minAvailable: "two" } } }, "/minAvailable", /pattern/],
  ["a Gateway without a name", { gateway: { parentRefs: [{ namespace: "a" }] } }, "/gateway/parentRefs/0", /name/],
  ["a Gateway's host with a path", { gateway: { hostnames: ["a.b/c"] } }, "/gateway/hostnames/0", /pattern/],
  ["a negative number of connections", { database: { maxConnections: -1 } }, "/database/maxConnections", /minimum/],
  ["a host with a scheme", { ingress: { host: "https://a.b" } }, "/ingress/host", /pattern/],
  ["a database name with a dash", { database: { name: "my-db" } }, "/database/name", /pattern/],
  [
    "a relative probe path",
    { backend: { probes: { readiness: { path: "ready" } } } },
    "/backend/probes/readiness/path",
    /pattern/,
  ],
];

/** Combinations that the chart refuses, with its messages. */
const combinations: [string, Values, string][] = [
  [
    "no database",
    { database: { enabled: false } },
    "database: the backend has no database. Set database.existingSecret to the name of a Secret with the key DATABASE_URL, or database.url to a connection URL, or database.enabled=true for PostgreSQL in the cluster",
  ],
  [
    "two databases",
    { database: { url: "postgres://u:p@h/d" } },
    "database.url: set together with database.enabled=true, which brings its own URL. Set database.enabled=false to use the external database",
  ],
  [
    "a URL and a Secret",
    { database: { enabled: false, url: "postgres://u:p@h/d", existingSecret: "s" } },
    "database.url: set together with database.existingSecret. Keep one of them",
  ],
  [
    "a URL that is none",
    { database: { enabled: false, url: "u:hidden@h/d" } },
    "database.url: must look like postgresql://user:password@host:5432/name",
  ],
  [
    "a port that the policy blocks",
    { database: { enabled: false, url: "postgres://u:1:2@h:6543/d" }, networkPolicy: { enabled: true } },
    "networkPolicy.databasePort: is 5432, but database.url has port 6543, which the network policy would block. Set networkPolicy.databasePort=6543",
  ],
  [
    "an ingress without host",
    { ingress: { enabled: true } },
    "ingress.host: missing. Set ingress.host to the page's host name, or ingress.enabled=false",
  ],
  [
    "TLS without Secret",
    { ingress: { enabled: true, host: "a.b", tls: { enabled: true } } },
    "ingress.tls.secretName: missing. Set it to a Secret of type kubernetes.io/tls, or ingress.tls.enabled=false",
  ],
  [
    "two ways from outside",
    {
      ingress: { enabled: true, host: "a.b" },
      gateway: { enabled: true, parentRefs: [{ name: "a" }], hostnames: ["a.b"] },
    },
    "gateway: enabled together with ingress. Set ingress.enabled=false, or gateway.enabled=false",
  ],
  [
    "a route to no Gateway",
    { gateway: { enabled: true, hostnames: ["a.b"] } },
    "gateway.parentRefs: missing. Set it to the Gateways that take the route, like [{name: public, namespace: gateways}]",
  ],
  [
    "a route for every host",
    { gateway: { enabled: true, parentRefs: [{ name: "a" }] } },
    "gateway.hostnames: missing. Set it to the page's host names, or the route would take every host of the Gateway",
  ],
  [
    "a direct URL alone",
    { database: { enabled: false, existingSecret: "s", directUrl: "postgres://u:hidden@h/d" } },
    "database.directUrl: set without database.url. In database.existingSecret it is the key DATABASE_DIRECT_URL",
  ],
  [
    "a direct URL that is none",
    { database: { enabled: false, url: "postgres://u:p@h/d", directUrl: "u:hidden@h/d" } },
    "database.directUrl: must look like postgresql://user:password@host:5432/name",
  ],
  [
    "a direct URL of a pooler",
    { database: { enabled: false, url: "postgres://u:p@h/d", directUrl: "postgres://u:hidden@ep-a-pooler.b.c/d" } },
    "database.directUrl: names a pooler. Take -pooler out of its host",
  ],
  [
    "a direct port that the policy blocks",
    {
      database: { enabled: false, url: "postgres://u:p@h/d", directUrl: "postgres://u:p@h:5433/d" },
      networkPolicy: { enabled: true },
    },
    "networkPolicy.databaseDirectPort: is 5432, but database.directUrl has port 5433, which the network policy would block. Set networkPolicy.databaseDirectPort=5433",
  ],
  [
    "a certificate for the database in the cluster",
    { database: { caCertificate: "-----BEGIN CERTIFICATE-----" } },
    "database.caCertificate: set together with database.enabled=true, whose PostgreSQL has no certificate. Remove it",
  ],
  [
    "a key for a certificate",
    {
      database: {
        enabled: false,
        url: "postgres://u:p@h/d",
        caCertificate: "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nhidden",
      },
    },
    "database.caCertificate: must be a certificate in PEM, and no key. Set it like --set-file database.caCertificate=ca.pem",
  ],
  [
    "DATABASE_DIRECT_URL by hand",
    { backend: { secretEnv: { DATABASE_DIRECT_URL: "postgres://u:hidden@h/d" } } },
    "backend.env and backend.secretEnv: DATABASE_DIRECT_URL is set by the chart and would be ignored here. Use database.existingSecret or database.directUrl",
  ],
  [
    "an autoscaler upside down",
    { backend: { autoscaling: { enabled: true, minReplicas: 4, maxReplicas: 2 } } },
    "backend.autoscaling: minReplicas (4) is greater than maxReplicas (2)",
  ],
  [
    "a budget that blocks every drain",
    { frontend: { podDisruptionBudget: { enabled: true } } },
    "frontend.podDisruptionBudget.minAvailable: 1 of 1 replicas would block every node drain. Set it below the number of replicas, or raise that",
  ],
  [
    "a preStop wait as long as the grace period",
    { frontend: { preStopSeconds: 30 } },
    "frontend.preStopSeconds: 30 leaves the process no time to end. Set it below terminationGracePeriodSeconds (30)",
  ],
  [
    "PORT by hand",
    { backend: { env: { PORT: 1 } } },
    "backend.env and backend.secretEnv: PORT is set by the chart and would be ignored here. Use backend.containerPort",
  ],
  [
    "DATABASE_URL by hand",
    { backend: { secretEnv: { DATABASE_URL: "postgres://u:hidden@h/d" } } },
    "backend.env and backend.secretEnv: DATABASE_URL is set by the chart and would be ignored here. Use database.existingSecret or database.url",
  ],
];

describe.each(helmVersions)("refusals, Helm %s", (helm) => {
  test.each(schema)("the schema refuses %s and names it", async (_what, values, place, what) => {
    const message = await refusal({ helm, values });
    expect(message).toContain(place);
    expect(message).toMatch(what);
  });

  test.each(combinations)("the chart refuses %s and says what to do", async (_what, values, expected) => {
    const message = await refusal({ helm, values });
    expect(message).toContain(`The values do not fit together:\n  - ${expected}\n`);
    expect(message).not.toContain("hidden");
  });

  test("the bare production profile names all that it still wants, together", async () => {
    const message = await refusal({ helm, files: ["values-production.yaml"] });
    expect(message).toContain("  - database: the backend has no database.");
    expect(message).toContain("  - ingress.host: missing.");
  });

  test.each([
    ["a URL without port", { database: { enabled: false, url: "postgres://u:1:2@h/d" } }],
    ["a URL with the policy's port", { database: { enabled: false, url: "postgresql+asyncpg://u:p@h:5432/d?a=b" } }],
  ])("network policies accept %s", async (_what, values) => {
    const chart = await render({ helm, values: { ...values, networkPolicy: { enabled: true } } });
    expect(chart.all("NetworkPolicy")).toHaveLength(4);
  });
});

test("without the path of helm the message says where it comes from", () => {
  const path = process.env.HELM3;
  delete process.env.HELM3;
  try {
    expect(() => helmBinary("3")).toThrow("`npm test` brings one and sets it");
  } finally {
    process.env.HELM3 = path;
  }
});
