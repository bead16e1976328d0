import { type Fields, isFields } from "../../../components/release/fields.ts";
import { SECRET } from "./secrets.ts";
import { isSame, someText } from "./values.ts";

/** What stands for a value that nobody may read. */
export const MASKED = "(masked)";

/** The same, where it differs from the one before. */
export const MASKED_CHANGED = "(masked, changed)";

/** One object before and after; either may be absent. */
export type Pair = readonly [before: Fields | undefined, after: Fields | undefined];

/**
 * Masks what nobody may read in an object's two states, so that a change is seen and neither a value nor its length nor its
 * hash: the entries of a Secret, hashes of contents, and the copy of an object that `kubectl apply` leaves on it.
 */
export function maskPair([before, after]: Pair): Pair {
  const secret = (before ?? after)?.kind === "Secret";
  const [masked, maskedAfter] = maskAt([], before, after, (path) => isHash(path) || (secret && isEntry(path)));
  return [masked as Fields | undefined, maskedAfter as Fields | undefined];
}

/** `data.PASSWORD`, or `data` where the whole map is secret. */
function isEntry([field, ...keys]: readonly string[]): boolean {
  return (field === "data" || field === "stringData") && keys.length > 0;
}

/** A hash tells whoever guesses a value whether the guess is right. */
function isHash(path: readonly string[]): boolean {
  const [parent, key = ""] = path.slice(-2);
  return parent === "annotations" && /^checksum\/|^kubectl\.kubernetes\.io\/last-applied-configuration$/.test(key);
}

function maskAt(
  path: readonly string[],
  before: unknown,
  after: unknown,
  hides: (path: readonly string[]) => boolean,
): [unknown, unknown] {
  const whole = [before, after].some((value) => value !== undefined && !isFields(value));
  if (hides(path) || (whole && hides([...path, ""]))) return maskValue(before, after);
  if (whole) return [before, after];
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const [old, next]: [[string, unknown][], [string, unknown][]] = [[], []];
  for (const key of keys) {
    const [from, to] = [field(before, key), field(after, key)];
    const [masked, maskedAfter] = maskAt([...path, key], from, to, hides);
    if (from !== undefined) old.push([key, masked]);
    if (to !== undefined) next.push([key, maskedAfter]);
  }
  return [before && Object.fromEntries(old), after && Object.fromEntries(next)];
}

function maskValue(before: unknown, after: unknown): [unknown, unknown] {
  const changed = before !== undefined && !isUntold(after) && !isSame(before, after);
  return [before === undefined ? before : MASKED, after === undefined ? after : changed ? MASKED_CHANGED : MASKED];
}

/** Pulumi has masked it before, also inside of what the chart has made of it. */
function isUntold(value: unknown): boolean {
  return someText(value, (text) => text.includes(SECRET) || decoded(text).includes(SECRET));
}

const decoded = (text: string): string => Buffer.from(text, "base64").toString("utf8");

function field(value: unknown, key: string): unknown {
  return isFields(value) ? value[key] : undefined;
}
