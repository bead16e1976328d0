import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { parse as parseYaml } from "yaml";
import { parseConfiguration } from "../../components/configuration/parse.ts";
import { ConfigurationError } from "../../components/configuration/problems.ts";
import { checkConnections } from "../../components/release/connections.ts";
import { releaseValues } from "../../components/release/values.ts";

const needed = { context: "c", registry: "r.example.com/a", host: "h.example.com" };
const secret = "postgresql://app:marker@db.example.com";
const authority = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

const parse = (stack: string, values: Record<string, string>) =>
  parseConfiguration({
    stack,
    values,
    encryptedKeys: new Set(["databaseUrl", "databaseDirectUrl"].filter((key) => key in values)),
    machinePlatform: "linux/amd64",
    kubeconfigPaths: [],
    dockerConfig: "",
    allowed: [],
  });
const production = (values: Record<string, string>) => parse("prod", { ...needed, ...values });

/** What is told of the configuration: `key: message`. */
function mistakes(configure: () => unknown): string[] {
  try {
    configure();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.message).not.toContain("marker");
    for (const { key, remedy } of error.problems) expect(remedy).toContain(key);
    return error.problems.map(({ key, message }) => `${key}: ${message}`);
  }
  return [];
}

describe("encryption", () => {
  test.each(["", "?sslmode=prefer", "?sslmode=allow", "?connect_timeout=5"])(
    "production refuses a URL that does not insist on it: %j",
    (query) => {
      const told = mistakes(() => production({ databaseUrl: `${secret}/app${query}` }));
      expect(told).toEqual([expect.stringMatching(/^databaseUrl: .*sslmode.*\?sslmode=verify-full/)]);
      const direct = { databaseUrl: `${secret}/app?sslmode=require`, databaseDirectUrl: `${secret}/app${query}` };
      expect(mistakes(() => production(direct))).toEqual([expect.stringContaining("databaseDirectUrl: has")]);
    },
  );

  test.each(["require", "verify-ca", "verify-full"])("production takes sslmode=%s", (mode) => {
    const { externalDatabase } = production({ databaseUrl: `${secret}/app?a=b&sslmode=${mode}` });
    expect(externalDatabase?.plain).toBe(false);
  });

  test("a URL that forbids it is marked for the refusal that a person can lift", () => {
    expect(production({ databaseUrl: `${secret}/app?sslmode=disable` }).externalDatabase?.plain).toBe(true);
    const direct = { databaseUrl: `${secret}/app?sslmode=require`, databaseDirectUrl: `${secret}/app?sslmode=disable` };
    expect(production(direct).externalDatabase?.plain).toBe(true);
  });

  test("a local stack may do as it likes", () => {
    expect(mistakes(() => parse("local", { databaseUrl: `${secret}/app` }))).toEqual([]);
  });
});

describe("the direct URL", () => {
  test.each([
    "postgresql://u:p@ep-a-1-pooler.eu.neon.tech/d",
    "postgres://u:a@b-pooler.c@ep-a-1-pooler.neon.tech:5432/d",
  ])("may not be a pooler's: %s", (url) => {
    const values = { databaseUrl: `${secret}/app?sslmode=require`, databaseDirectUrl: `${url}?sslmode=require` };
    expect(mistakes(() => production(values))).toEqual([expect.stringContaining("databaseDirectUrl: names a pooler")]);
  });

  test("may be any other, and has a port of its own", () => {
    const databaseDirectUrl = "postgres://u:-pooler.x@direct.example.com:5433?sslmode=require";
    const { externalDatabase } = production({
      databaseUrl: "postgres://u:p:1@pool-pooler.example.com:6543/d?sslmode=require",
      databaseDirectUrl: databaseDirectUrl.replace("?", "/d?"),
    });
    expect(externalDatabase).toMatchObject({ port: 6543, directPort: 5433 });
  });

  test("without a port is PostgreSQL's", () => {
    const { externalDatabase } = production({ databaseUrl: "postgres://u:p@db.example.com/d:1?sslmode=require" });
    expect(externalDatabase).toMatchObject({ port: 5432 });
    expect(externalDatabase).not.toHaveProperty("directPort");
  });
});

