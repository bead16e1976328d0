import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { type Place, searchSecrets } from "./secretSearch.ts";

const secret = { name: "TOKEN", value: 'a/b+c=d&e f"g%h0123456789' };
const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");
const place = (content: string | Buffer, witnesses: string[] = []): Place => ({
  name: "here",
  contents: [content],
  witnesses,
});

test.each<[string, string | Buffer]>([
  ["as it is", `x=${secret.value};`],
  ["in JSON", JSON.stringify({ token: secret.value })],
  ["in JSON within JSON", JSON.stringify(JSON.stringify({ token: secret.value }))],
  ["in a URL", `https://host/?token=${encodeURIComponent(secret.value)}`],
  ["in a form", new URLSearchParams({ token: secret.value }).toString()],
  ["in hexadecimal", Buffer.from(secret.value).toString("hex")],
  ["in Base64", base64(secret.value)],
  ["in Base64 behind one character", base64(`x${secret.value}yz`)],
  ["in Base64 behind two characters", base64(`xx${secret.value}y`)],
  ["in Base64 behind three characters", base64(`xxx${secret.value}`)],
  ["in Base64 of a URL", base64(secret.value).replaceAll("+", "-").replaceAll("/", "_")],
  ["packed", gzipSync(secret.value)],
  ["packed, in Base64", `release: ${base64(gzipSync(secret.value))}`],
  ["packed, twice in Base64, as in Helm's Secrets", `{"release":"${base64(base64(gzipSync(base64(secret.value))))}"}`],
])("a secret is found %s", (_how, content) => {
  expect(searchSecrets([place(content)], [secret]).leaks).toEqual(["TOKEN in here"]);
});

test.each<[string, string]>([
  ["in Go's JSON", JSON.stringify("k7#v&m'x\"").replaceAll("&", "\\u0026")],
  ["in YAML", "'k7#v&m''x\"'"],
])("a secret whose core is longer than a word is found %s, however the rest of it is escaped", (_how, rest) => {
  const core = "0123456789abcdef0123456789abcdef";
  const long = { name: "KEY", value: `${core}k7#v&m'x"` };
  expect(searchSecrets([place(`${rest.slice(0, 1)}${core}${rest.slice(1)}`)], [long]).leaks).toEqual(["KEY in here"]);
  expect(searchSecrets([place(rest)], [long]).leaks).toEqual([]);
});

test("nothing is found where there is nothing, and a witness that is not there is told", () => {
  const findings = searchSecrets(
    [place(`H4sI but not packed ${secret.value.slice(1)}`, ["packed", "absent"])],
    [secret],
  );
  expect(findings).toEqual({ leaks: [], unread: ["absent in here"] });
});

test("a value that could stand anywhere by chance is refused", () => {
  expect(() => searchSecrets([], [{ name: "USER", value: "todo" }])).toThrow("USER is shorter than 12 characters");
});
