import type { KubernetesObject } from "../../components/cluster/api.ts";

/**
 * Everything that `diagnose` knows of a deployment: what was asked of the machine, the engine and the cluster, and nothing
 * that was concluded from it. The values of the namespace's Secrets are masked wherever they stood. Objects of the cluster
 * have Kubernetes' own shape, cut down to the fields that are named here.
 */
export interface Facts {
  /** When they were collected, by this machine's clock, in ISO 8601. */
  readonly collectedAt: string;
  readonly stack: StackFacts;
  /** The Docker engine of this machine; absent where the stack has no use for one (production). */
  readonly engine?: { readonly problem?: string };
  readonly cluster: ClusterFacts;
  readonly page: PageFacts;
  /** What could not be read, and why: for whoever lacks the rights. */
  readonly unread: readonly string[];
  /** What the cluster holds; absent where it does not answer. */
  readonly objects?: ObjectFacts;
}

/** What the stack's file and the last `up` say. */
export interface StackFacts {
  readonly name: string;
  readonly production: boolean;
  readonly context: string;
  readonly namespace: string;
  readonly releaseName: string;
  /** The page's port on 127.0.0.1, of a local stack. */
  readonly nodePort: number;
  /** How the last `up` of this checkout deployed; absent where there was none. */
  readonly deployedBy?: "pulumi" | "runner";
  /** How kubectl is called for this namespace, as a shell takes it. */
  readonly kubectl: string;
}

/** Whether the cluster is there, and answers. */
export interface ClusterFacts {
  readonly kind: "minikube" | "kind" | "k3d" | "docker-desktop" | "sandbox" | "other";
  /** The node containers of a local cluster: `running`, `exited`, `paused`, ... */
  readonly containers: readonly { readonly name: string; readonly state: string }[];
  /** The API server's address; absent where no kubeconfig names the context. */
  readonly server?: string;
  /** Why the API server did not answer, or refused; absent where it answered. */
  readonly problem?: string;
  /** HTTP's status of a refusal, such as 401. */
  readonly status?: number;
}

/** What the page's address answers to this machine. */
export interface PageFacts {
  /** Empty where it is not known: the host of a production stack that is not set. */
  readonly url: string;
  /** What does not answer as it should, in words; absent where the page and the API behind it do. */
  readonly missing?: string;
  /** Who listens on the port of a local stack, where that is neither the cluster nor our own port-forward. */
  readonly otherListener?: string;
  /** Whether anything listens there. */
  readonly occupied: boolean;
}

/** What the cluster holds of the deployment. */
export interface ObjectFacts {
  readonly namespace?: NamespaceFacts;
  readonly nodes: readonly NodeFacts[];
  /** When each kubelet last reported, by its node's clock: node to time in ISO 8601. */
  readonly heartbeats: Readonly<Record<string, string>>;
  /** The cluster's DNS: how many of its pods are ready. Absent where it could not be seen. */
  readonly dns?: { readonly ready: number; readonly deployment: string };
  /** What is not as the release made it: `Deployment todo-backend was changed by hand`, `Service todo-backend is missing`. */
  readonly drift: readonly string[];
  /** Helm's revisions, the oldest first. */
  readonly revisions: readonly RevisionFacts[];
  readonly pods: readonly PodFacts[];
  readonly workloads: readonly WorkloadFacts[];
  readonly services: readonly ServiceFacts[];
  readonly endpoints: readonly EndpointFacts[];
  readonly claims: readonly ClaimFacts[];
  readonly storageClasses: readonly KubernetesObject[];
  readonly quotas: readonly QuotaFacts[];
  readonly autoscalers: readonly AutoscalerFacts[];
  readonly policies: readonly PolicyFacts[];
  /** Warnings, and ends of containers by the kubelet; the newest last. */
  readonly events: readonly EventFacts[];
  /** The last lines of each container that does not serve: `pod/container` to its run now and the one before. */
  readonly logs: Readonly<Record<string, LogFacts>>;
  /** What each running backend says of itself and of its database: pod to the answer of `/ready`. */
  readonly readiness: Readonly<Record<string, ReadinessFacts>>;
  /** Images that pods may not pull, with the nodes that lack them. */
  readonly lackingImages: readonly { readonly image: string; readonly nodes: readonly string[] }[];
  /** Secrets, ConfigMaps and their keys that pods name and that are not there: `Secret database-1a2b3c4d`. */
  readonly missingReferences: readonly string[];
}

export interface NamespaceFacts extends KubernetesObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/ */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface NodeFacts extends KubernetesObject {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly allocatable?: Readonly<Record<string, string>>;
  };
}

/** One of Helm's revisions; see `components/release/history.ts`. */
export interface RevisionFacts {
  readonly revision: number;
  readonly status: string;
  /** When it took that status, in ISO 8601. */
  readonly since: string;
}

export interface ProbeFacts {
  readonly httpGet?: { readonly path?: string; readonly port: number | string };
}

export interface ContainerFacts {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly startupProbe?: ProbeFacts;
  readonly readinessProbe?: ProbeFacts;
  readonly livenessProbe?: ProbeFacts;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

interface StateFacts {
  readonly running?: { readonly startedAt?: string };
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: {
    readonly reason?: string;
    readonly exitCode?: number;
    readonly finishedAt?: string;
    readonly message?: string;
  };
}

export interface ContainerStatusFacts {
  readonly name: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: StateFacts;
  readonly lastState?: StateFacts;
}

export interface PodFacts extends KubernetesObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly ContainerFacts[];
    readonly initContainers?: readonly ContainerFacts[];
    /** The claims that its volumes name. */
    readonly claims: readonly string[];
  };
  readonly status: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatusFacts[];
    readonly containerStatuses?: readonly ContainerStatusFacts[];
  };
}

/** What makes pods: a Deployment, ReplicaSet, StatefulSet or Job. */
export interface WorkloadFacts extends KubernetesObject {
  /** The kind and the name of what made it. */
  readonly owner?: string;
  /** How many pods it shall have. */
  readonly wanted: number;
  /** How many it has, and how many of them are ready; of a Job, how many ended well. */
  readonly present: number;
  readonly ready: number;
  readonly conditions: readonly Condition[];
}

export interface ServiceFacts extends KubernetesObject {
  readonly spec: {
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports: readonly {
      readonly port: number;
      readonly targetPort?: number | string;
      readonly nodePort?: number;
    }[];
  };
}

/** The addresses behind a Service, counted over its EndpointSlices. */
export interface EndpointFacts {
  readonly service: string;
  readonly ready: number;
  readonly unready: number;
}

export interface ClaimFacts extends KubernetesObject {
  readonly spec: { readonly storageClassName?: string; readonly volumeName?: string };
  readonly status?: { readonly phase?: string };
}

export interface QuotaFacts extends KubernetesObject {
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

export interface AutoscalerFacts extends KubernetesObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly maxReplicas: number;
  };
  readonly status?: { readonly currentReplicas?: number; readonly conditions?: readonly Condition[] };
}

export interface PolicyFacts extends KubernetesObject {
  readonly spec: {
    readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly policyTypes?: readonly string[];
  };
}

export interface EventFacts {
  /** `Pod/todo-backend-1a2b3c-4d5e6`. */
  readonly object: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** When it was last seen, in ISO 8601. */
  readonly last: string;
}

export interface LogFacts {
  readonly now: string;
  readonly before: string;
}

export interface ReadinessFacts {
  /** HTTP's status; 0 where there was no answer. */
  readonly status: number;
  /** What it said where it was not 200. */
  readonly detail: string;
}
