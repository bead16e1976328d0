import { runtime } from "@pulumi/pulumi";

/** What the SDK tells the engine of a resource and does not tell its mocks. */
export interface Registration {
  /** The name that the engine gives it: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
  readonly urn: string;
  /** The version of the SDK that asks, which is its provider's; empty where it has none. */
  readonly version: string;
}

/** The part of the SDK's mock monitor that is followed. */
interface Monitor {
  registerResource: (request: Request, callback: (error: unknown, response?: Response) => void) => unknown;
}

/** pulumi/pulumi, proto/pulumi/resource.proto: RegisterResourceRequest and RegisterResourceResponse. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getVersion(): string;
}

interface Response {
  getUrn(): string;
}

/**
 * Follows the registrations on the mocks that were just set.
 *
 * @param take - Takes each registration, just before the mock of the same resource is called.
 */
export function followRegistrations(
  { project, stack }: { readonly project: string; readonly stack: string },
  take: (registration: Registration) => void,
): void {
  const monitor = runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  // The mock monitor's own names leave out the ancestors above a parent.
  const types = new Map<string, string>();
  monitor.registerResource = (request, callback) => {
    const type = qualifiedType(types.get(request.getParent()), request.getType());
    take({ urn: `urn:pulumi:${stack}::${project}::${type}::${request.getName()}`, version: request.getVersion() });
    return register(request, (error, response) => {
      if (response !== undefined) types.set(response.getUrn(), type);
      callback(error, response);
    });
  };
}

/** The types of a resource's parents precede its own, but for the stack's. */
function qualifiedType(parent: string | undefined, type: string): string {
  return parent === undefined || parent === "pulumi:pulumi:Stack" ? type : `${parent}$${type}`;
}
