import type {
  ContainerFacts,
  ContainerStatusFacts,
  EventFacts,
  Facts,
  LogFacts,
  ObjectFacts,
  PodFacts,
  ServiceFacts,
  WorkloadFacts,
} from "../../../commands/diagnose/facts.ts";

/** When the facts of these tests were collected. */
export const now = "2026-01-02T12:00:00.000Z";

/** A moment so many seconds before that. */
export const ago = (seconds: number): string => new Date(Date.parse(now) - seconds * 1000).toISOString();

/** The pods of a deployment that works, by the part that they belong to. */
export const podNames = {
  database: "todo-database-0",
  backend: "todo-backend-7d74c975f9-mkhlh",
  frontend: "todo-frontend-5b9699df87-kxbfl",
} as const;

type PartName = keyof typeof podNames;

const labels = (component: string) => ({
  "app.kubernetes.io/component": component,
  "app.kubernetes.io/instance": "todo",
  "app.kubernetes.io/name": "todo-stack",
});

const ports = { database: 5432, backend: 8000, frontend: 8080 };
const portNames = { database: "postgresql", backend: "http", frontend: "http" };

function containerOf(name: PartName): ContainerFacts {
  const httpGet = { path: name === "backend" ? "/ready" : "/health", port: "http" };
  return {
    name,
    image: name === "database" ? "postgres:17-alpine" : `todo-${name}:1.0.0-577205927238`,
    imagePullPolicy: name === "database" ? "IfNotPresent" : "Never",
    ports: [{ name: portNames[name], containerPort: ports[name] }],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
    ...(name === "database"
      ? { startupProbe: {}, readinessProbe: {}, livenessProbe: {} }
      : { startupProbe: { httpGet }, readinessProbe: { httpGet }, livenessProbe: { httpGet } }),
  };
}

const running: ContainerStatusFacts = {
  name: "",
  ready: true,
  started: true,
  restartCount: 0,
  state: { running: { startedAt: ago(600) } },
};

function podOf(name: PartName): PodFacts {
  const init = { database: "password", backend: "migrate", frontend: undefined }[name];
  const completed = { terminated: { reason: "Completed", exitCode: 0 } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: podNames[name], labels: labels(name), creationTimestamp: ago(610) },
    spec: {
      nodeName: "hx",
      containers: [containerOf(name)],
      ...(init !== undefined && { initContainers: [{ ...containerOf(name), name: init }] }),
      claims: name === "database" ? ["data-todo-database-0"] : [],
    },
    status: {
      phase: "Running",
      conditions: [{ type: "PodScheduled", status: "True" }],
      ...(init !== undefined && {
        initContainerStatuses: [{ name: init, ready: true, restartCount: 0, state: completed }],
      }),
      containerStatuses: [{ ...running, name }],
    },
  };
}

function workloadOf(name: PartName): WorkloadFacts {
  return {
    apiVersion: "apps/v1",
    kind: name === "database" ? "StatefulSet" : "Deployment",
    metadata: { name: `todo-${name}`, labels: labels(name) },
    wanted: 1,
    present: 1,
    ready: 1,
    conditions: [],
  };
}

/** The ReplicaSet of a Deployment's newest pods. */
export function replicaSetOf(name: "backend" | "frontend"): WorkloadFacts {
  return {
    ...workloadOf(name),
    kind: "ReplicaSet",
    metadata: { name: podNames[name].replace(/-\w+$/, ""), labels: labels(name) },
    owner: `Deployment/todo-${name}`,
  };
}

function serviceOf(name: PartName): ServiceFacts {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `todo-${name}`, labels: labels(name) },
    spec: {
      type: name === "frontend" ? "NodePort" : "ClusterIP",
      selector: labels(name),
      ports: [
        {
          port: name === "frontend" ? 80 : ports[name],
          targetPort: portNames[name],
          ...(name === "frontend" && { nodePort: 30080 }),
        },
      ],
    },
  };
}

const parts = ["database", "backend", "frontend"] as const;

const objects: ObjectFacts = {
  namespace: { apiVersion: "v1", kind: "Namespace", metadata: { name: "todo" }, status: { phase: "Active" } },
  nodes: [
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "hx" },
      spec: {},
      status: { conditions: [{ type: "Ready", status: "True" }], allocatable: { cpu: "2", memory: "8000000Ki" } },
    },
  ],
  heartbeats: { hx: ago(4) },
  dns: { ready: 1, deployment: "coredns" },
  drift: [],
  revisions: [{ revision: 1, status: "deployed", since: ago(600) }],
  pods: parts.map(podOf),
  workloads: [...parts.map(workloadOf), replicaSetOf("backend"), replicaSetOf("frontend")],
  services: parts.map(serviceOf),
  endpoints: parts.map((name) => ({ service: `todo-${name}`, ready: 1, unready: 0 })),
  claims: [
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data-todo-database-0" },
      spec: { storageClassName: "standard", volumeName: "pvc-1" },
      status: { phase: "Bound" },
    },
  ],
  storageClasses: [{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "standard" } }],
  quotas: [],
  autoscalers: [],
  policies: [],
  events: [],
  logs: {},
  readiness: { [podNames.backend]: { status: 200, detail: "" } },
  lackingImages: [],
  missingReferences: [],
};

