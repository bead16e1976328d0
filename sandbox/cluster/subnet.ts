/** The range from which sandboxes take a /24 each: the upper end of a private range that engines rarely reach. */
const RANGE = "172.31";
const FIRST = 200;
const LAST = 254;

/** A /24 that overlaps with none of the taken networks; undefined when all are taken. */
export function chooseSubnet(taken: readonly string[]): string | undefined {
  const networks = taken.map(parseNetwork).filter((network) => network !== undefined);
  for (let third = FIRST; third <= LAST; third++) {
    const subnet = `${RANGE}.${third}.0/24`;
    const own = parseNetwork(subnet);
    if (own && !networks.some((network) => overlap(network, own))) return subnet;
  }
  return undefined;
}

/** The node's fixed address in a sandbox's subnet. */
export function nodeAddress(subnet: string): string {
  return subnet.replace(/\.0\/24$/, ".10");
}

/** The networks in the answer of `ip -4 route`; the default route is none. */
export function routedNetworks(routes: string): string[] {
  const destinations = routes
    .split("\n")
    .map((line) => /^(?:\w+ )?(\d+(?:\.\d+){3}(?:\/\d+)?)\b/.exec(line.trim())?.[1]);
  return destinations.filter((network) => network !== undefined);
}

interface Network {
  first: number;
  last: number;
}

function parseNetwork(text: string): Network | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text);
  if (!match) return undefined;
  const address = match.slice(1, 5).reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(match[5] ?? 32));
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

function overlap(one: Network, other: Network): boolean {
  return one.first <= other.last && other.first <= one.last;
}
