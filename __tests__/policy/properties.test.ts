import { createRequire } from "node:module";
import { expect, test } from "@jest/globals";
import { runtime } from "@pulumi/pulumi";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { readProperties } from "../../policy/properties.ts";

/** The SDK's own way from the wire to a policy, which its types do not show. */
const sdk = createRequire(import.meta.url);
const { deserializeProperties } = sdk("@pulumi/policy/deserialize.js") as {
  deserializeProperties: (wire: unknown, proxySecrets: boolean) => object;
};
const { unknownCheckingProxy } = sdk("@pulumi/policy/proxy.js") as { unknownCheckingProxy: (props: object) => unknown };

const secret = (value: string | object) => ({ [runtime.specialSigKey]: runtime.specialSecretSig, value });
const wire = struct.Struct.fromJavaScript({
  stringData: { PASSWORD: secret("drawn"), PLAIN: "text" },
  data: secret({ KEY: "a2V5" }),
  list: ["one", secret("two")],
  digest: runtime.unknownValue,
  tags: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
});
const props = (asRemediation: boolean) => unknownCheckingProxy(deserializeProperties(wire, asRemediation));

test("what is not known yet is no error, of whichever kind it is", () => {
  expect(readProperties(props(false)).plain).toMatchObject({
    digest: runtime.unknownValue,
    tags: runtime.unknownValue,
    stringData: { PASSWORD: "drawn", PLAIN: "text" },
  });
});

test("a remediation is told what Pulumi holds encrypted", () => {
  const { plain, encrypted } = readProperties(props(true));
  expect([...encrypted].sort()).toEqual(["data", "list.1", "stringData.PASSWORD"]);
  expect(plain).toEqual(readProperties(props(false)).plain);
});
