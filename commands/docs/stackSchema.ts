import { z } from "zod";
import { configurationSchema, secretKeys } from "../../components/configuration/schema.ts";
import { type DeclaredKey, readDeclaredKeys } from "./declaredKeys.ts";

/** A JSON Schema, as far as it is looked into here. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

/** The namespaces of what this program uses besides itself; every other one is a typing error until it stands here. */
const otherNamespaces = "kubernetes|docker|random|pulumi";

/** What Pulumi writes for an encrypted value: https://www.pulumi.com/docs/iac/concepts/secrets/ */
const encrypted: JsonSchema = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/**
 * The editors' schema of `Pulumi.<stack>.yaml`: each key by its bare name, which is what an editor proposes, and behind any
 * project's name, which is how the Pulumi CLI writes it.
 */
export async function stackSchema(root: string): Promise<JsonSchema> {
  const keys = await readDeclaredKeys(root);
  const reference = (key: string): JsonSchema => ({ $ref: `#/definitions/${key}` });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: "Written by npm run docs from components/configuration/schema.ts and Pulumi.yaml.",
    title: "Pulumi.<stack>.yaml",
    type: "object",
    additionalProperties: false,
    properties: {
      config: {
        type: ["object", "null"] as unknown as string,
        description: "The keys of the stack: docs/configuration.md",
        properties: Object.fromEntries(keys.map(({ key }) => [key, reference(key)])),
        patternProperties: {
          ...Object.fromEntries(keys.map(({ key }) => [`^[A-Za-z0-9_.-]+:${key}$`, reference(key)])),
          [`^(${otherNamespaces}):`]: {},
        },
        additionalProperties: false,
      },
      encryptionsalt: { type: "string", description: "Written by Pulumi: belongs to the passphrase." },
      encryptedkey: { type: "string", description: "Written by Pulumi: belongs to a key service." },
      secretsprovider: { type: "string", description: "Written by Pulumi: what encrypts the stack's secrets." },
      environment: { description: "Pulumi ESC environments to import." },
    },
    definitions: Object.fromEntries(keys.map((declared) => [declared.key, valueSchema(declared)])),
  };
}

/** A key's value as a stack file holds it: an empty text is "not set", and a secret is an encrypted one. */
function valueSchema({ key, description }: DeclaredKey): JsonSchema {
  // A reference of this draft stands alone.
  if (key === "values") return { description, allOf: [{ $ref: "values.schema.json" }] };
  const schema = keySchema(key);
  const object = schema.type === "object";
  if (secretKeys.includes(key)) {
    const values = { type: "object", additionalProperties: encrypted };
    return { description, anyOf: object ? [encrypted, values] : [encrypted, { const: "" }] };
  }
  const { type, minimum, maximum } = schema;
  if (type === "integer" || type === "number") {
    // `pulumi config set` writes numbers as text.
    return {
      description,
      anyOf: [
        { type: "integer", minimum, maximum },
        { type: "string", pattern: "^\\d*$" },
      ],
    };
  }
  return { description, anyOf: object ? [schema] : [schema, { const: "" }] };
}

/** What a key may hold, in the form in which a person writes it. */
export function keySchema(key: string): JsonSchema {
  const schema = (configurationSchema.shape as Readonly<Record<string, z.ZodType>>)[key];
  if (schema === undefined) return {};
  const { $schema, ...made } = z.toJSONSchema(meant(schema), {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
  }) as JsonSchema;
  return made;
}

/** Pulumi hands every value over as text; what that text is to hold stands behind the pipe that reads it. */
function meant(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return meant(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe && schema.in instanceof z.ZodPipe) return schema.out as z.ZodType;
  return schema;
}
