import { z } from "zod";
import { baseImageKeys, type ChartValues, localTargets } from "./configuration.ts";
import { authorityProblem } from "./database.ts";
import { kagentSchema } from "./kagent.ts";
import { backendSchema, frontendSchema, servicesSchema, variables } from "./partsSchema.ts";

/** RFC 1123 label, what Kubernetes asks of namespace names: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const label = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/, "must be lower-case letters, digits and hyphens, at most 53 of them");

/** Pulumi hands every value over as text; objects come as JSON. */
function fromJson<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "must be an object" });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.string().regex(/^\d+$/, message).transform(Number).pipe(z.number().min(least, message).max(most, message));
}

const text = z.string().min(1, "must not be empty");
const chartValues = z.record(z.string(), z.unknown()).transform((values) => values as ChartValues);

/** The scheme and the host are checked here, reachability by the pods' readiness. */
const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?(\+asyncpg)?:\/\/[^/]+\/.+/, "must look like postgresql://user:password@host/database");

const authority = z.string().superRefine((text, context) => {
  const message = authorityProblem(text);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

/** Every key of the stack configuration with its text form; `Pulumi.yaml` declares the same keys. */
export const configurationSchema = z.strictObject({
  profile: z.enum(["local", "production"]).optional(),
  context: text.optional(),
  namespace: label.default("todo"),
  releaseName: label.default("todo"),
  target: z.enum(["auto", ...localTargets, "registry"]).default("auto"),
  /** Kubernetes' default range: https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport */
  nodePort: wholeNumber(30000, 32767).default(30080),
  platform: z
    .string()
    .regex(/^linux\/[a-z0-9]+(\/v\d+)?$/, "must look like linux/amd64")
    .optional(),
  sourceUrl: z.url({ protocol: /^https?$/, message: "must look like https://github.com/acme/todo-stack" }).optional(),
  registry: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, "must look like ghcr.io/acme, without scheme and tag")
    .optional(),
  registryUsername: text.optional(),
  registryPassword: text.optional(),
  registryPullUsername: text.optional(),
  registryPullPassword: text.optional(),
  host: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "must be a host name")
    .optional(),
  databaseUrl: databaseUrl.optional(),
  databaseDirectUrl: databaseUrl.optional(),
  databaseCa: authority.optional(),
  databaseMaxConnections: wholeNumber(0, 100_000).default(0),
  databasePasswordVersion: wholeNumber(1, 999_999).default(1),
  env: fromJson(variables).default({}),
  secretEnv: fromJson(variables).default({}),
  frontend: fromJson(frontendSchema).default(frontendSchema.parse({})),
  frontendSecretEnv: fromJson(variables).default({}),
  backend: fromJson(backendSchema).default(backendSchema.parse({})),
  services: fromJson(servicesSchema).default({}),
  baseImages: fromJson(z.partialRecord(z.enum(baseImageKeys), text)).default({}),
  values: fromJson(chartValues).default({}),
  timeoutSeconds: wholeNumber(10, 900).default(110),
  kagent: fromJson(kagentSchema).default(kagentSchema.parse({})),
  kagentApiKey: text.optional(),
});

/** The checked and typed keys, before a profile is made of them. */
export type CheckedKeys = z.infer<typeof configurationSchema>;

/** The keys that a person may set. */
export const configurationKeys = Object.keys(configurationSchema.shape);

/** The keys whose values must never stand in plain text. */
export const secretKeys: readonly string[] = [
  "databaseUrl",
  "databaseDirectUrl",
  "secretEnv",
  "frontendSecretEnv",
  "registryPassword",
  "registryPullPassword",
  "kagentApiKey",
];

/** An example of each key's value, for the command that mends a mistake. */
export const examples: Readonly<Record<string, string>> = {
  profile: "local",
  context: "minikube",
  namespace: "todo",
  releaseName: "todo",
  target: "minikube",
  nodePort: "30080",
  platform: "linux/amd64",
  sourceUrl: "https://github.com/acme/todo-stack",
  registry: "ghcr.io/acme",
  registryUsername: "acme-ci",
  registryPullUsername: "acme-cluster",
  host: "todo.example.com",
  databaseCa: "< ca.pem",
  databaseMaxConnections: "100",
  databasePasswordVersion: "2",
  env: "--path env.LOG_LEVEL debug",
  frontend: "--path frontend.path ../my-frontend",
  backend: "--path backend.path ../my-backend",
  services: "--path services.worker.image backend",
  baseImages: "--path baseImages.NODE_IMAGE mirror.example.com/node:24-slim",
  values: "--path values.backend.replicaCount 2",
  timeoutSeconds: "110",
  kagent: "--path kagent.enabled true",
};