/** A deployment that works, as it was recorded on a sandbox. */
export const working: Facts = {
  collectedAt: now,
  stack: {
    name: "local",
    production: false,
    context: "minikube",
    namespace: "todo",
    releaseName: "todo",
    nodePort: 30080,
    deployedBy: "pulumi",
    kubectl: "kubectl --context minikube --namespace todo",
  },
  engine: {},
  cluster: {
    kind: "minikube",
    containers: [{ name: "minikube", state: "running" }],
    server: "https://127.0.0.1:32769",
  },
  page: { url: "http://127.0.0.1:30080", occupied: true },
  unread: [],
  objects,
};

/** A change of facts. */
export type Change = (facts: Facts) => Facts;

/** Several changes, one after the other. */
export const all =
  (...changes: readonly Change[]): Change =>
  (facts) =>
    changes.reduce((changed, change) => change(changed), facts);

/** Sets what the cluster holds. */
export const inCluster =
  (change: (held: ObjectFacts) => Partial<ObjectFacts>): Change =>
  (facts) =>
    facts.objects === undefined ? facts : { ...facts, objects: { ...facts.objects, ...change(facts.objects) } };

/** The cluster holds nothing that can be seen. */
export const unseen: Change = ({ objects: _unseen, ...facts }) => facts;

/** Changes a part's pod. */
export const pod = (name: PartName, change: (old: PodFacts) => PodFacts): Change =>
  inCluster(({ pods }) => ({ pods: pods.map((one) => (one.metadata.name === podNames[name] ? change(one) : one)) }));

/** How a part's container stands; of an init container by its name, the main one does not run then. */
export function container(name: PartName, status: Partial<ContainerStatusFacts>, init?: string): Change {
  return pod(name, (old) => {
    const waiting = { waiting: { reason: "PodInitializing" } };
    const main =
      init === undefined ? { ...running, ready: false, ...status } : { ...running, ready: false, state: waiting };
    const first = (old.status.initContainerStatuses ?? []).map((one) =>
      one.name === init ? { ...one, ready: false, ...status } : one,
    );
    return { ...old, status: { ...old.status, initContainerStatuses: first, containerStatuses: [{ ...main, name }] } };
  });
}

/** A container that waits for this reason. */
export const waits = (name: PartName, reason: string, message = ""): Change =>
  container(name, { state: { waiting: { reason, message } } });

/** A container that ended like this, and is started again. */
export function ended(name: PartName, exitCode: number, reason = "Error", init?: string): Change {
  const terminated = { exitCode, reason, finishedAt: ago(5) };
  const state = { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container" } };
  return container(name, { restartCount: 2, state, lastState: { terminated } }, init);
}

/** What a container wrote: in this run, and in the one before. */
export const wrote = (name: PartName, log: Partial<LogFacts>, containerName: string = name): Change =>
  inCluster(({ logs }) => ({
    logs: { ...logs, [`${podNames[name]}/${containerName}`]: { now: "", before: "", ...log } },
  }));

/** An event of a part's pod, or of another object. */
export const event = (object: string, reason: string, message: string, seconds = 5): Change =>
  inCluster(({ events }) => {
    const one: EventFacts = { object, type: "Warning", reason, message, count: 3, last: ago(seconds) };
    return { events: [...events, one] };
  });

/** A part's pod is not given a node. */
export const unscheduled = (name: PartName, message: string): Change =>
  pod(name, ({ status: _status, ...old }) => {
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    return { ...old, status: { phase: "Pending", conditions } };
  });

/** Changes a workload, by its kind and name. */
export const workload = (key: string, change: Partial<WorkloadFacts>): Change =>
  inCluster(({ workloads }) => ({
    workloads: workloads.map((one) => (`${one.kind}/${one.metadata.name}` === key ? { ...one, ...change } : one)),
  }));

/** A part has no pod. */
export const withoutPod = (name: PartName): Change =>
  inCluster(({ pods }) => ({ pods: pods.filter(({ metadata }) => metadata.name !== podNames[name]) }));

/** Changes a part's Service. */
export const service = (name: PartName, spec: Partial<ServiceFacts["spec"]>): Change =>
  inCluster(({ services }) => ({
    services: services.map((one) =>
      one.metadata.name === `todo-${name}` ? { ...one, spec: { ...one.spec, ...spec } } : one,
    ),
  }));

/** The page does not answer as it should. */
export const unanswered =
  (missing = "http://127.0.0.1:30080/api/version answers 503"): Change =>
  (facts) => ({ ...facts, page: { ...facts.page, missing } });

/** The backend says that it has no database. */
export const notReady = (detail: string): Change =>
  all(
    container("backend", { state: { running: { startedAt: ago(600) } } }),
    event(`Pod/${podNames.backend}`, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"),
    inCluster(() => ({ readiness: { [podNames.backend]: { status: 503, detail } } })),
  );

/** What was changed by hand. */
export const drifted = (...drift: readonly string[]): Change => inCluster(() => ({ drift }));

/** A run of a scheduled job, which began so many hours ago. */
export function runOf(
  name: string,
  hours: number,
  how: { wanted?: number; ready?: number; failed?: boolean },
): WorkloadFacts {
  const message = "Job was active longer than specified deadline";
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `todo-${name}-${hours}`,
      labels: { "app.kubernetes.io/component": name },
      creationTimestamp: ago(hours * 3600),
    },
    owner: `CronJob/todo-${name}`,
    wanted: how.wanted ?? 1,
    present: how.ready ?? 0,
    ready: how.ready ?? 0,
    conditions: how.failed === true ? [{ type: "Failed", status: "True", reason: "DeadlineExceeded", message }] : [],
  };
}
