/** One rule of a Role: https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/ */
export interface PolicyRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const reads = (apiGroup: string, ...resources: string[]): PolicyRule => ({
  apiGroups: [apiGroup],
  resources,
  verbs: ["get", "list", "watch"],
});

/**
 * What an assistant may do in the namespace of a release: read what runs there, and why it does not. No Secrets, nothing of the
 * cluster, nothing that changes or starts anything; neither `exec` nor `port-forward`, which are verbs of their own.
 */
export const readingRules: readonly PolicyRule[] = [
  reads(
    "",
    "pods",
    "pods/log",
    "services",
    "endpoints",
    "configmaps",
    "events",
    "persistentvolumeclaims",
    "resourcequotas",
    "limitranges",
    "serviceaccounts",
  ),
  reads("apps", "deployments", "replicasets", "statefulsets", "daemonsets", "controllerrevisions"),
  reads("batch", "jobs", "cronjobs"),
  reads("autoscaling", "horizontalpodautoscalers"),
  reads("policy", "poddisruptionbudgets"),
  reads("networking.k8s.io", "ingresses", "networkpolicies"),
  reads("discovery.k8s.io", "endpointslices"),
  reads("events.k8s.io", "events"),
  reads("metrics.k8s.io", "pods"),
];
