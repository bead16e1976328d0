import type { ClusterApi } from "../../components/cluster/api.ts";

/** Takes secrets out of a text. */
export type Mask = (text: string) => string;

/** What stands where a secret was. */
export const MASKED = "(masked)";

/** Shorter values occur by chance, and would take half of a text with them. */
const shortestSecret = 6;

/** Names that a value is secret by; as far as they stand before `=` or `:`. */
const secretNames = "[\\w.-]*(?:passw(?:or)?d|secret|token|api[-_]?key|credential|private[-_]?key)[\\w.-]*";

/** A quote, also one inside of a text that is quoted itself. */
const quote = `\\\\?["']`;

/** A value in quotes of either kind, or without any. */
const values = [`\\\\"(?:(?!\\\\")[^\\n])+\\\\"`, `"(?:[^"\\\\\\n]|\\\\.)+"`, `'[^'\\n]+'`, `[^\\s"'\\\\{}\\[\\],]+`];

/** What is secret by its form, in the order in which it is taken out; the first group stays. */
const forms: readonly RegExp[] = [
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // A password in an address: postgresql://user:password@host
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*:)[^\s/@"']+(?=@)/gi,
  /(\b(?:Bearer|Basic)\s+)[\w.~+/=-]{8,}/gi,
  // A JSON Web Token: https://datatracker.ietf.org/doc/html/rfc7519
  /()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  new RegExp(`(${secretNames}${quote}?[ \\t]*[=:][ \\t]*)(?:${values.join("|")})`, "gi"),
];

/** Fields of Kubernetes' objects that end like a secret's name and hold another object's name or a yes or no. */
const harmless =
  /^["']?(?:secretName|secretRef|secretKeyRef|imagePullSecrets|existingSecret|adminSecret|databaseSecret|automountServiceAccountToken|serviceAccountToken|tokenExpirationSeconds)["']?\s*[=:]/i;

/**
 * Makes a mask of what is secret by its form - addresses with a password, bearer tokens, private keys, values under a name such as
 * `*_PASSWORD` - and of values that are known to be secret, wherever they stand, also in base64.
 */
export function makeMask(known: readonly string[] = []): Mask {
  const secrets = known.filter((value) => value.trim().length >= shortestSecret);
  const spellings = secrets.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
  const encoded = secrets.map((value) => Buffer.from(value).toString("base64"));
  // The longest first: one secret may be part of another, as a password is of a URL.
  const all = [...new Set([...spellings, ...encoded])].sort((one, other) => other.length - one.length);
  return (text) => {
    const plain = all.reduce((rest, value) => rest.replaceAll(value, MASKED), text);
    return forms.reduce((rest, form) => rest.replace(form, masked), plain);
  };
}

/** Quotes stay, so that JSON stays JSON. */
function masked(found: string, kept: string): string {
  if (harmless.test(found)) return found;
  const mark = /^\\?["']/.exec(found.slice(kept.length))?.[0] ?? "";
  return kept + mark + MASKED + mark;
}

/**
 * The values of all Secrets of a namespace. They stay in this process and serve to find them in what goes out. Whoever may not
 * read Secrets has none: then the mask goes by their form alone.
 */
export async function readSecretValues(api: ClusterApi, namespace: string): Promise<string[]> {
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  const found = await api
    .get<{ items: readonly { data?: Readonly<Record<string, string>> }[] }>(path)
    .catch(() => undefined);
  const values = (found?.items ?? []).flatMap(({ data }) => Object.values(data ?? {}));
  return values.map((value) => Buffer.from(value, "base64").toString("utf8"));
}
