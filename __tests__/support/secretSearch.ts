import { gunzipSync } from "node:zlib";

/** A text that must be nowhere but where it belongs. */
export interface Secret {
  /** What people call it, such as `JWT_SECRET`; a report never shows the text itself. */
  readonly name: string;
  readonly value: string;
}

/** Where secrets are searched for. */
export interface Place {
  readonly name: string;
  readonly contents: readonly (string | Buffer)[];
  /** Texts that are no secrets and stand there for certain: a search that does not find them has read nothing. */
  readonly witnesses: readonly string[];
}

/** What a search came to; both lists are empty where all is well. */
export interface Findings {
  /** `<secret> in <place>` */
  readonly leaks: readonly string[];
  /** `<witness> in <place>`, for each witness that was not found. */
  readonly unread: readonly string[];
}

/** Of a shorter value nobody can tell whether it was found or is there by chance: a user's name, a port. */
const shortest = 12;

/**
 * Searches each place for each secret and for its core: as it is, as JSON, URL-encoded, in hexadecimal and in Base64, and all
 * of that again in whatever is packed in the place by gzip, as often as Base64 lies around it (Helm's own Secrets: twice).
 *
 * @throws RangeError for a secret that is too short to be searched for.
 */
export function searchSecrets(places: readonly Place[], secrets: readonly Secret[]): Findings {
  for (const { name, value } of secrets)
    if (value.length < shortest) throw new RangeError(`${name} is shorter than ${shortest} characters`);
  const findings = places.map(({ name, contents, witnesses }) => {
    const layers = contents.flatMap((content) => layersOf(Buffer.isBuffer(content) ? content : Buffer.from(content)));
    const stands = (text: string) => isIn(layers, text);
    return {
      leaks: secrets.filter(({ value }) => stands(value)).map((secret) => `${secret.name} in ${name}`),
      unread: witnesses.filter((text) => !stands(text)).map((text) => `${text} in ${name}`),
    };
  });
  return { leaks: findings.flatMap(({ leaks }) => leaks), unread: findings.flatMap(({ unread }) => unread) };
}

/** Whether a value is long enough to be searched for. */
export function isSearchable({ value }: Secret): boolean {
  return value.length >= shortest;
}

/**
 * What is left of a secret however its other characters were escaped, of which every language has a way of its own: its
 * longest run of letters and digits, as far as that cannot be a common word (24 characters), and otherwise all of it.
 */
export function coreOf(value: string): string {
  const longest = (value.match(/[A-Za-z0-9]+/g) ?? []).reduce(
    (best, run) => (run.length > best.length ? run : best),
    "",
  );
  return longest.length < 24 ? value : longest;
}

function isIn(layers: readonly Buffer[], text: string): boolean {
  const forms = new Set([...formsOf(text), ...formsOf(coreOf(text))]);
  return layers.some((layer) => [...forms].some((form) => layer.includes(form)));
}

/** The ways in which a text is written down by accident. */
function formsOf(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const hex = Buffer.from(text).toString("hex");
  // Every writer of URLs has its own opinion about the characters that need no escape.
  const url = [encodeURIComponent(text), encodeURI(text), new URLSearchParams([["", text]]).toString().slice(1)];
  return [...new Set([text, json, JSON.stringify(json).slice(1, -1), ...url, hex, ...base64FormsOf(text)])];
}

/** Base64 within a longer text: what comes before shifts it by 0, 1 or 2 bytes, and its ends depend on what is around it. */
function base64FormsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const from = [0, 2, 3][shift];
    const inner = whole.slice(from, Math.floor(((shift + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

/** How gzip's first bytes (RFC 1952: 1f 8b 08) look in Base64, and how that does in Base64 once more. */
const packed = /(?:H4sI|SDRzS)[A-Za-z0-9+/]+=*/g;

/** A content and whatever is packed in it. */
function layersOf(content: Buffer): Buffer[] {
  if (content[0] === 0x1f && content[1] === 0x8b) return layersOf(gunzipSync(content));
  const below = content.includes("H4sI") || content.includes("SDRzS") ? content.toString("latin1").match(packed) : [];
  return [content, ...(below ?? []).flatMap((text) => unpack(Buffer.from(text, "base64")))];
}

/** A text may look like packed bytes by chance; that it could be read is what the witnesses are for. */
function unpack(bytes: Buffer): Buffer[] {
  try {
    return layersOf(bytes);
  } catch {
    return [];
  }
}
