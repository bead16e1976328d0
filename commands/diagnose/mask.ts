import { MASKED } from "../deploy/manifestDiff/masking.ts";
import { mapText } from "../deploy/manifestDiff/values.ts";

/** A Secret as the API server has it. */
export interface SecretObject {
  readonly type?: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** From this length on a value is masked wherever it stands; a shorter one may be part of any word, and is so as a word. */
const unmistakable = 8;

/** A single letter or digit is no secret that a text could give away. */
const shortest = 3;

/** Hides secrets in a text. */
export type Mask = (text: string) => string;

/** What hides secrets: their values as they are, encoded, and the passwords within URLs. */
export interface Masks {
  /** For what has names in it, which a short secret might be equal to. */
  readonly everywhere: Mask;
  /** For logs and messages: short secrets too, as words. */
  readonly inText: Mask;
}

/** The masks over everything that stands in these Secrets; Helm's own hold releases. */
export function masksOf(secrets: readonly SecretObject[]): Masks {
  const values = secrets
    .filter(({ type }) => type !== "helm.sh/release.v1")
    .flatMap(({ data }) => Object.values(data ?? {}))
    .flatMap((encoded) => writings(Buffer.from(encoded, "base64").toString("utf8"), encoded));
  const sorted = [...new Set(values)].filter(({ length }) => length >= shortest).sort((a, b) => b.length - a.length);
  const long = sorted.filter(({ length }) => length >= unmistakable);
  const short = sorted.filter(({ length }) => length < unmistakable);
  const words = short.map((value) => new RegExp(`(?<![\\w-])${escaped(value)}(?![\\w-])`, "g"));
  const everywhere = (text: string): string =>
    credentials(long.reduce((masked, value) => masked.replaceAll(value, () => MASKED), text));
  const inText = (text: string): string =>
    words.reduce((masked, word) => masked.replace(word, () => MASKED), everywhere(text));
  return { everywhere, inText };
}

/** Masks every text in a tree. */
export function maskTree<T>(tree: T, mask: Mask): T {
  return mapText(tree, mask) as T;
}

/** How one value may be written: plain, trimmed, in Base64, in JSON, in a URL; of a URL also its password. */
function writings(value: string, encoded: string): string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^:/@]*:([^@]*)@/i.exec(value)?.[1];
  const plain = [value, value.trim(), ...(password === undefined ? [] : [password, decode(password)])];
  return [encoded, ...plain.flatMap((one) => [one, encodeURIComponent(one), JSON.stringify(one).slice(1, -1)])];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A password that no Secret holds any more may still stand in a log. */
function credentials(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*):[^\s@"']+@/gi, (_all, before) => `${before}:${MASKED}@`);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
