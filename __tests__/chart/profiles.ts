import type { RenderOptions } from "./render.ts";

/** What a person must add to `values-production.yaml`. */
export const productionValues = {
  ingress: { host: "todo.example.org" },
  database: { existingSecret: "todo-database-external" },
};

/** The ways in which the chart is installed: each values file with what it needs. */
export const profiles = {
  "values.yaml alone": {},
  "values-local.yaml": { files: ["values-local.yaml"] },
  "values-production.yaml": { files: ["values-production.yaml"], values: productionValues },
} satisfies Record<string, RenderOptions>;

/** Everything that can be switched on, at once. */
export const everything = {
  imagePullSecrets: [{ name: "registry" }],
  frontend: { env: { BANNER: "hello" }, podDisruptionBudget: { enabled: true }, replicaCount: 2 },
  backend: {
    env: { LOG_LEVEL: "debug", FEATURE_LIMIT: 25000000, FEATURE_ON: true },
    secretEnv: { JWT_SECRET: "secret-of-the-token" },
    existingSecrets: ["api-keys", "more-keys"],
    extraConfig: { "flags.json": '{"dark":true}' },
    autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 4 },
    podDisruptionBudget: { enabled: true },
    podAnnotations: { "checksum/api-keys": "abc" },
    podLabels: { team: "red", "app.kubernetes.io/component": "impostor" },
    nodeSelector: { disk: "fast" },
    tolerations: [{ key: "spot", operator: "Exists" }],
    affinity: { nodeAffinity: {} },
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
    priorityClassName: "high",
    extraVolumes: [{ name: "cache", emptyDir: {} }],
    extraVolumeMounts: [{ name: "cache", mountPath: "/var/cache" }],
  },
  database: { storage: { storageClassName: "fast" }, nodeSelector: { disk: "fast" }, priorityClassName: "high" },
  ingress: {
    enabled: true,
    className: "nginx",
    host: "todo.example.org",
    annotations: { "cert-manager.io/cluster-issuer": "le" },
  },
  networkPolicy: { enabled: true },
};
