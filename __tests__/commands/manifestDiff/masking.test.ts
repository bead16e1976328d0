import { expect, test } from "@jest/globals";
import { maskPair } from "../../../commands/deploy/manifestDiff/masking.ts";
import { readable } from "../../../commands/deploy/manifestDiff/names.ts";
import type { PlannedRelease } from "../../../commands/deploy/manifestDiff/plan.ts";
import { withFormerSecrets } from "../../../commands/deploy/manifestDiff/secrets.ts";
import type { KubernetesObject } from "../../../components/cluster/api.ts";
import type { Fields } from "../../../components/release/fields.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (data: Fields, more: Fields = {}) => ({ kind: "Secret", metadata: { name: "a" }, data, ...more });

test("entries of a Secret show that they changed, and nothing else", () => {
  const before = secret({ same: base64("x"), other: base64("short"), gone: "" }, { type: "Opaque" });
  const after = secret({ same: base64("x"), other: base64("a longer one"), empty: "" }, { type: "Opaque" });
  expect(maskPair([before, after])).toEqual([
    secret({ same: "(masked)", other: "(masked)", gone: "(masked)" }, { type: "Opaque" }),
    secret({ same: "(masked)", other: "(masked, changed)", empty: "(masked)" }, { type: "Opaque" }),
  ]);
});

test("a Secret alone on its side, in data and in stringData, is masked too", () => {
  const object = { ...secret({ a: "eA==" }), stringData: { b: "plain", c: 5 } };
  const masked = { ...secret({ a: "(masked)" }), stringData: { b: "(masked)", c: "(masked)" } };
  expect(maskPair([undefined, object])).toEqual([undefined, masked]);
  expect(maskPair([object, undefined])).toEqual([masked, undefined]);
});

test("data that Pulumi has masked as a whole stays masked", () => {
  const whole = (data: string) => ({ kind: "Secret", data });
  expect(maskPair([whole("[secret]"), whole("[secret]")])).toEqual([whole("(masked)"), whole("(masked)")]);
  expect(maskPair([whole("[secret]"), whole("[secret, changed]")])[1]).toEqual(whole("(masked, changed)"));
});

test("hashes and copies of contents in annotations are masked in every kind, also in pod templates", () => {
  const object = (sum: string) => ({
    kind: "Deployment",
    metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": sum, note: "n" } },
    spec: { template: { metadata: { annotations: { "checksum/secret-env": sum } } } },
  });
  const [before, after] = maskPair([object("1"), object("2")]);
  expect(JSON.stringify([before, after])).not.toMatch(/"[12]"/);
  expect(after).toMatchObject({
    metadata: { annotations: { note: "n" } },
    spec: { template: { metadata: { annotations: { "checksum/secret-env": "(masked, changed)" } } } },
  });
});

test("a ConfigMap is not masked", () => {
  const map = { kind: "ConfigMap", data: { LEVEL: "info" } };
  expect(maskPair([map, map])).toEqual([map, map]);
});

const planned = (values: Fields) => ({
  release: { values } as PlannedRelease,
  drawnNames: new Map([["env-0a1b", "env"]]),
});

test("unknown values, names that are drawn again and secrets of the values are told in words", () => {
  const values = {
    image: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    env: { TOKEN: "[secret, changed]", KEY: "[secret]" },
  };
  const clear = readable(planned(values), { env: { TOKEN: "former$&", KEY: "kept-for-long" } });
  const object = (text: string) => ({ kind: "Deployment", spec: [{ text }] }) as unknown as KubernetesObject;
  const shown = (text: string) => (clear(object(text)) as unknown as { spec: [{ text: string }] }).spec[0].text;
  expect(shown("r@04da6b54-80e4-46f7-96ec-b56ff0331ba9")).toBe("r@(known after up)");
  expect(shown("env-0a1b")).toBe("env-(known after up)");
  expect(shown("a=former$&;")).toBe("a=(masked);");
  expect(shown("kept-for-long")).toBe("(masked)");
  expect(shown("a=[secret, changed];[secret]")).toBe("a=(masked, changed);(masked)");
});

test("entries of a Secret are left as they are, to be compared", () => {
  const clear = readable(planned({ KEY: "[secret]" }), { KEY: "eA==" });
  expect(clear(secret({ k: "eA==" }) as unknown as KubernetesObject)).toMatchObject({ data: { k: "eA==" } });
});

test("secrets that stayed are rendered as the deployed revision knows them, changed and new ones are not", () => {
  const values = { kept: "[secret]", list: ["[secret]"], changed: "[secret, changed]", added: "[secret]", plain: "p" };
  expect(withFormerSecrets(values, { kept: "k", list: ["l"], changed: "c", plain: "other" })).toEqual({
    ...values,
    kept: "k",
    list: ["l"],
  });
});