describe("the authority's certificate", () => {
  const databaseUrl = `${secret}/app?sslmode=verify-full`;

  test("is taken as it is", () => {
    expect(production({ databaseUrl, databaseCa: authority }).externalDatabase).toMatchObject({ authority });
  });

  test.each([
    ["ca.pem", "must be a certificate in PEM"],
    [`${authority}-----BEGIN PRIVATE KEY-----`, "holds a private key"],
  ])("is no file's name and no key: %j", (databaseCa, message) => {
    expect(mistakes(() => production({ databaseUrl, databaseCa }))).toEqual([
      expect.stringContaining(`databaseCa: ${message}`),
    ]);
  });
});

test("what is about an external database needs one", () => {
  const values = { databaseDirectUrl: `${secret}/app`, databaseCa: authority, databaseMaxConnections: "50" };
  expect(mistakes(() => parse("local", values))).toEqual(
    Object.keys(values).map((key) => `${key}: is about an external database, but there is no databaseUrl`),
  );
});

describe("the number of connections", () => {
  const databaseUrl = `${secret}/app?sslmode=require`;
  const check = (databaseMaxConnections: string, backend: Record<string, unknown>) =>
    mistakes(() => checkConnections(production({ databaseUrl, databaseMaxConnections }), { backend } as never));

  test.each([
    ["an autoscaler's most pods", { autoscaling: { enabled: true, maxReplicas: 10 }, replicaCount: 3 }, 60],
    ["a fixed number of pods", { autoscaling: { enabled: false, maxReplicas: 10 }, replicaCount: 3 }, 25],
    ["one pod by default", {}, 15],
    ["pools of another size", { replicaCount: 3, env: { DATABASE_POOL_SIZE: "7" } }, 35],
  ])("must suffice for %s", (_what, backend, wanted) => {
    expect(check(String(wanted), backend)).toEqual([]);
    expect(check(String(wanted - 1), backend)).toEqual([expect.stringContaining(`make ${wanted};`)]);
  });

  test.each([
    ["a worker of the backend's image", { imageOf: "backend", replicaCount: 2 }, 20],
    ["one with pools of another size", { imageOf: "backend", env: { DATABASE_POOL_SIZE: 1 } }, 3],
    ["one that scales", { database: true, autoscaling: { enabled: true } }, 35],
    ["a scheduled job", { imageOf: "backend", schedule: "@daily" }, 5],
    ["one without the database", { imageOf: "backend", database: false }, 0],
    ["one of another image", { image: { repository: "search" } }, 0],
  ])("must suffice for a further service too: %s", (_what, worker, more) => {
    const demanded = (most: number) =>
      mistakes(() => {
        const configuration = production({ databaseUrl, databaseMaxConnections: String(most) });
        checkConnections(configuration, { backend: {}, services: { worker } } as never);
      });
    expect(demanded(15 + more)).toEqual([]);
    const told = more === 0 ? "make 15;" : `make 15, and those of further services ${more} more;`;
    expect(demanded(14 + more)).toEqual([expect.stringContaining(told)]);
  });

  test("is not looked at where nobody has told it", () => {
    expect(check("0", { replicaCount: 1000 })).toEqual([]);
  });

  test("is compared with the production profile, as it will be deployed", () => {
    const file = readFileSync(new URL("../../chart/values-production.yaml", import.meta.url), "utf8");
    const image = { deployed: { repository: "todo", tag: "1", digest: "" } };
    const plan = { values: {} };
    const parts = {
      plans: { frontend: plan, backend: plan },
      images: { frontend: image, backend: image },
      databaseSecret: pulumi.output("database"),
      frontendSecrets: [],
    };
    const values = (most: string, env = "{}") =>
      releaseValues(production({ databaseUrl, databaseMaxConnections: most, env }), parseYaml(file), {
        ...parts,
        databaseAdminSecret: undefined,
        environmentSecrets: [],
        pullSecrets: [],
      });
    expect(values("60")).toMatchObject({ database: { maxConnections: 60 } });
    expect(mistakes(() => values("59"))).toEqual([expect.stringContaining("make 60;")]);
    expect(values("36", '{"DATABASE_POOL_SIZE": 3}')).toBeDefined();
  });

  test("is told with the sum, and what to lower", () => {
    expect(check("40", { autoscaling: { enabled: true, maxReplicas: 10 } })).toEqual([
      "databaseMaxConnections: 40 are too few: 5 connections of each of 10 pods, of one more during an update and of one that is " +
        "ending make 60; raise it if the database has them, or lower env.DATABASE_POOL_SIZE or values.backend.autoscaling.maxReplicas",
    ]);
  });
});
