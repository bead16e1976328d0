import { isDeepStrictEqual } from "node:util";
import { isFields } from "../../../components/release/fields.ts";

/** What the CLI writes for a value that only an update will know: pulumi/pulumi, pkg/resource/stack/deployment.go. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether any text in a tree fits. */
export function someText(value: unknown, fits: (text: string) => boolean): boolean {
  if (typeof value === "string") return fits(value);
  return typeof value === "object" && value !== null && Object.values(value).some((entry) => someText(entry, fits));
}

/** A tree with each of its texts replaced. */
export function mapText(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((entry) => mapText(entry, replace));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapText(entry, replace)]));
}

/** Whether two trees are the same. */
export const isSame = isDeepStrictEqual;
