import { z } from "zod";

const text = z.string().min(1, "must not be empty");
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "names of environment variables hold letters, digits and _");

/** Variables by name; numbers and booleans become their texts. */
export const variables = z.record(variableName, scalar);

const number = z.coerce.number("must be a number").int("must be a whole number");
const port = number.min(1, "must be a port, from 1 to 65535").max(65535, "must be a port, from 1 to 65535");
const path = z.string().regex(/^\/\S*$/, "must be a path that begins with /");
const flag = z.union(
  [z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")],
  "must be true or false",
);
const words = z.array(scalar).min(1, "must be a list of words, such as [python, -m, app.worker]");
const packages = z.array(
  z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, "must be names of Debian packages, such as libpq5"),
);

/** What is said of how an image is made and run; of use only beside `path`. */
const build = {
  dockerfile: text.optional(),
  buildEnv: variables.optional(),
  user: number.min(1, "must be a number above 0, since 0 is root").optional(),
  readOnly: flag.optional(),
  writablePaths: z.array(path).optional(),
};
const served = { port: port.optional(), healthPath: path.optional(), readyPath: path.optional() };
const python = {
  module: z
    .string()
    .regex(/^[\w.]+:[\w.]+(\(\))?$/, "must look like app.main:app")
    .optional(),
  systemPackages: packages.optional(),
  buildPackages: packages.optional(),
  migrations: z.enum(["auto", "none", "alembic", "sql"]).optional(),
  migrationCommand: words.optional(),
};
const nextjs = {
  mode: z.enum(["auto", "export", "server"]).optional(),
  apiPath: path.optional(),
  apiStripPath: flag.optional(),
};

/** The key `frontend`. */
export const frontendSchema = z.strictObject({
  path: text.optional(),
  ...build,
  ...served,
  ...nextjs,
  env: variables.default({}),
});

/** The key `backend`. */
export const backendSchema = z.strictObject({
  path: text.optional(),
  ...build,
  ...served,
  ...python,
  database: flag.default(true),
  databaseEnv: variables.default({}),
});

/** Five fields, of numbers, names, `*`, ranges, lists and steps: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ */
const schedule = z
  .string()
  .regex(/^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|(\S+\s+){4}\S+)$/, 'must look like "0 3 * * *"');

/** One entry of the key `services`. */
export const serviceSchema = z.strictObject({
  path: text.optional(),
  /** `backend`, `frontend`, or the reference of an image that is there. */
  image: text.optional(),
  ...build,
  ...served,
  ...python,
  ...nextjs,
  command: words.optional(),
  args: words.optional(),
  schedule: schedule.optional(),
  replicas: number.min(0).max(100).optional(),
  env: variables.default({}),
  secretEnv: flag.optional(),
  database: flag.optional(),
});

/** Kubernetes names of at most 20 characters leave room for what is added to them: the release before, a pod's suffix behind. */
const serviceName = z
  .string()
  .regex(
    /^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/,
    "names of services are lower-case letters, digits and hyphens, at most 20",
  )
  .refine(
    (name) => !["frontend", "backend", "database", "database-login", "test"].includes(name),
    "is the name of a part that every deployment has",
  );

/** The key `services`. */
export const servicesSchema = z.record(serviceName, serviceSchema);
