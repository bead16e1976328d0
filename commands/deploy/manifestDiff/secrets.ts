import { type Fields, isFields } from "../../../components/release/fields.ts";

/** What the CLI writes for a secret: pulumi/pulumi, pkg/engine/events.go. */
export const SECRET = "[secret]";

/** What is written here for a secret that differs from the one before. */
export const CHANGED_SECRET = "[secret, changed]";

/** Whether a text is a secret that Pulumi has masked, or holds one. */
export function isMasked(text: string): boolean {
  return text.includes(SECRET) || text.includes(CHANGED_SECRET);
}

/**
 * Notes which secrets have changed. The CLI masks every text that is a secret now: one that stayed is masked in the former
 * inputs too, and one that was replaced is not.
 */
export function noteChangedSecrets(value: unknown, former: unknown): unknown {
  if (typeof value === "string") {
    return former === undefined || former === value ? value : value.replaceAll(SECRET, () => CHANGED_SECRET);
  }
  if (typeof value !== "object" || value === null) return value;
  const below = entriesOf(former);
  if (Array.isArray(value)) return value.map((entry, index) => noteChangedSecrets(entry, below[index]));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, noteChangedSecrets(entry, below[key])]));
}

/**
 * The texts that stood in the last revision's values where a secret stands now: they are in its objects, and must not be
 * shown either.
 */
export function formerSecrets(values: unknown, former: unknown): string[] {
  if (typeof values === "string") {
    if (!isMasked(values)) return [];
    return textsOf(former).filter((text) => text !== "" && text !== values);
  }
  if (typeof values !== "object" || values === null) return [];
  const below = entriesOf(former);
  return Object.entries(values).flatMap(([key, value]) => formerSecrets(value, below[key]));
}

/** A whole map may have become secret. */
function textsOf(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsOf);
  return value === undefined || value === null ? [] : [String(value)];
}

/**
 * Values with the secrets that stayed as the deployed revision knows them, so that what the chart makes of them compares
 * as equal. Whoever shows the result masks them: see `formerSecrets`.
 */
export function withFormerSecrets(values: unknown, former: unknown): unknown {
  if (typeof values === "string") return values.includes(SECRET) && typeof former === "string" ? former : values;
  if (typeof values !== "object" || values === null) return values;
  const below = entriesOf(former);
  if (Array.isArray(values)) return values.map((entry, index) => withFormerSecrets(entry, below[index]));
  return Object.fromEntries(Object.entries(values).map(([key, entry]) => [key, withFormerSecrets(entry, below[key])]));
}

/** A map by its keys, a list by its places. */
function entriesOf(value: unknown): Fields {
  return isFields(value) || Array.isArray(value) ? (value as Fields) : {};
}
