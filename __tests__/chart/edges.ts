import type { Metadata } from "./manifest.ts";
import type { Rendered } from "./render.ts";

/** `frontend -> backend:8000/TCP`; `world` is everybody who is not a pod of the release. */
export type Edge = string;

type Labels = Readonly<Record<string, string>>;
type Direction = "Ingress" | "Egress";

interface Peer {
  readonly podSelector?: { readonly matchLabels?: Labels };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
}

interface Policy {
  readonly podSelector: { readonly matchLabels?: Labels };
  readonly policyTypes: readonly Direction[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** One end of a connection; only pods have labels. */
interface Party {
  readonly name: string;
  readonly labels?: Labels;
}

/** A port that no policy names: who may reach it may reach every port. */
const otherPort = "1/TCP";

/**
 * Every connection that the rendered policies allow, by the rules of
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/: both ends must allow it, and an end that no
 * policy selects for that direction allows everything.
 *
 * @throws Error for a peer that is not told by labels of pods, which this does not understand.
 */
export function allowedEdges(chart: Rendered): Edge[] {
  const policies = chart.all("NetworkPolicy").map(({ spec }) => spec as unknown as Policy);
  const rules = policies.flatMap(({ ingress = [], egress = [] }) => [...ingress, ...egress]);
  const ports = new Set([otherPort, ...rules.flatMap(portsOf)]);
  const parties = partiesOf(chart);
  const allows = (direction: Direction, own: Party, other: Party, port: string): boolean => {
    const selecting = policies.filter(
      (policy) => policy.policyTypes.includes(direction) && selects(policy.podSelector, own),
    );
    const rulesOf = (policy: Policy) => (direction === "Ingress" ? policy.ingress : policy.egress) ?? [];
    return selecting.length === 0 || selecting.flatMap(rulesOf).some((rule) => permits(rule, other, port));
  };
  return parties.flatMap((from) =>
    parties
      .filter((to) => from.labels !== undefined || to.labels !== undefined)
      .flatMap((to) =>
        [...ports]
          .filter((port) => allows("Egress", from, to, port) && allows("Ingress", to, from, port))
          .map((port) => `${from.name} -> ${to.name}:${port}`),
      ),
  );
}

/** The pods, by their component, and the world. */
function partiesOf(chart: Rendered): Party[] {
  const named = chart.pods().map(({ metadata }) => [componentOf(metadata), metadata.labels ?? {}] as const);
  return [...[...new Map(named)].map(([name, labels]) => ({ name, labels })), { name: "world" }];
}

function componentOf({ name, labels }: Metadata): string {
  return labels?.["app.kubernetes.io/component"] ?? name;
}

function permits(rule: Rule, other: Party, port: string): boolean {
  const peers = rule.from ?? rule.to ?? [];
  const ports = portsOf(rule);
  return (
    (peers.length === 0 || peers.some((peer) => isPeer(peer, other))) && (ports.length === 0 || ports.includes(port))
  );
}

function isPeer({ podSelector, ...rest }: Peer, other: Party): boolean {
  if (podSelector === undefined || Object.keys(rest).length > 0)
    throw new Error(`a peer that is no pod of the namespace: ${JSON.stringify({ podSelector, ...rest })}`);
  return selects(podSelector, other);
}

function selects({ matchLabels = {} }: { readonly matchLabels?: Labels }, { labels }: Party): boolean {
  return labels !== undefined && Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}

function portsOf({ ports = [] }: Rule): string[] {
  return ports.map(({ port, protocol }) => `${port}/${protocol}`);
}
