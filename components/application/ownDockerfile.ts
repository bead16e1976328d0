import { type BaseImageKey, baseImageKeys, type ChartValues } from "../configuration/configuration.ts";
import { ApplicationError, keyOf, type Recipe } from "./recipe.ts";
import type { ApplicationSettings, BackendSettings } from "./settings.ts";

/** The user of an image that names none, as in the images of this project. */
const defaultUser = 10001;

/** What an application that brings its own Dockerfile needs. */
export interface OwnDockerfile {
  /** Whose it is, such as `backend`. */
  readonly service: string;
  /** The path of the Dockerfile, relative to the application's folder. */
  readonly dockerfile: string;
  readonly text: string;
  /** The port where the Dockerfile exposes none. */
  readonly defaultPort: number;
}

/**
 * The recipe of an application by its own Dockerfile. What its last stage exposes and which user it names is taken over; the
 * cluster runs no container as root, so an image that would is given a numeric user.
 *
 * @throws ApplicationError where the Dockerfile has no stage.
 */
export function ownDockerfileRecipe(
  { service, dockerfile, text, defaultPort }: OwnDockerfile,
  settings: ApplicationSettings & Pick<BackendSettings, "migrationCommand">,
): Recipe {
  const lines = instructions(text);
  const lastStage = lines.slice(lines.findLastIndex(({ name }) => name === "FROM"));
  if (lastStage[0]?.name !== "FROM") {
    const remedy = `pulumi config set --path ${keyOf(service)}.dockerfile Dockerfile`;
    throw new ApplicationError(service, settings.path, [
      { key: `${keyOf(service)}.dockerfile`, message: `${dockerfile} has no FROM`, remedy },
    ]);
  }
  const port = settings.port ?? exposedPort(lastStage) ?? defaultPort;
  const named = lastStage.findLast(({ name }) => name === "USER")?.rest;
  const user = settings.user ?? (isNumericUser(named) ? undefined : defaultUser);
  return {
    title: `${dockerfile} of its own`,
    dockerfile,
    extras: [],
    files: {},
    args: { ...settings.buildEnv },
    bases: basesOf(lines),
    values: {
      containerPort: port,
      ...(user === undefined ? {} : { runAsUser: user }),
      ...(service === "frontend" ? frontendDefaults : {}),
      ...(service === "backend" ? { migrations: migrationsOf(settings) } : {}),
    },
    notes: [
      ...(settings.port === undefined && exposedPort(lastStage) === undefined
        ? [`${dockerfile} exposes no port; ${port} is taken (${keyOf(service)}.port says another one)`]
        : []),
      ...(user === undefined || settings.user !== undefined
        ? []
        : [
            `${dockerfile} names ${named === undefined ? "no user" : `the user "${named}"`}, and no container runs as root or by a name; user ${user} is taken (${keyOf(service)}.user says another one)`,
          ]),
    ],
  };
}

/** It is not this project's nginx: its root answers, which may take the backend, and its open port tells that it lives. */
const frontendDefaults: ChartValues = {
  proxy: false,
  probes: { startup: { path: "" }, readiness: { path: "/" }, liveness: { path: "" } },
};

/** What is in the image cannot be known, so nothing migrates but what a person names. */
function migrationsOf({ migrationCommand }: Pick<BackendSettings, "migrationCommand">): ChartValues {
  return migrationCommand === undefined ? { enabled: false } : { enabled: true, command: migrationCommand };
}

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

function instructions(text: string): Instruction[] {
  const joined = text.replace(/\\[ \t]*\r?\n/g, " ");
  return joined.split(/\r?\n/).flatMap((line) => {
    const [, name, rest] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    return name === undefined || rest === undefined ? [] : [{ name: name.toUpperCase(), rest }];
  });
}

function exposedPort(stage: readonly Instruction[]): number | undefined {
  const port = /^(\d+)/.exec(stage.find(({ name }) => name === "EXPOSE")?.rest ?? "")?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Kubernetes cannot see whether a name is root's: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ */
function isNumericUser(user: string | undefined): boolean {
  return user !== undefined && /^[1-9]\d*(:|$)/.test(user);
}

/** Only the base images that it asks for by argument can be replaced. */
function basesOf(lines: readonly Instruction[]): BaseImageKey[] {
  const names = lines.filter(({ name }) => name === "ARG").map(({ rest }) => rest.split("=")[0]);
  return baseImageKeys.filter((key) => names.includes(key));
}

/** The values that any application's settings make, whatever its recipe. */
export function settingsValues(settings: ApplicationSettings): ChartValues {
  return {
    ...probeValues(settings),
    ...(settings.user === undefined ? {} : { runAsUser: settings.user }),
    ...(settings.readOnly === undefined ? {} : { readOnlyRootFilesystem: settings.readOnly }),
    ...(settings.writablePaths === undefined ? {} : { writablePaths: settings.writablePaths }),
  };
}

/** The values of the probes; nothing where no path is named. */
export function probeValues({
  healthPath,
  readyPath = healthPath,
}: Pick<ApplicationSettings, "healthPath" | "readyPath">): ChartValues {
  if (readyPath === undefined) return {};
  const alive = healthPath === undefined ? {} : { startup: { path: healthPath }, liveness: { path: healthPath } };
  return { probes: { ...alive, readiness: { path: readyPath } } };
}
