import {
  ago,
  all,
  type Change,
  container,
  ended,
  event,
  inCluster,
  notReady,
  pod,
  podNames,
  replicaSetOf,
  runOf,
  service,
  unanswered,
  unscheduled,
  unseen,
  waits,
  withoutPod,
  workload,
  wrote,
} from "./facts.ts";

/** Facts that have one cause, which is to be named first. */
export interface Case {
  readonly code: string;
  readonly what: string;
  readonly facts: Change;
}

const backendPod = `Pod/${podNames.backend}`;
const running = { running: { startedAt: ago(300) } };
const stuck = { waiting: { reason: "ContainerCreating" } };
const unreachable = (problem: string, status?: number): Change =>
  all(unseen, unanswered("http://127.0.0.1:30080/health does not answer"), (facts) => ({
    ...facts,
    cluster: { ...facts.cluster, problem, ...(status !== undefined && { status }) },
  }));
const containers =
  (...found: { name: string; state: string }[]): Change =>
  (facts) => ({
    ...facts,
    cluster: { ...facts.cluster, containers: found },
  });
const node = (change: object): Change =>
  inCluster(({ nodes }) => ({ nodes: nodes.map((one) => ({ ...one, ...change })) }));
const condition = (type: string, status: string, message: string): Change =>
  node({ status: { conditions: [{ type, status, reason: type, message }] } });
const revision = (status: string): Change =>
  inCluster(() => ({ revisions: [{ revision: 2, status, since: ago(300) }] }));
const refusal = (message: string): Change =>
  all(
    withoutPod("backend"),
    workload("Deployment/todo-backend", { present: 0, ready: 0 }),
    workload(`ReplicaSet/${replicaSetOf("backend").metadata.name}`, {
      present: 0,
      ready: 0,
      conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }],
    }),
  );
const unready = (kind: string, words: string): Change =>
  all(container("backend", { state: running }), event(backendPod, "Unhealthy", `${kind} probe failed: ${words}`));

/** What lies below the deployment, or holds it as a whole. */
const ofPlaces: readonly Case[] = [
  {
    code: "engine-stopped",
    what: "the engine does not answer",
    facts: all(unreachable("connect ECONNREFUSED 127.0.0.1:32769"), containers(), (facts) => ({
      ...facts,
      engine: {
        problem: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      },
    })),
  },
  {
    code: "cluster-paused",
    what: "the node's container is paused",
    facts: all(unreachable("no answer within 2.5 s"), containers({ name: "minikube", state: "paused" })),
  },
  {
    code: "cluster-stopped",
    what: "the node's container has exited",
    facts: all(unreachable("connect ECONNREFUSED 127.0.0.1:32769"), containers({ name: "minikube", state: "exited" })),
  },
  {
    code: "not-deployed",
    what: "there was no update, and there is no release",
    facts: all(
      unanswered(),
      ({ stack: { deployedBy: _none, ...stack }, ...facts }) => ({ ...facts, stack }),
      inCluster(() => ({ revisions: [], pods: [], workloads: [], services: [] })),
    ),
  },
  {
    code: "cluster-missing",
    what: "the node's container was removed",
    facts: all(unreachable("connect ECONNREFUSED 127.0.0.1:32769"), containers()),
  },
  {
    code: "cluster-refuses",
    what: "the API server answers 401",
    facts: unreachable("GET /version was answered 401: Unauthorized", 401),
  },
  {
    code: "cluster-unreachable",
    what: "the node runs, and its API server does not answer",
    facts: unreachable("no answer within 2.5 s"),
  },
  {
    code: "node-not-ready",
    what: "the kubelet has stopped",
    facts: all(condition("Ready", "Unknown", "Kubelet stopped posting node status."), unanswered()),
  },
  {
    code: "node-pressure",
    what: "the node's disk is full",
    facts: condition("DiskPressure", "True", "kubelet has disk pressure"),
  },
  {
    code: "clock-skew",
    what: "the node's clock is an hour ahead",
    facts: inCluster(() => ({ heartbeats: { hx: ago(-3600) } })),
  },
  {
    code: "namespace-terminating",
    what: "the namespace is being deleted",
    facts: all(
      unanswered(),
      inCluster(() => ({
        namespace: {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "todo", deletionTimestamp: ago(20) },
          status: { phase: "Terminating", conditions: [] },
        },
        revisions: [],
        pods: [],
      })),
    ),
  },
  {
    code: "release-gone",
    what: "the release was uninstalled, and the state names it",
    facts: all(
      unanswered(),
      inCluster(() => ({ revisions: [], pods: [], workloads: [], services: [] })),
    ),
  },
  {
    code: "dns-down",
    what: "CoreDNS has no ready pod",
    facts: all(
      inCluster(() => ({ dns: { ready: 0, deployment: "coredns" } })),
      notReady("The database cannot be reached ([Errno -3] Temporary failure in name resolution)."),
    ),
  },
  {
    code: "object-missing",
    what: "a Service was deleted",
    facts: inCluster(() => ({ drift: ["Service todo-backend is missing"] })),
  },
];

