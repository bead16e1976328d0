import { describe, expect, test } from "@jest/globals";
import { allowedEdges } from "./edges.ts";
import { containerOf, containersOf, type Manifest, type Values } from "./manifest.ts";
import { helmArguments, helmVersions, type Rendered, refusal, render, helm as runHelm } from "./render.ts";

/** A worker, a scheduled job and a server, each by the shortest block. */
const services = {
  worker: { imageOf: "backend", command: ["python", "-m", "app.worker"] },
  nightly: { imageOf: "backend", command: ["python", "-m", "app.report"], schedule: "0 3 * * *" },
  search: { image: { repository: "acme/search", tag: "1.4" }, port: 7700 },
};

const names = (chart: Rendered, kind: string) => chart.all(kind).map(({ metadata }) => metadata.name);
const podOf = ({ spec }: Manifest): Manifest => {
  const pod = spec?.template ?? spec?.jobTemplate?.spec?.template;
  if (pod === undefined) throw new Error("has no pod");
  return pod;
};

describe.each(helmVersions)("further services, Helm %s", (helm) => {
  const withServices = (values: Values = {}) => render({ helm, values: { services, ...values } });

  test("pass helm lint --strict, and come to the parts of every release", async () => {
    const linted = runHelm(helm, "lint", [...helmArguments({ values: { services } }), "--strict"]);
    await expect(linted).resolves.toContain("0 chart(s) failed");
    const chart = await withServices();
    expect(names(chart, "Deployment")).toEqual(["todo-frontend", "todo-backend", "todo-search", "todo-worker"]);
    expect(names(chart, "CronJob")).toEqual(["todo-nightly"]);
    expect(names(chart, "Service").filter((name) => /worker|nightly|search/.test(name))).toEqual(["todo-search"]);
  });

  test("leave the pods of the other parts as they are", async () => {
    const [without, chart] = [await render({ helm }), await withServices()];
    for (const kind of ["Deployment", "StatefulSet", "Service"]) {
      for (const object of without.all(kind)) expect(chart.get(kind, object.metadata.name)).toEqual(object);
    }
  });

  test("every pod meets the Pod Security Standard restricted, and carries labels that say what it is", async () => {
    const chart = await withServices();
    for (const name of ["worker", "nightly", "search"]) {
      const workload = chart.get(name === "nightly" ? "CronJob" : "Deployment", `todo-${name}`);
      const labels = { "app.kubernetes.io/instance": "todo", "app.kubernetes.io/component": name };
      const pod = podOf(workload);
      for (const one of [workload, pod]) expect(one.metadata.labels).toMatchObject(labels);
      expect(pod.spec?.automountServiceAccountToken).toBe(false);
      expect(pod.spec?.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      expect(containerOf(workload, name).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  test("a worker is asked by nobody, and takes no predecessor's place before it has lived for a while", async () => {
    const worker = (await withServices()).get("Deployment", "todo-worker");
    const container = containerOf(worker, "worker");
    expect(container.command).toEqual(["python", "-m", "app.worker"]);
    for (const field of ["ports", "startupProbe", "readinessProbe", "livenessProbe"])
      expect(container).not.toHaveProperty(field);
    expect(container.env?.map(({ name }) => name)).toEqual(["DATABASE_URL"]);
    expect(container.lifecycle).toEqual({ postStart: { sleep: { seconds: 10 } } });
    const hasty = { ...services.worker, terminationGracePeriodSeconds: 5 };
    const chart = await withServices({ services: { worker: hasty, nightly: services.nightly } });
    // Kubernetes refuses a sleep that is longer than the grace period.
    const lifecycle = { postStart: { sleep: { seconds: 5 } } };
    expect(containerOf(chart.get("Deployment", "todo-worker"), "worker")).toMatchObject({ lifecycle });
    expect(containerOf(chart.get("CronJob", "todo-nightly"), "nightly").lifecycle).toBeUndefined();
  });

  test("imageOf brings along what the image needs; what is set is laid over it", async () => {
    const backend = {
      image: { repository: "r.io/api", tag: "7", pullPolicy: "Never" },
      env: { LOG_LEVEL: "debug" },
      existingSecrets: ["keys"],
      secretEnv: { JWT: "s" },
      extraConfig: { "a.txt": "a" },
      runAsUser: 1000000,
      readOnlyRootFilesystem: false,
      writablePaths: ["/app/cache"],
      databaseEnv: { DB_HOST: "$(DATABASE_HOST)" },
    };
    const worker = { ...services.worker, env: { LOG_LEVEL: "info", QUEUE: "mail" }, existingSecrets: ["queue"] };
    const chart = await withServices({ backend, services: { worker } });
    const deployment = chart.get("Deployment", "todo-worker");
    const container = containerOf(deployment, "worker");
    expect(container).toMatchObject({ image: "r.io/api:7", imagePullPolicy: "Never" });
    expect(chart.get("ConfigMap", "todo-worker").data).toEqual({ LOG_LEVEL: "info", QUEUE: "mail" });
    expect(chart.get("ConfigMap", "todo-worker-files").data).toEqual({ "a.txt": "a" });
    expect(container.envFrom).toEqual([
      { configMapRef: { name: "todo-worker" } },
      { secretRef: { name: "todo-worker" } },
      { secretRef: { name: "keys" } },
      { secretRef: { name: "queue" } },
    ]);
    expect(podOf(deployment).spec?.securityContext).toMatchObject({ runAsUser: 1000000 });
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: false });
    expect(container.volumeMounts).toContainEqual({ name: "writable-0", mountPath: "/app/cache" });
    expect(container.env?.at(-1)).toEqual({ name: "DB_HOST", value: "$(DATABASE_HOST)" });
    expect(chart.get("ConfigMap", "todo-backend").data).toEqual({ LOG_LEVEL: "debug" });
    const apart = await withServices({ backend, services: { worker: { ...worker, database: false } } });
    expect(JSON.stringify(apart.get("Deployment", "todo-worker"))).not.toContain("DATABASE");
  });

  test("a scheduled job does not overlap itself, ends, and leaves its tries to be read", async () => {
    const { spec, metadata } = (await withServices()).get("CronJob", "todo-nightly");
    expect(spec).toMatchObject({
      schedule: "0 3 * * *",
      concurrencyPolicy: "Forbid",
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: 3600 } },
    });
    expect(spec?.jobTemplate?.metadata.labels).toMatchObject({ "app.kubernetes.io/instance": "todo" });
    expect(podOf({ spec, metadata } as Manifest).spec).toMatchObject({ restartPolicy: "Never" });
    const job = { timeZone: "Europe/Berlin", suspend: true, concurrencyPolicy: "Replace", backoffLimit: 0 };
    const chart = await withServices({ services: { nightly: { ...services.nightly, job } } });
    const { backoffLimit, ...rest } = job;
    expect(chart.get("CronJob", "todo-nightly").spec).toMatchObject({
      ...rest,
      jobTemplate: { spec: { backoffLimit } },
    });
  });

  test("a server has a Service, probes, its port by PORT, and on request an autoscaler and a budget", async () => {
    const search = {
      ...services.search,
      probes: { readiness: { path: "/ready" } },
      preStopSeconds: 0,
      autoscaling: { enabled: true, minReplicas: 2 },
      podDisruptionBudget: { enabled: true },
      env: { MODE: "fast" },
      resources: { limits: { memory: "1Gi" } },
    };
    const chart = await withServices({ services: { search } });
    const deployment = chart.get("Deployment", "todo-search");
    const container = containerOf(deployment, "search");
    expect(container).toMatchObject({ image: "acme/search:1.4", env: [{ name: "PORT", value: "7700" }] });
    expect(container.ports).toEqual([{ name: "http", containerPort: 7700, protocol: "TCP" }]);
    expect(container.readinessProbe?.httpGet?.path).toBe("/ready");
    expect(container.readinessProbe?.periodSeconds).toBe(5);
    expect(container.livenessProbe?.httpGet?.path).toBe("/health");
    expect(container.lifecycle).toBeUndefined();
    expect(container.resources).toEqual({
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "1Gi" },
    });
    expect(chart.get("Service", "todo-search").spec).toMatchObject({
      ports: [{ port: 7700, targetPort: "http" }],
      selector: deployment.spec?.selector?.matchLabels as Record<string, string>,
    });
    expect(chart.get("HorizontalPodAutoscaler", "todo-search").spec).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
    expect(deployment.spec).not.toHaveProperty("replicas");
    expect(chart.get("PodDisruptionBudget", "todo-search").spec?.minAvailable).toBe(1);
  });

  test("names stay within what Kubernetes allows, for the longest names of the release and of a service", async () => {
    const longest = "s".repeat(20);
    const release = "r".repeat(53);
    const values = {
      networkPolicy: { enabled: true },
      services: { [longest]: { ...services.search, database: true } },
    };
    const chart = await render({ helm, release, values });
    for (const { metadata } of chart.objects) expect(metadata.name.length).toBeLessThanOrEqual(63);
    const message = await refusal({ helm, release, values: { services: { [longest]: services.nightly } } });
    expect(message).toContain("has 61 characters, and Kubernetes allows 52 for the name of a scheduled job.");
  });

  test("network policies: code of the application may ask each other, and the database where it is theirs", async () => {
    const chart = await withServices({ networkPolicy: { enabled: true } });
    const edges = allowedEdges(chart).filter((edge) => !edge.includes(":53/"));
    expect(edges.sort()).toEqual(
      [
        "world -> frontend:8080/TCP",
        "test -> frontend:8080/TCP",
        "frontend -> frontend:8080/TCP",
        ...["frontend", "worker", "nightly", "search"].map((name) => `${name} -> backend:8000/TCP`),
        ...["backend", "worker", "nightly"].map((name) => `${name} -> search:7700/TCP`),
        ...["backend", "worker", "nightly", "database-login"].map((name) => `${name} -> database:5432/TCP`),
      ].sort(),
    );
  });

  test("network policies: neither end opens more than the way needs", async () => {
    const [without, chart] = await Promise.all(
      [{}, services].map((own) => withServices({ services: own, networkPolicy: { enabled: true } })),
    );
    const policy = (name: string) => chart?.get("NetworkPolicy", `todo-${name}`).spec;
    expect(policy("frontend")).toEqual(without?.get("NetworkPolicy", "todo-frontend").spec);
    const asked = JSON.stringify(policy("database")?.ingress);
    for (const [name, reads] of Object.entries({ backend: true, worker: true, nightly: true, search: false }))
      expect([name, asked.includes(`"${name}"`)]).toEqual([name, reads]);
    expect(JSON.stringify(policy("search")?.egress)).not.toContain("5432");
    expect(policy("worker")).not.toHaveProperty("ingress");
  });

  test("network policies: a service's own peers and egress, and a database outside", async () => {
    const prometheus = { namespaceSelector: { matchLabels: { role: "monitoring" } } };
    const https = { ports: [{ port: 443, protocol: "TCP" }] };
    const search = { ...services.search, ingressFrom: [prometheus], egress: [https], database: true };
    const chart = await withServices({
      services: { search },
      database: { enabled: false, existingSecret: "mine" },
      networkPolicy: { enabled: true, databasePort: 6543 },
    });
    const { ingress, egress } = chart.get("NetworkPolicy", "todo-search").spec ?? {};
    expect(ingress).toEqual([{ from: expect.arrayContaining([prometheus]), ports: [{ port: 7700, protocol: "TCP" }] }]);
    expect(egress?.[0]).toEqual({ ports: [{ port: 6543, protocol: "TCP" }] });
    expect(egress?.at(-1)).toEqual(https);
  });

  const refused: [string, Values, string][] = [
    ...["frontend", "backend", "database", "database-login", "test", "all", "frontend-peers", "database-v2"].map(
      (name): [string, Values, string] => [
        `the name ${name}`,
        { [name]: services.worker },
        `services.${name}: this name belongs to the chart itself. Give the service another one`,
      ],
    ),
    [
      "a name that another service's files have",
      { search: services.search, "search-files": services.search },
      "services.search-files: this name belongs to the chart itself.",
    ],
    [
      "no image",
      { worker: { command: ["a"] } },
      "services.worker: has no image. Set services.worker.image.repository, or services.worker.imageOf=backend for the backend's",
    ],
    [
      "two images",
      { worker: { ...services.worker, image: { repository: "a" } } },
      "services.worker: has imageOf and an image of its own. Keep one of them",
    ],
    [
      "a scheduled job with a port",
      { nightly: { ...services.nightly, port: 8000 } },
      "services.nightly.schedule: a scheduled job has no port, no autoscaling and no podDisruptionBudget.",
    ],
    [
      "settings of a job without a schedule",
      { worker: { ...services.worker, job: { backoffLimit: 1 } } },
      "services.worker.job: is about a scheduled job, but there is no schedule.",
    ],
    [
      "PORT by hand",
      { search: { ...services.search, env: { PORT: 1 } } },
      "services.search.env and services.search.secretEnv: PORT is set by the chart and would be ignored here. Use services.search.port",
    ],
    [
      "variables of a database that it has not",
      { search: { ...services.search, databaseEnv: { A: "$(DATABASE_URL)" } } },
      "services.search.databaseEnv: there is no database for it. Set services.search.database=true, or remove databaseEnv",
    ],
    [
      "an autoscaler upside down",
      { search: { ...services.search, autoscaling: { enabled: true, minReplicas: 9 } } },
      "services.search.autoscaling: minReplicas (9) is greater than maxReplicas (5)",
    ],
  ];
  test.each(refused)("the chart refuses %s and says what to do", async (_what, values, expected) => {
    expect(await refusal({ helm, values: { services: values } })).toContain(`  - ${expected}`);
  });

  test.each([
    ["a name that is no label", { Worker_1: services.worker }, /Worker_1/],
    ["a name that is too long", { ["w".repeat(21)]: services.worker }, /pattern/],
    ["an unknown key", { worker: { ...services.worker, replicas: 1 } }, /replicas/],
    ["a schedule that is none", { nightly: { ...services.nightly, schedule: "daily" } }, /schedule/],
    ["another image's name", { worker: { imageOf: "database" } }, /imageOf/],
  ] as [string, Values, RegExp][])("the schema refuses %s", async (_what, values, expected) => {
    expect(await refusal({ helm, values: { services: values } })).toMatch(expected);
  });

  test("the connections of an external database must suffice for them too", async () => {
    const values = (maxConnections: number) => ({
      services: { ...services, worker: { ...services.worker, replicaCount: 2 } },
      database: { enabled: false, existingSecret: "mine", maxConnections },
    });
    // 5 x (1 + 2) of the backend, 5 x (2 + 2) of the worker, 5 of the job.
    await expect(render({ helm, values: values(40) })).resolves.toBeDefined();
    expect(await refusal({ helm, values: values(39) })).toContain("make 15, and those of further services 25 more.");
  });
});

test("a changed setting rolls the service that it concerns, and no other", async () => {
  const templates = async (values: Values) => {
    const chart = await render({ values });
    return new Map(chart.all("Deployment").map((one) => [one.metadata.name, JSON.stringify(podOf(one))]));
  };
  const before = await templates({ services });
  const after = await templates({ services: { ...services, worker: { ...services.worker, env: { A: "b" } } } });
  expect([...before].filter(([name, pod]) => after.get(name) !== pod).map(([name]) => name)).toEqual(["todo-worker"]);
  expect(containersOf(podOf((await render({ values: { services } })).get("CronJob", "todo-nightly")))).toHaveLength(1);
});
