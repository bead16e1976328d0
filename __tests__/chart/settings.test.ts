import { beforeAll, describe, expect, test } from "@jest/globals";
import { containerOf, type Manifest } from "./manifest.ts";
import { everything } from "./profiles.ts";
import { type Rendered, render } from "./render.ts";

describe("settings of a person's own application", () => {
  let chart: Rendered;
  let backend: Manifest;
  beforeAll(async () => {
    chart = await render({ values: everything });
    backend = chart.get("Deployment", "todo-backend");
  });

  test("env becomes a ConfigMap of strings, large numbers and booleans included", () => {
    expect(chart.get("ConfigMap", "todo-backend").data).toEqual({
      LOG_LEVEL: "debug",
      FEATURE_LIMIT: "25000000",
      FEATURE_ON: "true",
    });
    expect(chart.get("ConfigMap", "todo-frontend").data).toEqual({ BANNER: "hello" });
  });

  test("the container reads the ConfigMap, then the chart's Secret, then existing Secrets", () => {
    expect(containerOf(backend, "backend").envFrom).toEqual([
      { configMapRef: { name: "todo-backend" } },
      { secretRef: { name: "todo-backend" } },
      { secretRef: { name: "api-keys" } },
      { secretRef: { name: "more-keys" } },
    ]);
  });

  test("of the database's Secret the backend reads one key only", () => {
    expect(containerOf(backend, "backend").env).toEqual([
      { name: "PORT", value: "8000" },
      { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "todo-database", key: "DATABASE_URL" } } },
    ]);
  });

  test("files are mounted at /etc/app", () => {
    expect(chart.get("ConfigMap", "todo-backend-files").data).toEqual({ "flags.json": '{"dark":true}' });
    expect(containerOf(backend, "backend").volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "extra-config", mountPath: "/etc/app", readOnly: true },
      { name: "cache", mountPath: "/var/cache" },
    ]);
  });

  test("scheduling settings reach the pod; a spread constraint counts the component's own pods", () => {
    const spec = backend.spec?.template?.spec;
    expect(spec).toMatchObject({
      imagePullSecrets: [{ name: "registry" }],
      nodeSelector: { disk: "fast" },
      tolerations: [{ key: "spot", operator: "Exists" }],
      affinity: { nodeAffinity: {} },
      priorityClassName: "high",
    });
    expect(spec?.topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: "zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: backend.spec?.selector?.matchLabels },
      },
    ]);
    expect(chart.get("StatefulSet", "todo-database").spec?.template?.spec).toMatchObject({
      imagePullSecrets: [{ name: "registry" }],
      nodeSelector: { disk: "fast" },
      priorityClassName: "high",
    });
  });

  test("a label of a person's own is added, and cannot take the place of a selector's", () => {
    expect(backend.spec?.template?.metadata.labels).toMatchObject({
      team: "red",
      "app.kubernetes.io/component": "backend",
    });
    expect(backend.spec?.template?.metadata.annotations).toMatchObject({ "checksum/api-keys": "abc" });
  });

  test("the frontend finds the backend by the name and port of its Service", async () => {
    const named = await render({ values: { fullnameOverride: "shop", backend: { service: { port: 9000 } } } });
    const tries = "  server shop-backend:9000 max_fails=0;\n".repeat(32);
    expect(named.get("ConfigMap", "shop-frontend-upstream").data?.["backend.conf"]).toBe(
      `upstream backend {\n${tries}  keepalive 32;\n  keepalive_timeout 4s;\n}\n`,
    );
    const peers = "  server shop-frontend-peers:80 max_fails=0;\n".repeat(32);
    expect(named.get("ConfigMap", "shop-frontend-upstream").data?.["peers.conf"]).toBe(`upstream peers {\n${peers}}\n`);
    const frontend = containerOf(named.get("Deployment", "shop-frontend"), "frontend");
    expect(frontend.volumeMounts).toContainEqual({
      name: "upstream",
      mountPath: "/etc/nginx/upstream.d",
      readOnly: true,
    });
    expect(named.get("Service", "shop-backend").spec?.ports?.[0]?.port).toBe(9000);
  });

  test("another port of the container reaches probes, environment and network policy", async () => {
    const moved = await render({ values: { backend: { containerPort: 9001 }, networkPolicy: { enabled: true } } });
    const container = containerOf(moved.get("Deployment", "todo-backend"), "backend");
    expect(container.ports).toEqual([{ name: "http", containerPort: 9001, protocol: "TCP" }]);
    expect(container.env?.[0]).toEqual({ name: "PORT", value: "9001" });
    expect(JSON.stringify(moved.get("NetworkPolicy", "todo-backend").spec?.ingress)).toContain("9001");
  });

  test("an image is named by digest, else by tag, else by the application's version", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const images = {
      frontend: { image: { tag: "7", digest } },
      backend: { image: { repository: "r.io/x/api", tag: "7" } },
    };
    const named = await render({ values: images });
    const plain = await render();
    expect(containerOf(named.get("Deployment", "todo-frontend"), "frontend").image).toBe(`todo-frontend@${digest}`);
    expect(containerOf(named.get("Deployment", "todo-backend"), "backend").image).toBe("r.io/x/api:7");
    expect(named.get("Pod", "todo-test-page").spec?.containers?.[0]?.image).toBe("r.io/x/api:7");
    expect(containerOf(plain.get("Deployment", "todo-backend"), "backend").image).toBe("todo-backend:1.0.0");
  });

  test("migrations, the preStop wait, the tests and the account can be switched off", async () => {
    const off = await render({
      values: {
        backend: { migrations: { enabled: false }, preStopSeconds: 0, env: { LOG_LEVEL: null } },
        tests: { enabled: false },
        serviceAccount: { create: false },
      },
    });
    const pod = off.get("Deployment", "todo-backend").spec?.template?.spec;
    expect(pod?.initContainers).toBeUndefined();
    expect(pod?.containers?.[0]?.lifecycle).toBeUndefined();
    expect(pod?.containers?.[0]?.envFrom).toBeUndefined();
    expect(pod?.serviceAccountName).toBe("default");
    expect([...off.all("Pod"), ...off.all("ServiceAccount")]).toEqual([]);
  });

  test("a nodePort is ignored by a Service that has none", async () => {
    const values = { frontend: { service: { type: "ClusterIP" } } };
    const inside = await render({ files: ["values-local.yaml"], values });
    expect(inside.get("Service", "todo-frontend").spec?.ports?.[0]?.nodePort).toBeUndefined();
  });

  test("names stay within what Kubernetes allows for the longest release name", async () => {
    const long = await render({ release: "r".repeat(53), values: { networkPolicy: { enabled: true } } });
    for (const { kind, metadata } of long.objects) {
      // A StatefulSet's name and a hash of 11 characters become a label.
      expect(metadata.name.length).toBeLessThanOrEqual(kind === "StatefulSet" ? 52 : 63);
    }
  });
});
