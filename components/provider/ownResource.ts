/** A resource of the program's own. */
export type OwnResource = "BuildGeneration" | "ClusterIdentity" | "NodeImage" | "PublishedImage";

/**
 * The type by which the engine knows a resource of the program's own. The package is that of Pulumi's dynamic providers,
 * whose place `components/provider` takes: what stacks have in their states stays what it is.
 */
export function ownResource(name: OwnResource): string {
  return `pulumi-nodejs:dynamic/todo-stack:${name}`;
}
