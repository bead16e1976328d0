import { ApiError, type ClusterApi } from "../../components/cluster/api.ts";
import { MASKED } from "../deploy/manifestDiff/masking.ts";
import { type Mask, type Masks, masksOf, type SecretObject } from "../diagnose/mask.ts";

/** Names that a value is secret by; as far as they stand before `=` or `:`. */
const secretNames = "[\\w.-]*(?:passw(?:or)?d|secret|token|api[-_]?key|credential|private[-_]?key)[\\w.-]*";

/** A quote, also one inside of a text that is quoted itself. */
const quote = `\\\\?["']`;

/** A value in quotes of either kind, or without any. */
const values = [`\\\\"(?:(?!\\\\")[^\\n])+\\\\"`, `"(?:[^"\\\\\\n]|\\\\.)+"`, `'[^'\\n]+'`, `[^\\s"'\\\\{}\\[\\],]+`];

/**
 * What is secret by its form, in the order in which it is taken out; the first group stays. Passwords in addresses are gone by
 * then: `masksOf` has taken them.
 */
const forms: readonly RegExp[] = [
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(\b(?:Bearer|Basic)\s+)[\w.~+/=-]{8,}/gi,
  // A JSON Web Token: https://datatracker.ietf.org/doc/html/rfc7519
  /()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  new RegExp(`(${secretNames}${quote}?[ \\t]*[=:][ \\t]*)(?:${values.join("|")})`, "gi"),
];

/** Fields of Kubernetes' objects that end like a secret's name and hold another object's name or a yes or no. */
const harmless =
  /^["']?(?:secretName|secretRef|secretKeyRef|imagePullSecrets|existingSecret|adminSecret|databaseSecret|automountServiceAccountToken|serviceAccountToken|tokenExpirationSeconds)["']?\s*[=:]/i;

/**
 * Makes masks of what is secret by its form - addresses with a password, bearer tokens, private keys, values under a name such as
 * `*_PASSWORD` - and of all that stands in these Secrets.
 */
export function makeMasks(secrets: readonly SecretObject[]): Masks {
  const known = masksOf(secrets);
  const also =
    (mask: Mask): Mask =>
    (text) =>
      forms.reduce((rest, form) => rest.replace(form, masked), mask(text));
  return { everywhere: also(known.everywhere), inText: also(known.inText) };
}

/** Quotes stay, so that JSON stays JSON. */
function masked(found: string, kept: string): string {
  if (harmless.test(found)) return found;
  const mark = /^\\?["']/.exec(found.slice(kept.length))?.[0] ?? "";
  return kept + mark + MASKED + mark;
}

/**
 * All Secrets of a namespace. Their values stay in this process and serve to find them in what goes out.
 *
 * @returns `undefined` for a person who may not read them: then the masks go by their form alone.
 */
export async function readSecrets(api: ClusterApi, namespace: string): Promise<readonly SecretObject[] | undefined> {
  try {
    return (await api.get<{ items: SecretObject[] }>(`/api/v1/namespaces/${namespace}/secrets`))?.items ?? [];
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  }
}
