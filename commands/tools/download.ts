import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { codeOf, UserError } from "../support/errors.ts";

/** How long a server may take to answer, in milliseconds; a firewall that drops packets must not hold a run up. */
export const ANSWER_TIMEOUT_MS = 5000;

/** How long a download may stand still, in milliseconds. */
const STALL_TIMEOUT_MS = 30_000;

/** The server cannot be reached, or broke off each time: another way may be taken. */
export class UnreachableError extends UserError {}

/** The server answers, and what it has is wrong: no other way is taken. */
export class RefusedDownloadError extends UserError {}

/**
 * Downloads a file and verifies it against a published file of sha256 sums. A broken connection is tried three times.
 *
 * @param target - The path that is written; the caller removes it when this throws.
 * @throws UnreachableError, RefusedDownloadError
 */
export async function downloadVerified(
  from: { readonly url: string; readonly checksumUrl: string },
  target: string,
  io: { readonly fetch: typeof fetch; readonly log: (line: string) => void },
): Promise<void> {
  const sums = await (await request(from.checksumUrl, io.fetch)).response.text();
  const expected = findChecksum(sums, from.url);
  const actual = await withRetries(from.url, io, () => downloadOnce(from.url, target, io));
  if (actual === expected) return;
  throw new RefusedDownloadError(
    `The checksum of ${from.url} is wrong:\n  expected ${expected}\n  received ${actual}\nThe file was thrown away.`,
    "Run it again; if it stays wrong, something between here and the vendor changes files: do not use them.",
  );
}

/** The sum of a file in a list of `<sha256>  <name>` lines, or the one sum that stands there alone. */
export function findChecksum(sums: string, url: string): string {
  const name = url.split("/").at(-1) ?? url;
  const rows = sums
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+\*?/));
  const row =
    rows.find((columns) => columns[1]?.split("/").at(-1) === name) ?? (rows.length === 1 ? rows[0] : undefined);
  const sum = row?.[0]?.toLowerCase() ?? "";
  if (/^[0-9a-f]{64}$/.test(sum) && (row?.[1] === undefined || row[1].endsWith(name))) return sum;
  throw new RefusedDownloadError(`The published checksums name no sha256 of ${name}; the file was not downloaded.`);
}

async function downloadOnce(
  url: string,
  target: string,
  io: { readonly fetch: typeof fetch; readonly log: (line: string) => void },
): Promise<string> {
  const { response, abort } = await request(url, io.fetch);
  const total = Number(response.headers.get("content-length") ?? 0);
  const hash = createHash("sha256");
  let received = 0;
  let shown = 0;
  let stalled = setTimeout(abort, STALL_TIMEOUT_MS);
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      clearTimeout(stalled);
      stalled = setTimeout(abort, STALL_TIMEOUT_MS);
      hash.update(chunk);
      received += chunk.length;
      if (total > 0 && Math.floor((received / total) * 10) > shown) {
        shown = Math.floor((received / total) * 10);
        io.log(`${shown * 10} % of ${(total / 1e6).toFixed(0)} MB`);
      }
      done(null, chunk);
    },
  });
  try {
    if (response.body === null) throw new Error("the answer has no body");
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(target));
  } finally {
    clearTimeout(stalled);
  }
  return hash.digest("hex");
}

async function withRetries<T>(
  url: string,
  io: { readonly log: (line: string) => void },
  attempt: () => Promise<T>,
): Promise<T> {
  for (let left = 2; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof UserError || isLocal(error)) throw error;
      if (left === 0) throw new UnreachableError(`The download of ${url} broke off three times: ${reasonOf(error)}`);
      io.log(`the connection broke (${reasonOf(error)}); once more`);
    }
  }
}

/** The disk's faults are not the network's. */
function isLocal(error: unknown): boolean {
  return ["ENOSPC", "EACCES", "EROFS", "EDQUOT"].includes(codeOf(error) ?? "");
}

async function request(url: string, get: typeof fetch): Promise<{ response: Response; abort: () => void }> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ANSWER_TIMEOUT_MS);
  try {
    const response = await get(url, { signal: controller.signal });
    if (response.ok) return { response, abort: () => controller.abort() };
    await response.body?.cancel();
    if (response.status >= 500) throw new UnreachableError(`${url} answers ${response.status}.`);
    throw new RefusedDownloadError(
      `${url} answers ${response.status}.`,
      "Where TODO_STACK_DOWNLOADS names a mirror: does it hold this file? Else see: npm run doctor",
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UnreachableError(`${url} cannot be reached: ${reasonOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** fetch hides the reason in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (["AbortError", "TimeoutError"].includes(error.name)) return `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`;
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = codeOf(cause) ?? "";
  return cause.message.includes(code) && cause.message !== "" ? cause.message : `${code} ${cause.message}`.trim();
}