/** What keeps pods from being made and placed. */
const ofPlacing: readonly Case[] = [
  {
    code: "scaled-to-zero",
    what: "the database is scaled to 0",
    facts: all(
      withoutPod("database"),
      workload("StatefulSet/todo-database", { wanted: 0, present: 0, ready: 0 }),
      notReady("The database cannot be reached ([Errno 111] Connect call failed)."),
      unanswered(),
    ),
  },
  {
    code: "quota-exceeded",
    what: "a quota is used up",
    facts: refusal(
      'pods "todo-backend-1" is forbidden: exceeded quota: tight, requested: pods=1, used: pods=1, limited: pods=1',
    ),
  },
  {
    code: "pod-security",
    what: "the pod is not as the namespace's standard asks",
    facts: refusal(
      'pods "todo-backend-1" is forbidden: violates PodSecurity "restricted:latest": privileged (container "backend" must not set securityContext.privileged=true)',
    ),
  },
  {
    code: "pod-refused",
    what: "the service account is missing",
    facts: refusal(
      'pods "todo-backend-1" is forbidden: error looking up service account todo/todo: serviceaccount "todo" not found',
    ),
  },
  {
    code: "volume-pending",
    what: "the claim's storage class does not exist",
    facts: all(
      unscheduled("database", "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims."),
      inCluster(({ claims }) => ({
        claims: claims.map((one) => ({ ...one, spec: { storageClassName: "gone" }, status: { phase: "Pending" } })),
      })),
      notReady("The database cannot be reached ([Errno 111] Connect call failed)."),
    ),
  },
  {
    code: "no-room",
    what: "the requests are too high",
    facts: unscheduled("backend", "0/1 nodes are available: 1 Insufficient cpu."),
  },
  {
    code: "node-cordoned",
    what: "the node is cordoned",
    facts: all(
      unscheduled("backend", "0/1 nodes are available: 1 node(s) were unschedulable."),
      node({ spec: { unschedulable: true } }),
    ),
  },
  {
    code: "node-tainted",
    what: "the node has a taint",
    facts: all(
      unscheduled("backend", "0/1 nodes are available: 1 node(s) had untolerated taint(s)."),
      node({ spec: { taints: [{ key: "broken", value: "yes", effect: "NoSchedule" }] } }),
    ),
  },
  {
    code: "unschedulable",
    what: "no node has the label",
    facts: unscheduled("backend", "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."),
  },
];

