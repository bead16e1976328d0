/** Values for the chart, as a person writes them. */
export interface Values {
  readonly [key: string]: Value;
}
type Value = string | number | boolean | null | readonly Value[] | Values;

/** Any object of Kubernetes, as far as the tests look into it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Spec;
  readonly automountServiceAccountToken?: boolean;
}

/** Name, labels and annotations. */
export interface Metadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The union of the specifications that the chart renders. */
export interface Spec extends PodSpec {
  readonly replicas?: number;
  readonly strategy?: unknown;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;
  readonly template?: Manifest;
  readonly schedule?: string;
  readonly jobTemplate?: Manifest;
  readonly type?: string;
  readonly ports?: readonly ServicePort[];
  readonly podManagementPolicy?: string;
  readonly persistentVolumeClaimRetentionPolicy?: unknown;
  readonly volumeClaimTemplates?: readonly Manifest[];
  readonly storageClassName?: string;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly scaleTargetRef?: { readonly name: string };
  readonly metrics?: unknown;
  readonly behavior?: unknown;
  readonly minAvailable?: number | string;
  readonly tls?: unknown;
  readonly rules?: readonly unknown[];
  readonly ingressClassName?: string;
  readonly podSelector?: unknown;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly unknown[];
  readonly egress?: readonly unknown[];
}

/** A port of a Service. */
export interface ServicePort {
  readonly port: number;
  readonly targetPort: string;
  readonly nodePort?: number;
}

/** The specification of a pod. */
export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly serviceAccountName?: string;
  readonly imagePullSecrets?: unknown;
  readonly topologySpreadConstraints?: readonly Readonly<Record<string, unknown>>[];
  readonly nodeSelector?: unknown;
  readonly tolerations?: unknown;
  readonly affinity?: unknown;
  readonly priorityClassName?: string;
}

/** A container. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly envFrom?: unknown;
  readonly resources?: unknown;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly lifecycle?: unknown;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** A probe. */
export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
  readonly exec?: unknown;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
  readonly terminationGracePeriodSeconds?: number;
}

/** All containers of a pod, init containers first. */
export function containersOf(pod: Manifest): readonly Container[] {
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
}

/**
 * A container of a workload by its name.
 *
 * @throws when the workload has none of that name
 */
export function containerOf({ metadata, spec }: Manifest, name: string): Container {
  const template = spec?.template ?? spec?.jobTemplate?.spec?.template;
  const found = template ? containersOf(template).find((one) => one.name === name) : undefined;
  if (!found) throw new Error(`${metadata.name} has no container "${name}"`);
  return found;
}
