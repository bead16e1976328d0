/** How Pulumi marks a secret on the wire: pulumi/pulumi, sdk/nodejs/runtime/rpc.ts, specialSigKey and specialSecretSig. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Takes the marks of secrets off, however deep they stand. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const map = value as Record<string, unknown>;
  if (map[signatureKey] === secretSignature) return plain(map.value);
  return Object.fromEntries(Object.entries(map).map(([key, entry]) => [key, plain(entry)]));
}
