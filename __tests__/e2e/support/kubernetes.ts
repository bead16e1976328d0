/** What the suites read of a container's specification. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly valueFrom?: { readonly secretKeyRef?: KeyReference } }[];
  readonly envFrom?: readonly { readonly secretRef?: { readonly name: string } }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
}

interface KeyReference {
  readonly name: string;
  readonly key: string;
}

/** What the suites read of a pod's specification. */
export interface PodSpec {
  readonly containers: readonly ContainerSpec[];
  readonly initContainers?: readonly ContainerSpec[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly automountServiceAccountToken?: boolean;
}

/** A pod, as it runs or as a chart's hook has it. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

/** How a container fared. */
export interface ContainerStatus {
  readonly name: string;
  readonly restartCount: number;
  readonly state?: { readonly running?: unknown };
}

/** All containers of a pod, those of its start first. */
export function containersOf({ initContainers = [], containers }: PodSpec): readonly ContainerSpec[] {
  return [...initContainers, ...containers];
}
