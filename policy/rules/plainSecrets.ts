import { removeCommand, setSecretCommand } from "../../components/configuration/problems.ts";
import { containersOf, environmentOf, fieldsOf, type Manifest, placeOf, UNKNOWN } from "../manifest.ts";
import type { Origin, Rule, Violation } from "../rule.ts";

/** No secret where everybody who may look at the namespace can read it. */
export const plainSecrets: Rule = {
  name: "no-plain-secret",
  description: "A secret belongs into a Kubernetes Secret, made from a value that Pulumi holds encrypted.",
  check: (objects, origin) => objects.flatMap((object) => [...inMaps(object, origin), ...inContainers(object, origin)]),
};

/** Chart values that end in the clear in Helm's history, whatever the chart makes of them. */
export function secretsInValues(
  values: unknown,
  where: string,
  { stack, env }: Pick<Origin, "stack" | "env">,
): Violation[] {
  return leavesOf(values, []).flatMap(([path, value]) => {
    const given = typeof value === "string" && value !== "" && !value.includes(UNKNOWN);
    const declared = path.includes("secretEnv") && !isReference(path.at(-1) ?? "");
    if (!given || !(declared || looksSecret(path.at(-1) ?? "", value))) return [];
    const [name = ""] = path.slice(-1);
    const place = path.includes("env") && env.includes(name) ? `env.${name}` : `values.${path.join(".")}`;
    const remedy = `${secretCommand(path, stack)} && ${removeCommand(stack, `--path ${place}`)}`;
    return [{ what: "a secret stands in Helm's values", where: `${where}, values.${path.join(".")}`, remedy }];
  });
}

/**
 * What Pulumi does not hold encrypted of a Secret that a program makes, or holds encrypted and gives to Helm as a value.
 *
 * @param encrypted - The paths of the resource's inputs that Pulumi holds encrypted, such as `stringData.PASSWORD`.
 */
export function unencrypted(secret: Manifest, encrypted: readonly string[]): Violation[] {
  const entries = (["data", "stringData"] as const).flatMap((field) =>
    Object.keys(fieldsOf(secret[field])).map((key) => [field, key] as const),
  );
  const plain = entries.filter(([field, key]) => ![field, `${field}.${key}`].some((path) => encrypted.includes(path)));
  return plain.map(([field, key]) => ({
    what: "it is not encrypted in Pulumi's state",
    where: placeOf(secret, undefined, `${field} ${key}`),
    remedy: `where the object is made, write ${key}: pulumi.secret(VALUE)`,
  }));
}

/** Secrets of Pulumi that would reach Helm's values. */
export function encryptedValues(encrypted: readonly string[], where: string, stack: string): Violation[] {
  const values = encrypted.filter((path) => path === "values" || path.startsWith("values."));
  return values.map((path) => ({
    what: "a secret of Pulumi's becomes one of Helm's values, which Helm's history holds in plain text",
    where: `${where}, ${path}`,
    remedy: secretCommand(path.split("."), stack),
  }));
}

/** Names of secrets in environments and files: `DATABASE_PASSWORD`, `api-key`, `clientSecret`. */
const secretName =
  /(^|[_.-]|[a-z](?=[A-Z]))(pass|passwd|password|passphrase|secret|token|credentials?|api[_-]?key|private[_-]?key|access[_-]?key)$/i;

/** Texts that hold a secret, whatever their name: an address with a password, a private key. */
const secretText = /\w:\/\/[^\s:/@]*:[^\s/@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Names of Kubernetes Secrets, and of files that hold a secret, are none themselves. */
function isReference(key: string): boolean {
  return /^(existing|admin|tls|(image)?pull)-?secrets?$|(secret|token|key)[-_]?(name|ref|file|path)$/i.test(key);
}

function looksSecret(key: string, value: string): boolean {
  // Kubernetes puts another variable in its place.
  if (value === "" || /^\$\(\w+\)$/.test(value) || value.includes(UNKNOWN)) return false;
  return (secretName.test(key) && !isReference(key) && !/^(true|false|\d{1,4})$/.test(value)) || secretText.test(value);
}

function inMaps(object: Manifest, { stack }: Origin): Violation[] {
  if (object.kind !== "ConfigMap") return [];
  return Object.entries(fieldsOf(object.data)).flatMap(([key, value]) =>
    looksSecret(key, String(value))
      ? [violation(placeOf(object, undefined, `data ${key}`), "a ConfigMap", secretCommand([key], stack))]
      : [],
  );
}

function inContainers(object: Manifest, { stack }: Origin): Violation[] {
  return containersOf(object).flatMap((container) => {
    const variables = environmentOf(container)
      .filter(([name, value]) => looksSecret(name, value))
      .map(([name]) =>
        violation(
          placeOf(object, container.name, `env ${name}`),
          "a pod's specification",
          secretCommand([name], stack),
        ),
      );
    const lines = (["command", "args"] as const).filter((field) =>
      secretText.test([container[field]].flat().join(" ")),
    );
    const remedy = secretCommand(["NAME"], stack);
    return [
      ...variables,
      ...lines.map((field) => violation(placeOf(object, container.name, field), "a pod's specification", remedy)),
    ];
  });
}

function violation(where: string, place: string, remedy: string): Violation {
  return { what: `a secret stands in plain text in ${place}`, where, remedy };
}

/** The configuration has two keys for secrets. */
function secretCommand(path: readonly string[], stack: string): string {
  const key = path.at(-1) ?? "NAME";
  if (key === "DATABASE_URL" || path.join(".").endsWith("database.url")) return setSecretCommand(stack, "databaseUrl");
  return setSecretCommand(stack, `--path secretEnv.${/^[A-Za-z_]\w*$/.test(key) ? key : "NAME"}`);
}

function leavesOf(value: unknown, path: readonly string[]): (readonly [readonly string[], string])[] {
  if (typeof value !== "object" || value === null) return [[path, typeof value === "string" ? value : ""]];
  return Object.entries(value).flatMap(([key, entry]) => leavesOf(entry, [...path, key]));
}
