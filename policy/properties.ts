import { Secret } from "@pulumi/policy";
import { UNKNOWN } from "./manifest.ts";

/** A resource's inputs as the engine knows them. */
export interface Properties {
  /** In plain; what is not known yet is `UNKNOWN`. */
  readonly plain: unknown;
  /** The paths of what Pulumi holds encrypted, such as `stringData.PASSWORD`. Only a remediation is told of them. */
  readonly encrypted: readonly string[];
}

/**
 * The SDK hands inputs over inside of proxies, which throw at an unknown value and hide which ones are secret; these are the
 * names by which it looks behind them itself: pulumi/pulumi-policy, sdk/nodejs/policy/proxy.ts.
 */
const isProxy = "__isSpecialProxy";
const proxied = "__getSpecialProxyTarget";

/** A value for each kind that is not known yet; pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go. */
const unknowns = [
  ...["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "3eeb2bf0-c639-47a8-9e75-3b44932eb421", UNKNOWN],
  ...["6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", "030794c1-ac77-496b-92df-f27374a8bd58"],
  ...["e48ece36-62e2-4504-bad9-02848725956a", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
];

/** Looks behind the SDK's proxies. */
export function readProperties(props: unknown): Properties {
  const encrypted: string[] = [];
  return { plain: plainOf(props, [], encrypted), encrypted };
}

function plainOf(given: unknown, path: readonly string[], encrypted: string[]): unknown {
  const value = withoutProxies(given);
  if (value instanceof Secret) {
    encrypted.push(path.join("."));
    return plainOf(value.value, path, encrypted);
  }
  if (typeof value === "string") return unknowns.includes(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map((entry, index) => plainOf(entry, [...path, String(index)], encrypted));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, entry]) => [key, plainOf(entry, [...path, key], encrypted)] as const);
  return Object.fromEntries(fields);
}

function withoutProxies(value: unknown): unknown {
  let inner = value;
  while (inner instanceof Object && (inner as Record<string, unknown>)[isProxy] === true) {
    inner = (inner as Record<string, unknown>)[proxied];
  }
  return inner;
}
