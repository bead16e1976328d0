import { createHash } from "node:crypto";
import { type ImageAddress, imageAddress, isLoopback } from "./address.ts";
import { type Ask, answerChallenge, parseChallenge } from "./authorization.ts";
import type { Login } from "./login.ts";

/** What a registry says of a tag: the digest under it, that it has none, or why it said neither. */
export type Finding = { readonly digest: string } | { readonly absent: true } | { readonly problem: string };

/** How long one request may take, in milliseconds: a preview waits for it. */
const timeoutMs = 5_000;

/** Whatever an image may be described by: https://github.com/opencontainers/image-spec/blob/main/media-types.md */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const asksInTime: Ask = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });

/**
 * Asks a registry for a tag, and moves no layer. What keeps it from answering is part of the answer: the caller goes on
 * without it.
 *
 * @param reference - `ghcr.io/acme/todo-backend:1.0.0-8fe766394b9d`
 * @param findLogin - Asked only where the registry wants a login.
 */
export async function findImage(
  reference: string,
  findLogin: (address: ImageAddress) => Promise<Login | undefined>,
  ask: Ask = asksInTime,
): Promise<Finding> {
  const address = imageAddress(reference);
  try {
    return await read(await askManifest(address, () => findLogin(address), ask), address.host);
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return { problem: cause?.code === undefined ? message : `${message} (${cause.code})` };
  }
}

async function askManifest(
  address: ImageAddress,
  findLogin: () => Promise<Login | undefined>,
  ask: Ask,
): Promise<Response> {
  const { host, name, tag } = address;
  const url = (scheme: string) => `${scheme}://${host}/v2/${name}/manifests/${tag}`;
  const head = (scheme: string, headers = {}) =>
    ask(url(scheme), { method: "HEAD", headers: { Accept: manifestTypes, ...headers } });
  const get = (scheme: string, headers = {}) => ask(url(scheme), { headers: { Accept: manifestTypes, ...headers } });
  const { scheme, first } = await reach(host, head);
  const challenge = first.status === 401 ? first.headers.get("www-authenticate") : null;
  if (challenge === null) return withDigest(first, () => get(scheme));
  const headers = { Authorization: await answerChallenge(parseChallenge(challenge), await findLogin(), ask) };
  return withDigest(await head(scheme, headers), () => get(scheme, headers));
}

/** As Docker does: TLS, and only with what is on this machine plain HTTP where TLS is not spoken. */
async function reach(
  host: string,
  head: (scheme: string) => Promise<Response>,
): Promise<{ scheme: string; first: Response }> {
  try {
    return { scheme: "https", first: await head("https") };
  } catch (error) {
    if (!isLoopback(host)) throw error;
    return { scheme: "http", first: await head("http") };
  }
}

/** The header is optional: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
async function withDigest(found: Response, get: () => Promise<Response>): Promise<Response> {
  return found.ok && found.headers.get("docker-content-digest") === null ? get() : found;
}

async function read(response: Response, host: string): Promise<Finding> {
  if (response.status === 404) return { absent: true };
  if (!response.ok) return { problem: `${host} answers ${response.status}` };
  const given = response.headers.get("docker-content-digest");
  const digest =
    given ??
    `sha256:${createHash("sha256")
      .update(Buffer.from(await response.arrayBuffer()))
      .digest("hex")}`;
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? { digest } : { problem: `${host} answers with no digest` };
}
