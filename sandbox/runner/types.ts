import type { ClusterApi } from "../../components/cluster/api.ts";

/** The tools and places that a run of the program without the Pulumi CLI needs. */
export interface RunnerOptions {
  /** The stack's configuration file. */
  readonly stackFile: string;
  /** The name of the stack, `local` by default. */
  readonly stack?: string;
  /** The kubeconfig that holds the stack's context. */
  readonly kubeconfig: string;
  /** A Docker client that can build. */
  readonly docker: string;
  /** The Helm 3 binary. */
  readonly helm: string;
  readonly kubectl: string;
  /** Takes one line of progress. */
  readonly log: (line: string) => void;
  /** Takes what the program says of itself; default: the terminal. */
  readonly said?: (message: string) => void;
}

/** What a run did, or would do. */
export interface RunnerResult {
  readonly outputs: Record<string, unknown>;
  readonly changed: boolean;
  /** One line a change, for people. */
  readonly summary: string;
  /** What becomes of the program's Kubernetes resources. */
  readonly steps: readonly ResourceStep[];
}

/** A resource's fields, as JSON. */
export type ResourceFields = Readonly<Record<string, unknown>>;

/** What an update does to one resource, as Pulumi calls it. */
export interface ResourceStep {
  /** `kubernetes:core/v1:Secret` */
  readonly type: string;
  /** Its inputs so far; absent where it is made. */
  readonly before: ResourceFields | undefined;
  /** Its inputs from then on; absent where it is removed. */
  readonly after: ResourceFields | undefined;
  /** Which of its fields differ, where the values themselves cannot be seen. */
  readonly changed: readonly string[];
}

/** What a resource's program-side constructor asks for, as Pulumi's mocks hand it over. */
export interface ResourceRequest {
  readonly type: string;
  readonly name: string;
  readonly inputs: ResourceInputs;
}

/** The inputs of one resource. */
// biome-ignore lint/suspicious/noExplicitAny: Pulumi's own interface for mocks hands the inputs over untyped.
export type ResourceInputs = Record<string, any>;

/** What a resource is now, and what would change it. */
export interface Plan {
  readonly id: string;
  /** The resource's outputs as far as they are known without a change. */
  readonly state: ResourceInputs;
  /** What makes the resource as it should be; absent where it is. */
  readonly change?: {
    /** For people: `backend image todo-backend:1.0.0-abc: build`. */
    readonly summary: string;
    /** Acts, and gives back the outputs. */
    readonly apply: () => Promise<ResourceInputs>;
    /** The Kubernetes object before and after, where the resource is one. */
    readonly step?: Pick<ResourceStep, "before" | "after">;
  };
  /** Takes the resource away again. */
  readonly remove?: () => Promise<void>;
}

/** Plans resources of one type. */
export type Handler = (request: ResourceRequest, machine: Machine) => Promise<Plan>;

/** What handlers act on. */
export interface Machine extends RunnerOptions {
  /** The context of the program's one Kubernetes provider, known once the provider was made. */
  context: string;
  /** The API server of that context, for what is only asked. */
  readonly api: Promise<ClusterApi>;
  /** Tells the context, and so connects to its API server. */
  readonly connect: (context: string) => void;
  /** The images that the engine has, name and tag to ID. */
  readonly images: () => Promise<ReadonlyMap<string, string>>;
  readonly project: string;
  readonly stack: string;
}