/** What keeps containers from being started. */
const ofStarting: readonly Case[] = [
  {
    code: "image-not-on-node",
    what: "the node lost the image",
    facts: all(
      waits(
        "backend",
        "ErrImageNeverPull",
        'Container image "todo-backend:1" is not present with pull policy of Never',
      ),
      inCluster(() => ({ lackingImages: [{ image: "todo-backend:1.0.0-577205927238", nodes: ["hx"] }] })),
    ),
  },
  {
    code: "image-name",
    what: "the image's name is none",
    facts: waits(
      "backend",
      "InvalidImageName",
      'Failed to apply default image tag "TODO:1": couldn\'t parse image name',
    ),
  },
  {
    code: "registry-login",
    what: "the registry answers 401",
    facts: waits(
      "backend",
      "ErrImagePull",
      'failed to pull and unpack image "ghcr.io/acme/todo-backend:1": failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
    ),
  },
  {
    code: "image-not-found",
    what: "the tag does not exist",
    facts: all(
      waits("backend", "ImagePullBackOff", 'Back-off pulling image "todo-backend:1.0.0-577205927238"'),
      event(
        backendPod,
        "Failed",
        'Failed to pull image "todo-backend:1.0.0-577205927238": rpc error: code = NotFound desc = failed to pull and unpack image: docker.io/library/todo-backend:1: not found',
      ),
    ),
  },
  {
    code: "image-pull",
    what: "the registry does not answer",
    facts: waits(
      "backend",
      "ErrImagePull",
      'failed to do request: Head "https://ghcr.io/v2/acme/todo/manifests/1": dial tcp: i/o timeout',
    ),
  },
  {
    code: "secret-missing",
    what: "a Secret does not exist",
    facts: waits("backend", "CreateContainerConfigError", 'secret "database-1a2b3c4d" not found'),
  },
  {
    code: "configmap-missing",
    what: "a ConfigMap does not exist",
    facts: waits("backend", "CreateContainerConfigError", 'configmap "todo-backend" not found'),
  },
  {
    code: "key-missing",
    what: "a ConfigMap lacks a key",
    facts: waits("backend", "CreateContainerConfigError", "couldn't find key LOG_LEVEL in ConfigMap todo/todo-backend"),
  },
  {
    code: "volume-mount",
    what: "a volume cannot be attached",
    facts: all(
      container("database", { state: stuck }),
      event("Pod/todo-database-0", "FailedMount", "MountVolume.SetUp failed: mount failed: exit status 32"),
    ),
  },
  {
    code: "configmap-missing",
    what: "a ConfigMap that is mounted does not exist",
    facts: all(
      container("frontend", { state: stuck }),
      event(
        `Pod/${podNames.frontend}`,
        "FailedMount",
        'MountVolume.SetUp failed for volume "upstream" : configmap "todo-frontend-upstream" not found',
      ),
    ),
  },
  {
    code: "command-missing",
    what: "the program is not in the image",
    facts: waits(
      "backend",
      "RunContainerError",
      'failed to create containerd task: exec: "/nowhere": stat /nowhere: no such file or directory',
    ),
  },
];

