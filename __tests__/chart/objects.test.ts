import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { containerOf, containersOf, type Manifest, type Probe } from "./manifest.ts";
import { everything, profiles } from "./profiles.ts";
import { chartFolder, helm, helmArguments, helmVersions, type Rendered, read, render } from "./render.ts";

const variants = Object.entries({ ...profiles, "everything switched on": { values: everything } });
const cases = helmVersions.flatMap((version) => variants.map(([name, options]) => ({ version, name, options })));

/** What a profile promises its containers in place of the chart's defaults. */
const promised: Readonly<Record<string, unknown>> = {
  "values-production.yaml todo-frontend": {
    requests: { cpu: "100m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "128Mi" },
  },
  "values-production.yaml todo-backend": {
    requests: { cpu: "150m", memory: "128Mi" },
    limits: { cpu: "1", memory: "512Mi" },
  },
};

describe.each(cases)("Helm $version, $name", ({ version, name, options }) => {
  let chart: Rendered;
  const components = () => chart.all("Deployment");

  test("passes helm lint --strict", async () => {
    await expect(helm(version, "lint", [...helmArguments(options), "--strict"])).resolves.toContain(
      "0 chart(s) failed",
    );
  });

  test("renders a frontend and a backend", async () => {
    chart = await render({ ...options, helm: version });
    expect(components().map((object) => object.metadata.name)).toEqual(["todo-frontend", "todo-backend"]);
  });

  test("no two objects have the same kind and name", () => {
    const ids = chart.objects.map((object) => `${object.kind}/${object.metadata.name}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("every object carries the recommended labels", () => {
    for (const { metadata } of chart.objects) {
      expect(metadata.labels).toMatchObject({
        "app.kubernetes.io/name": "todo-stack",
        "app.kubernetes.io/instance": "todo",
        "app.kubernetes.io/version": "1.0.0",
        "app.kubernetes.io/managed-by": "Helm",
        "helm.sh/chart": "todo-stack-1.0.0",
      });
    }
  });

  test("no pod template and no volume claim carries a label that changes with the chart's version", () => {
    const templates = chart.objects.flatMap(({ spec }) => [
      ...(spec?.template ? [spec.template] : []),
      ...(spec?.volumeClaimTemplates ?? []),
    ]);
    expect(templates.length).toBeGreaterThanOrEqual(2);
    for (const { metadata } of templates) {
      expect(Object.keys(metadata.labels ?? {})).not.toContain("helm.sh/chart");
      expect(Object.keys(metadata.labels ?? {})).not.toContain("app.kubernetes.io/version");
    }
  });

  test("every pod meets the Pod Security Standard restricted, with a read-only root and no token", () => {
    expect(chart.pods().length).toBeGreaterThanOrEqual(5);
    for (const pod of chart.pods()) {
      expect(pod.spec?.automountServiceAccountToken).toBe(false);
      expect(pod.spec?.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      for (const container of containersOf(pod)) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ["ALL"] },
        });
      }
      for (const volume of pod.spec?.volumes ?? []) expect(volume).not.toHaveProperty("hostPath");
    }
    expect(chart.get("ServiceAccount", "todo").automountServiceAccountToken).toBe(false);
  });

  test("probes ask by HTTP and leave 60 s of grace", () => {
    const readiness = { "todo-frontend": "/health", "todo-backend": "/ready" } as Record<string, string>;
    for (const object of components()) {
      const { startupProbe, readinessProbe, livenessProbe } = mainContainer(object);
      expect(startupProbe).toMatchObject({
        httpGet: { path: "/health", port: "http" },
        periodSeconds: 1,
        failureThreshold: 60,
      });
      expect(readinessProbe).toMatchObject({ httpGet: { path: readiness[object.metadata.name] }, periodSeconds: 5 });
      expect(livenessProbe).toMatchObject({ httpGet: { path: "/health" }, periodSeconds: 5 });
    }
  });

  test("a process that hangs is killed within 25 s, whatever the pod's own grace period", () => {
    for (const object of components()) {
      const probe = mainContainer(object).livenessProbe as Probe;
      const noticed = probe.periodSeconds * probe.failureThreshold + probe.timeoutSeconds;
      expect(noticed + (probe.terminationGracePeriodSeconds ?? Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(25);
    }
  });

  test("every container of the workloads has the resources that are promised", () => {
    for (const workload of [...components(), ...chart.all("StatefulSet")]) {
      for (const container of containersOf(templateOf(workload))) {
        const usual = {
          requests: { cpu: "100m", memory: "128Mi" },
          limits: { cpu: "500m", memory: "512Mi" },
        };
        expect(container.resources).toEqual(promised[`${name} ${workload.metadata.name}`] ?? usual);
      }
    }
  });

  test("a rolling update never goes below the wanted number, and a stopping pod serves on for a while", () => {
    for (const object of components()) {
      expect(object.spec?.strategy).toEqual({
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      });
      expect(templateOf(object).spec?.terminationGracePeriodSeconds).toBe(30);
      expect(mainContainer(object).lifecycle).toEqual({ preStop: { sleep: { seconds: 3 } } });
    }
  });

  test("a Deployment carries replicas exactly when no autoscaler manages it", () => {
    const scaled = chart.all("HorizontalPodAutoscaler").map((object) => object.spec?.scaleTargetRef?.name);
    for (const { metadata, spec } of components())
      expect(spec?.replicas === undefined).toBe(scaled.includes(metadata.name));
  });

  test("every selector finds the pods it means, and only those", () => {
    const templates = [...components(), ...chart.all("StatefulSet")];
    for (const object of [...templates, ...chart.all("Service"), ...chart.all("PodDisruptionBudget")]) {
      const selector = (object.spec?.selector?.matchLabels ?? object.spec?.selector) as Record<string, string>;
      const found = templates.filter((one) => matches(selector, templateOf(one).metadata.labels ?? {}));
      expect(found.map((one) => one.metadata.name)).toEqual([withoutPeers(object)]);
      const tests = chart.all("Pod").filter((pod) => matches(selector, pod.metadata.labels ?? {}));
      expect(tests).toEqual([]);
    }
  });

  test("every port of a Service leads to a port of a container", () => {
    expect(chart.all("Service").length).toBeGreaterThanOrEqual(2);
    for (const { metadata, spec } of chart.all("Service")) {
      const workload = [...components(), ...chart.all("StatefulSet")].find(
        (one) => one.metadata.name === withoutPeers({ metadata }),
      );
      const ports = workload && containersOf(templateOf(workload)).flatMap((one) => one.ports ?? []);
      for (const port of spec?.ports ?? []) expect(ports?.map((one) => one.name)).toContain(port.targetPort);
    }
  });

  test("every ConfigMap and Secret of the chart that a pod names is rendered, and every mount has its volume", () => {
    const outside = ["api-keys", "more-keys", "todo-database-external"];
    const made = [...chart.all("ConfigMap"), ...chart.all("Secret")].map((object) => object.metadata.name);
    for (const pod of chart.pods()) {
      for (const name of referencesOf(pod)) expect([...made, ...outside]).toContain(name);
      const volumes = [...(pod.spec?.volumes ?? []).map((volume) => volume.name), "data"];
      for (const { volumeMounts } of containersOf(pod)) {
        for (const mount of volumeMounts ?? []) expect(volumes).toContain(mount.name);
      }
    }
  });

  test("the migration runs before the backend, with the same image and environment", () => {
    const backend = chart.get("Deployment", "todo-backend");
    const migrate = containerOf(backend, "migrate");
    expect(migrate.command).toEqual(["python", "-m", "todo.migrate"]);
    const { image, env, envFrom } = containerOf(backend, "backend");
    const direct = chart.all("StatefulSet").length === 0 ? ["DATABASE_DIRECT_URL"] : [];
    expect(migrate).toMatchObject({ image, envFrom });
    expect(migrate.env?.slice(0, env?.length)).toEqual(env);
    expect(migrate.env?.slice(env?.length).map((one) => one.name)).toEqual(direct);
    expect(env?.map((one) => one.name)).toEqual(["PORT", "DATABASE_URL"]);
  });
});

describe("versions", () => {
  const appVersion: string = parse(read("chart/Chart.yaml")).appVersion;

  test("the chart's application version is the application's", () => {
    expect(JSON.parse(read("package.json")).version).toBe(appVersion);
    expect(JSON.parse(read("apps/frontend/package.json")).version).toBe(appVersion);
    expect(/^version = "(.+)"$/m.exec(read("apps/backend/pyproject.toml"))?.[1]).toBe(appVersion);
  });

  test("Helm 3 and Helm 4 render the same objects", async () => {
    const [three, four] = await Promise.all(
      helmVersions.map((version) => render({ ...profiles["values-production.yaml"], helm: version })),
    );
    expect(three?.objects).toEqual(four?.objects);
    expect(chartFolder).toMatch(/chart$/);
  });
});

function templateOf({ metadata, spec }: Manifest): Manifest {
  if (!spec?.template) throw new Error(`${metadata.name} has no pod template`);
  return spec.template;
}

function mainContainer(deployment: Manifest) {
  return containerOf(deployment, deployment.metadata.name.replace(/^todo-/, ""));
}

function matches(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function referencesOf(pod: Manifest): string[] {
  const text = JSON.stringify([pod.spec?.volumes, containersOf(pod).map(({ env, envFrom }) => [env, envFrom])]);
  const found = text.matchAll(/"(?:configMap|configMapRef|secretRef|secretKeyRef)":\{[^}]*?"name":"([^"]+)"/g);
  return [...found].map((match) => match[1] ?? "");
}

/** The workload that an object belongs to; the frontend has a second Service. */
function withoutPeers({ metadata }: Pick<Manifest, "metadata">): string {
  return metadata.name.replace(/-peers$/, "");
}
