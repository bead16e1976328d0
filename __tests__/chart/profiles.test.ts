import { describe, expect, test } from "@jest/globals";
import { containerOf, containersOf } from "./manifest.ts";
import { productionValues } from "./profiles.ts";
import { helmVersions, render } from "./render.ts";

describe.each(helmVersions)("production profile, Helm %s", (helm) => {
  const production = () => render({ helm, files: ["values-production.yaml"], values: productionValues });

  test.each(["frontend", "backend"])(
    "%s: three replicas at least, by an autoscaler, and a disruption budget",
    async (name) => {
      const chart = await production();
      expect(chart.get("HorizontalPodAutoscaler", `todo-${name}`).spec).toEqual({
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: `todo-${name}` },
        minReplicas: 3,
        maxReplicas: 10,
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
          },
        },
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
        ],
      });
      expect(chart.get("PodDisruptionBudget", `todo-${name}`).spec).toMatchObject({
        minAvailable: "66%",
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      });
      expect(chart.get("Deployment", `todo-${name}`).spec).not.toHaveProperty("replicas");
    },
  );

  test.each(["frontend", "backend"])("%s: a node drain may take one of three pods, and no more", async (name) => {
    const { minAvailable } = (await production()).get("PodDisruptionBudget", `todo-${name}`).spec ?? {};
    // Rounded up: https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages
    expect(3 - Math.ceil((3 * Number.parseInt(String(minAvailable), 10)) / 100)).toBe(1);
  });

  test.each(["frontend", "backend"])("%s: the pods of each version are spread over nodes and zones", async (name) => {
    const deployment = (await production()).get("Deployment", `todo-${name}`);
    const spread = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      matchLabelKeys: ["pod-template-hash"],
      labelSelector: { matchLabels: deployment.spec?.selector?.matchLabels },
    });
    const zone = "topology.kubernetes.io/zone";
    expect(deployment.spec?.template?.spec?.topologySpreadConstraints).toEqual(
      ["kubernetes.io/hostname", zone].map(spread),
    );
  });

  test("every container has requests and limits, and is pulled where the node lacks it", async () => {
    const containers = (await production()).pods().flatMap(containersOf);
    expect(containers).toHaveLength(6);
    for (const { imagePullPolicy, resources } of containers) {
      expect(imagePullPolicy).toBe("IfNotPresent");
      const amounts = { cpu: expect.stringMatching(/^\d+m?$/), memory: expect.stringMatching(/^\d+Mi$/) };
      expect(resources).toEqual({ requests: amounts, limits: amounts });
    }
  });

  test("credentials of a registry reach every pod, a priority those that serve", async () => {
    const imagePullSecrets = [{ name: "registry" }];
    const priority = { priorityClassName: "important" };
    const values = { ...productionValues, imagePullSecrets, frontend: priority, backend: priority };
    const chart = await render({ helm, files: ["values-production.yaml"], values });
    expect(chart.pods()).toHaveLength(5);
    for (const { spec } of chart.pods()) expect(spec?.imagePullSecrets).toEqual(imagePullSecrets);
    for (const { spec } of chart.all("Deployment")) expect(spec?.template?.spec).toMatchObject(priority);
  });

  test("HTTPS by an Ingress that leads to the frontend", async () => {
    expect((await production()).get("Ingress", "todo").spec).toEqual({
      tls: [{ hosts: ["todo.example.org"], secretName: "todo-tls" }],
      rules: [
        {
          host: "todo.example.org",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "todo-frontend", port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    });
  });

  test("no database in the cluster, network policies, quieter logs, nothing on a port of the nodes", async () => {
    const chart = await production();
    expect([...chart.all("StatefulSet"), ...chart.all("Secret")]).toEqual([]);
    expect(chart.all("NetworkPolicy").map((object) => object.metadata.name)).toEqual([
      "todo-default-deny",
      "todo-frontend",
      "todo-backend",
      "todo-test",
    ]);
    expect(chart.get("ConfigMap", "todo-backend").data).toEqual({ LOG_LEVEL: "warning" });
    expect(chart.all("Service").map((object) => object.spec?.type)).toEqual(Array(3).fill("ClusterIP"));
  });
});

describe.each(helmVersions)("local profile, Helm %s", (helm) => {
  const local = () => render({ helm, files: ["values-local.yaml"] });

  test("one pod of each, the page on port 30080 of the node", async () => {
    const chart = await local();
    expect(chart.all("Deployment").map((object) => object.spec?.replicas)).toEqual([1, 1]);
    expect(chart.get("Service", "todo-frontend").spec).toMatchObject({
      type: "NodePort",
      ports: [{ nodePort: 30080 }],
    });
    expect([...chart.all("Ingress"), ...chart.all("HorizontalPodAutoscaler"), ...chart.all("NetworkPolicy")]).toEqual(
      [],
    );
  });

  test("PostgreSQL as user 70 on a volume, with what a read-only root needs to be writable", async () => {
    const { spec } = (await local()).get("StatefulSet", "todo-database");
    expect(spec).toMatchObject({ replicas: 1, podManagementPolicy: "Parallel" });
    expect(spec?.template?.spec?.securityContext).toMatchObject({ runAsUser: 70, runAsGroup: 70, fsGroup: 70 });
    const container = containerOf((await local()).get("StatefulSet", "todo-database"), "database");
    expect(container.image).toBe("postgres:17-alpine");
    expect(container.env).toContainEqual({ name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" });
    expect(container.volumeMounts).toEqual([
      { name: "data", mountPath: "/var/lib/postgresql/data" },
      { name: "run", mountPath: "/var/run/postgresql" },
      { name: "tmp", mountPath: "/tmp" },
    ]);
    expect(container.readinessProbe?.exec).toEqual({
      command: ["pg_isready", "-q", "-h", "127.0.0.1", "-U", "todo", "-d", "todo"],
    });
    expect(spec?.volumeClaimTemplates?.[0]?.spec).toEqual({
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
    });
  });
});

describe("helm test", () => {
  test("asks for the page, the health and a todo, through the frontend, with the backend's Python", async () => {
    const pods = (await render()).all("Pod");
    expect(pods.map((pod) => pod.metadata.name)).toEqual(["todo-test-page", "todo-test-health", "todo-test-todo"]);
    for (const { metadata, spec } of pods) {
      expect(metadata.annotations).toEqual({
        "helm.sh/hook": "test",
        "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
      });
      const [container] = spec?.containers ?? [];
      expect(container?.env?.[0]).toEqual({ name: "BASE_URL", value: "http://todo-frontend:80" });
      expect(container?.command?.slice(0, 2)).toEqual(["python", "-c"]);
      expect(container?.command?.[2]).toContain("BASE_URL");
    }
  });
});
