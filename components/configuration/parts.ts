import type { z } from "zod";
import type { BackendSettings, FrontendSettings } from "../application/settings.ts";
import type { backendSchema, frontendSchema, servicesSchema } from "./partsSchema.ts";

/** The checked keys about the parts. */
export interface PartKeys {
  readonly frontend: z.infer<typeof frontendSchema>;
  readonly backend: z.infer<typeof backendSchema>;
  readonly services: z.infer<typeof servicesSchema>;
}

/** The frontend of a stack. */
export interface FrontendConfiguration {
  /** A person's own; absent: the one that is shipped. */
  readonly application?: FrontendSettings;
  /** Plain environment variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** The backend of a stack; its variables are the stack's `env` and `secretEnv`. */
export interface BackendConfiguration {
  /** A person's own; absent: the one that is shipped. */
  readonly application?: BackendSettings;
  /** Whether it has a database. Default true. */
  readonly database: boolean;
  /** Variables made of the database's, by Kubernetes' `$(NAME)`. */
  readonly databaseEnv: Readonly<Record<string, string>>;
}

/** A further service: a worker, a job by a schedule, or one with a port of its own. */
export interface ServiceConfiguration {
  /** Built from these sources; absent: `image` says what runs. */
  readonly application?: FrontendSettings & BackendSettings;
  /** `backend` or `frontend`, whose image runs with another command, or an image's reference. */
  readonly image?: string;
  /** In place of the image's own. */
  readonly command?: readonly string[];
  /** In place of the image's own, behind the command. */
  readonly args?: readonly string[];
  /** Of a job: when it runs, as in cron. */
  readonly schedule?: string;
  /** Where it listens; absent: nobody calls it. */
  readonly port?: number;
  readonly healthPath?: string;
  readonly readyPath?: string;
  /** How many pods it has. Default 1. */
  readonly replicas?: number;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it gets the stack's `secretEnv`. Default false; what runs the backend's image gets all of its variables. */
  readonly secretEnv: boolean;
  /** Whether it gets the database's URL. Default: where it runs the backend's image. */
  readonly database: boolean;
}

/** What a stack says of its parts. */
export interface PartsConfiguration {
  readonly frontend: FrontendConfiguration;
  readonly backend: BackendConfiguration;
  readonly services: Readonly<Record<string, ServiceConfiguration>>;
}

/** Makes the parts of the checked keys. */
export function partsOf({ frontend, backend, services }: PartKeys): PartsConfiguration {
  const { env, ...page } = frontend;
  const { database, databaseEnv, ...server } = backend;
  return {
    frontend: { env, ...applicationOf(page) },
    backend: { database, databaseEnv, ...applicationOf({ ...server, database, ...databaseEnvOf(databaseEnv) }) },
    services: Object.fromEntries(Object.entries(services).map(([name, keys]) => [name, serviceOf(keys, database)])),
  };
}

/** Absent where there are none, as an application that reads `DATABASE_URL` has none. */
function databaseEnvOf(databaseEnv: Readonly<Record<string, string>>) {
  return Object.keys(databaseEnv).length === 0 ? {} : { databaseEnv };
}

function applicationOf<Settings extends { path?: string | undefined }>(settings: Settings) {
  const { path } = settings;
  return path === undefined ? {} : { application: { ...settings, path } };
}

function serviceOf(keys: PartKeys["services"][string], hasDatabase: boolean): ServiceConfiguration {
  const { image, command, args, schedule, replicas, env, secretEnv, database, ...application } = keys;
  const { port, healthPath, readyPath } = application;
  const isBackend = image === "backend";
  const given = { image, command, args, schedule, port, healthPath, readyPath, replicas };
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as typeof given),
    ...applicationOf({ ...application, database: false, serves: command === undefined && schedule === undefined }),
    env,
    secretEnv: secretEnv ?? false,
    database: hasDatabase && (database ?? isBackend),
  } as ServiceConfiguration;
}