/** What keeps containers from going on. */
const ofRunning: readonly Case[] = [
  { code: "out-of-memory", what: "the kernel ended it", facts: ended("backend", 137, "OOMKilled") },
  {
    code: "read-only-file-system",
    what: "it writes into its image",
    facts: all(
      ended("backend", 1),
      wrote("backend", { before: "OSError: [Errno 30] Read-only file system: '/app/file'" }),
    ),
  },
  {
    code: "setting-refused",
    what: "a variable has a wrong value",
    facts: all(
      ended("backend", 2),
      wrote("backend", {
        before: '{"level": "error", "message": "configuration: LOG_LEVEL is loud: one of debug, info"}',
      }),
    ),
  },
  {
    code: "database-password",
    what: "the migration waits for a login that is refused",
    facts: all(
      container("backend", { state: running }, "migrate"),
      wrote(
        "backend",
        {
          now: '{"message": "waiting for the database at todo-database:5432/todo: password authentication failed for user \\"todo_1\\""}',
        },
        "migrate",
      ),
    ),
  },
  {
    code: "probe-path",
    what: "a probe's path does not exist",
    facts: unready("Readiness", "HTTP probe failed with statuscode: 404"),
  },
  {
    code: "probe-port",
    what: "a probe asks at a port where nobody listens",
    facts: all(
      unready("Readiness", 'Get "http://10.244.0.3:9999/ready": dial tcp 10.244.0.3:9999: connect: connection refused'),
      pod("backend", (old) => ({
        ...old,
        spec: {
          ...old.spec,
          containers: old.spec.containers.map((one) => ({ ...one, readinessProbe: { httpGet: { port: 9999 } } })),
        },
      })),
    ),
  },
  {
    code: "liveness-fails",
    what: "it hangs and is restarted",
    facts: all(
      container("backend", {
        state: running,
        restartCount: 3,
        lastState: { terminated: { exitCode: 137, reason: "Error", finishedAt: ago(5) } },
      }),
      event(
        backendPod,
        "Unhealthy",
        'Liveness probe failed: Get "http://10.244.0.3:8000/health": context deadline exceeded',
      ),
      event(backendPod, "Killing", "Container backend failed liveness probe, will be restarted"),
    ),
  },
  {
    code: "network-policy",
    what: "a policy drops what goes to the database",
    facts: all(
      notReady("The database cannot be reached (TimeoutError)."),
      inCluster(() => ({
        policies: [
          {
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: { name: "deny-all" },
            spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
          },
        ],
      })),
    ),
  },
  {
    code: "database-unreachable",
    what: "an external database does not answer",
    facts: notReady("The database cannot be reached (TimeoutError)."),
  },
  {
    code: "migration-failed",
    what: "a revision fails",
    facts: all(
      ended("backend", 1, "Error", "migrate"),
      wrote("backend", { before: '{"level": "error", "message": "migration failed: relation exists"}' }, "migrate"),
    ),
  },
  {
    code: "crash",
    what: "it ends as soon as it starts",
    facts: all(ended("backend", 1), wrote("backend", { before: "Traceback\nValueError: broken on purpose" })),
  },
  {
    code: "evicted",
    what: "the node put the pod out",
    facts: all(
      pod("backend", (old) => ({
        ...old,
        status: { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." },
      })),
      workload("Deployment/todo-backend", { ready: 0 }),
    ),
  },
  {
    code: "startup-fails",
    what: "it never answers",
    facts: unready(
      "Startup",
      'Get "http://10.244.0.3:8000/health": dial tcp 10.244.0.3:8000: connect: connection refused',
    ),
  },
  {
    code: "readiness-fails",
    what: "it answers, but not well",
    facts: unready("Readiness", "HTTP probe failed with statuscode: 500"),
  },
  {
    code: "starting",
    what: "it was started a moment ago",
    facts: container("backend", { state: { running: { startedAt: ago(3) } } }),
  },
];

/** What keeps a person from the page of a deployment whose pods are well. */
const ofPage: readonly Case[] = [
  {
    code: "service-selector",
    what: "a Service selects no pod",
    facts: all(service("backend", { selector: { app: "nobody" } }), unanswered()),
  },
  {
    code: "service-port",
    what: "a Service leads to a wrong port",
    facts: all(service("backend", { ports: [{ port: 8000, targetPort: 9999 }] }), unanswered()),
  },
  {
    code: "not-rolled-out",
    what: "pods are wanting, and nobody says why",
    facts: workload("Deployment/todo-frontend", { wanted: 2 }),
  },
  {
    code: "run-failed",
    what: "the time of a scheduled job was over",
    facts: inCluster(({ workloads }) => ({
      workloads: [...workloads, runOf("nightly", 1, { wanted: 1, failed: true })],
    })),
  },
  { code: "release-pending", what: "an update was killed", facts: revision("pending-upgrade") },
  { code: "release-failed", what: "the last update failed", facts: revision("failed") },
  {
    code: "port-taken",
    what: "another program listens on the page's port",
    facts: all(unanswered("http://127.0.0.1:30080/health does not answer"), (facts) => ({
      ...facts,
      page: { ...facts.page, otherListener: "nginx (process 123)" },
    })),
  },
  {
    code: "port-differs",
    what: "the port was changed since",
    facts: all(unanswered(), (facts) => ({ ...facts, stack: { ...facts.stack, nodePort: 30081 } })),
  },
  {
    code: "autoscaler-blind",
    what: "there is no metrics-server",
    facts: inCluster(() => ({
      autoscalers: [
        {
          apiVersion: "autoscaling/v2",
          kind: "HorizontalPodAutoscaler",
          metadata: { name: "todo-backend" },
          spec: { scaleTargetRef: { kind: "Deployment", name: "todo-backend" }, maxReplicas: 5 },
          status: {
            conditions: [
              {
                type: "ScalingActive",
                status: "False",
                reason: "FailedGetResourceMetric",
                message: "unable to get metrics",
              },
            ],
          },
        },
      ],
    })),
  },
  {
    code: "page-unanswered",
    what: "nothing listens on the page's port",
    facts: all(unanswered(), (facts) => ({ ...facts, page: { ...facts.page, occupied: false } })),
  },
];

/** A case for each cause, at least. */
export const cases: readonly Case[] = [...ofPlaces, ...ofPlacing, ...ofStarting, ...ofRunning, ...ofPage];
