import type { OwnResource } from "./ownResource.ts";

/** What the engine asks of one kind of the program's own resources. What such a resource keeps are its inputs. */
export interface ResourceHandler<Inputs extends object = object> {
  /** Completes the inputs or finds fault with them; it alone is handed those of the last update, none of which need be there. */
  check?(olds: Partial<Inputs>, news: Inputs): Promise<Checked<Inputs>>;
  /** Whether an update has something to do; it looks at what is there, and a preview shows what it finds. */
  diff(olds: Inputs, news: Inputs): Promise<Difference>;
  /** Makes it, and gives back its ID; makes nothing where there is nothing but inputs to be kept. */
  create(inputs: Inputs): Promise<string>;
  update?(inputs: Inputs): Promise<void>;
  /** Looks at it before an operation. */
  read?(inputs: Inputs): Promise<void>;
  delete?(inputs: Inputs): Promise<void>;
}

/** The inputs as they will be kept, and what is wrong with them. */
export interface Checked<Inputs> {
  readonly inputs: Inputs;
  readonly failures?: readonly { readonly property: string; readonly reason: string }[];
}

/** What an update would do. */
export interface Difference {
  readonly changes: boolean;
  /** The inputs that can only change with the whole resource. */
  readonly replaces?: readonly string[];
}

/** Each is loaded when it is asked for: a start pays for what it uses. */
const loaders: Readonly<Record<OwnResource, () => Promise<ResourceHandler>>> = {
  BuildGeneration: async () => (await import("../image/buildGenerationHandler.ts")).buildGenerationHandler,
  ClusterIdentity: async () => (await import("../cluster/identityHandler.ts")).identityHandler,
  NodeImage: async () => (await import("../node/nodeImageHandler.ts")).nodeImageHandler,
  PublishedImage: async () => (await import("../image/publishedImageHandler.ts")).publishedImageHandler,
};

/**
 * The handler of a resource.
 *
 * @param urn - `urn:pulumi:local::todo-stack::parent$pulumi-nodejs:dynamic/todo-stack:NodeImage::backend-on-node`
 * @throws Error for a resource that is none of the program's own.
 */
export async function handlerOf(urn: string): Promise<ResourceHandler> {
  const type = urn.split("::")[2]?.split(":").at(-1) ?? "";
  if (!isOwn(type)) throw new Error(`${urn} is no resource of this program's own: ${Object.keys(loaders).join(", ")}`);
  return loaders[type]();
}

function isOwn(type: string): type is OwnResource {
  return Object.hasOwn(loaders, type);
}
