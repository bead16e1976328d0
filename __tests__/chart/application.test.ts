import { describe, expect, test } from "@jest/globals";
import { databaseParts } from "../../components/secret/databaseUrl.ts";
import { allowedEdges } from "./edges.ts";
import { containerOf, type Values } from "./manifest.ts";
import { helmVersions, type Rendered, refusal, render } from "./render.ts";

const decode = (text: string | undefined) => Buffer.from(text ?? "", "base64").toString();
const namesOf = (chart: Rendered) => chart.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

describe.each(helmVersions)("an application of one's own, Helm %s", (helm) => {
  test("a frontend that is a server knows the backend by a variable, and has nothing of nginx", async () => {
    const chart = await render({ helm, values: { frontend: { proxy: false, containerPort: 3000 } } });
    const frontend = containerOf(chart.get("Deployment", "todo-frontend"), "frontend");
    expect(frontend.env).toEqual([
      { name: "PORT", value: "3000" },
      { name: "BACKEND_URL", value: "http://todo-backend:8000" },
      { name: "HOSTNAME", value: "0.0.0.0" },
    ]);
    expect(frontend.volumeMounts).toEqual([{ name: "tmp", mountPath: "/tmp" }]);
    expect(namesOf(chart).filter((name) => /upstream|peers/.test(name))).toEqual([]);
    const own = { proxy: false, env: { BACKEND_URL: "http://gateway" } };
    const named = await render({ helm, values: { frontend: own } });
    const variables = containerOf(named.get("Deployment", "todo-frontend"), "frontend").env?.map(({ name }) => name);
    expect(variables).toEqual(["PORT", "HOSTNAME"]);
    expect(await refusal({ helm, values: { frontend: { proxy: false, env: { PORT: 1 } } } })).toContain(
      "frontend.env and frontend.secretEnv: PORT is set by the chart and would be ignored here. Use frontend.containerPort",
    );
  });

  test("such a frontend may ask further services, and what its values let it", async () => {
    const https = { ports: [{ port: 443, protocol: "TCP" }] };
    const values = {
      frontend: { proxy: false },
      services: { search: { image: { repository: "search" }, port: 7700 } },
      networkPolicy: { enabled: true },
    };
    const edges = allowedEdges(await render({ helm, values }));
    expect(edges).toContain("frontend -> search:7700/TCP");
    expect(edges).toContain("frontend -> backend:8000/TCP");
    expect(edges).not.toContain("frontend -> frontend:8080/TCP");
    const more = await render({ helm, values: { networkPolicy: { enabled: true, frontendEgress: [https] } } });
    expect(more.get("NetworkPolicy", "todo-frontend").spec?.egress).toContainEqual(https);
  });

  test("a command, arguments, a user, a writable root and writable folders", async () => {
    const own = {
      command: ["/bin/server"],
      args: ["--verbose"],
      runAsUser: 1000000,
      readOnlyRootFilesystem: false,
      writablePaths: ["/app/.next/cache"],
    };
    const chart = await render({ helm, values: { frontend: own } });
    const { spec } = chart.get("Deployment", "todo-frontend").spec?.template ?? {};
    const container = containerOf(chart.get("Deployment", "todo-frontend"), "frontend");
    expect(container).toMatchObject({ command: own.command, args: own.args });
    expect(spec?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000000 });
    expect(container.securityContext?.readOnlyRootFilesystem).toBe(false);
    expect(container.volumeMounts).toContainEqual({ name: "writable-0", mountPath: "/app/.next/cache" });
    expect(spec?.volumes).toContainEqual({ name: "writable-0", emptyDir: { sizeLimit: "64Mi" } });
    const backend = containerOf(chart.get("Deployment", "todo-backend"), "backend");
    expect(backend).not.toHaveProperty("command");
    expect(backend.securityContext?.readOnlyRootFilesystem).toBe(true);
    expect(await refusal({ helm, values: { backend: { writablePaths: ["/tmp"] } } })).toContain("writablePaths");
    expect(await refusal({ helm, values: { backend: { runAsUser: 0 } } })).toContain("runAsUser");
  });

  test("without a database nothing of one is made, and nobody is given one", async () => {
    const none = { backend: { database: false }, database: { enabled: false }, networkPolicy: { enabled: true } };
    const chart = await render({ helm, values: none });
    expect(namesOf(chart).filter((name) => /database|login/.test(name))).toEqual([]);
    expect(JSON.stringify(chart.objects)).not.toContain("DATABASE_");
    const backend = chart.get("Deployment", "todo-backend");
    expect(backend.spec?.template?.spec).not.toHaveProperty("initContainers");
    expect(containerOf(backend, "backend").env?.map(({ name }) => name)).toEqual(["PORT"]);
    expect(allowedEdges(chart).filter((edge) => edge.includes("5432"))).toEqual([]);
    expect(await refusal({ helm, values: { backend: { database: false } } })).toContain(
      "database.enabled: PostgreSQL in the cluster, which nothing uses. Set database.enabled=false, or backend.database=true",
    );
  });

  test("variables made of the database's: the parts reach whoever makes something of them, and stand before it", async () => {
    const databaseEnv = { DATABASE_URL: "postgresql+asyncpg://$(DATABASE_LOCATION)", PGHOST: "$(DATABASE_HOST)" };
    const chart = await render({ helm, values: { backend: { databaseEnv } } });
    const backend = chart.get("Deployment", "todo-backend");
    for (const name of ["backend", "migrate"]) {
      const { env } = containerOf(backend, name);
      const parts = ["LOCATION", "USER", "PASSWORD", "HOST", "PORT", "NAME"].map((part) => `DATABASE_${part}`);
      expect(env?.map((one) => one.name)).toEqual(["PORT", ...parts, "DATABASE_URL", "PGHOST"]);
      expect(env?.at(-2)).toEqual({ name: "DATABASE_URL", value: databaseEnv.DATABASE_URL });
      expect(env?.[1]?.valueFrom).toEqual({ secretKeyRef: { name: "todo-database", key: "DATABASE_LOCATION" } });
    }
    expect(await refusal({ helm, values: { backend: { databaseEnv: { PORT: "1" } } } })).toContain(
      "backend.databaseEnv: PORT is none of the database's variables. Use backend.env",
    );
  });

  test.each([
    "postgresql://user:pass@db.example:6543/name?sslmode=require",
    "postgres://user@db.example/name",
    "postgresql+asyncpg://us%40er:p%2Fa%3As%23s%25@db.example:5432/my%20name",
    "postgresql://user:100%@db.example/name",
    "postgresql://user:p@ss@db.example/name?options=a@b",
    "postgresql://user:p?ss@db.example",
    "postgresql://user:p+ss@[::1]:5433/name",
    "postgresql://db.example:5432/",
  ])("the parts of %s are the same by the chart and by the program", async (url) => {
    const { data = {} } = (await render({ helm, values: { database: { enabled: false, url } } })).get(
      "Secret",
      "todo-database",
    );
    const parts = Object.entries(data).filter(([key]) => key !== "DATABASE_URL");
    expect(Object.fromEntries(parts.map(([key, value]) => [key, decode(value)]))).toEqual(databaseParts(url));
  });

  const tests = (values: Values) =>
    render({ helm, values: { tests: values, networkPolicy: { enabled: true } } }).then((chart) => ({
      pods: chart.all("Pod").map(({ metadata }) => metadata.name),
      policy: chart.all("NetworkPolicy").some(({ metadata }) => metadata.name === "todo-test"),
    }));

  test("helm test asks what such an application has", async () => {
    expect(await tests({ todo: false })).toEqual({ pods: ["todo-test-page", "todo-test-health"], policy: true });
    expect((await tests({ todo: false, page: false, health: false, paths: ["/a"] })).pods).toEqual(["todo-test-paths"]);
    expect(await tests({ todo: false, page: false, health: false })).toEqual({ pods: [], policy: false });
    expect(await tests({ enabled: false, paths: ["/a"] })).toEqual({ pods: [], policy: false });
    const chart = await render({
      helm,
      values: {
        frontend: { proxy: false, probes: { readiness: { path: "/api/health" } } },
        tests: { apiPath: "", paths: ["/a", "/b"] },
      },
    });
    const env = (name: string) => chart.get("Pod", `todo-test-${name}`).spec?.containers?.[0]?.env?.slice(1);
    expect(env("health")).toEqual([
      { name: "HEALTH_PATH", value: "/api/health" },
      { name: "API_PATH", value: "" },
    ]);
    expect(env("paths")).toEqual([{ name: "PATHS", value: '["/a","/b"]' }]);
  });

  test("a probe without a path asks whether the port takes connections, and the others go on by HTTP", async () => {
    const chart = await render({ helm, values: { frontend: { probes: { liveness: { path: "" } } } } });
    const [container] = chart.get("Deployment", "todo-frontend").spec?.template?.spec?.containers ?? [];
    const period = { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 };
    expect(container?.livenessProbe).toEqual({
      tcpSocket: { port: "http" },
      ...period,
      terminationGracePeriodSeconds: 5,
    });
    expect(container?.readinessProbe).toEqual({ httpGet: { path: "/health", port: "http" }, ...period });
  });
});

test("the parts of a URL, without the escapes that a login wants bare", () => {
  expect(databaseParts("postgresql+asyncpg://us%40er:p%2Fa%3As%23s%25@db.example:6543/my%20name?ssl=on")).toEqual({
    DATABASE_LOCATION: "us%40er:p%2Fa%3As%23s%25@db.example:6543/my%20name?ssl=on",
    DATABASE_USER: "us@er",
    DATABASE_PASSWORD: "p/a:s#s%",
    DATABASE_HOST: "db.example",
    DATABASE_PORT: "6543",
    DATABASE_NAME: "my name",
  });
  expect(databaseParts("postgres://user@[::1]")).toMatchObject({
    DATABASE_PASSWORD: "",
    DATABASE_HOST: "::1",
    DATABASE_PORT: "5432",
    DATABASE_NAME: "user",
  });
});
