import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Configuration } from "../configuration/configuration.ts";
import { mergeValues } from "../configuration/mergeValues.ts";
import { type ContextFile, readContextFiles } from "../image/contextFiles.ts";
import type { ImageSource } from "../image/identity.ts";
import { type ReadFolder, readFolder } from "./folder.ts";
import { type OwnDockerfile, ownDockerfileRecipe, settingsValues } from "./ownDockerfile.ts";
import { ApplicationError, keyOf, type Recipe } from "./recipe.ts";
import type { ApplicationSettings } from "./settings.ts";
import { stage } from "./stage.ts";

/** Which part of the deployment an application is: `frontend`, `backend`, or the name of a further service. */
export interface Part<Settings extends ApplicationSettings = ApplicationSettings> {
  readonly service: string;
  readonly settings: Settings;
}

/** An application that is ready to be built. */
export interface PreparedApplication {
  readonly source: ImageSource;
  /** What was found, with the chart's values of this component. */
  readonly recipe: Recipe;
}

/** What of the stack's configuration decides how an application is built. */
export type BuildConfiguration = Pick<Configuration, "stack" | "baseImages" | "platform" | "sourceUrl">;

/** Where the build contexts of applications are put together; ignored by git, and the same on every machine. */
const contextsFolder = ".state/contexts";

/**
 * Finds out how a person's own application is built, and puts its build context together: the sources without what no image
 * needs, beside the files of this project that its Dockerfile wants.
 *
 * @throws ApplicationError with everything that is in the way.
 */
export async function prepareApplication(part: Part, configuration: BuildConfiguration): Promise<PreparedApplication> {
  const own = await ownDockerfile(part);
  const folder = await readFolder(part.service, part.settings.path, own?.dockerfile);
  const recipe =
    own === undefined ? await recipeOfSources(folder, part, configuration) : ownDockerfileRecipe(own, part.settings);
  const target = `${contextsFolder}/${configuration.stack}/${part.service}`;
  const place = own === undefined ? await stageBeside(target, folder, recipe) : await stageAlone(target, folder, own);
  return {
    source: { ...place, args: argumentsOf(recipe, configuration), platform: configuration.platform },
    recipe: { ...recipe, values: mergeValues(recipe.values, settingsValues(part.settings)) },
  };
}

/**
 * An application's own Dockerfile; undefined where this project has one for it.
 *
 * @throws ApplicationError where the configured one is missing.
 */
export async function ownDockerfile({ service, settings }: Part): Promise<OwnDockerfile | undefined> {
  const { path, dockerfile = "Dockerfile" } = settings;
  if (dockerfile === "none") return undefined;
  const text = await readFile(join(path, dockerfile), "utf8").catch(() => undefined);
  if (text !== undefined) return { service, dockerfile, text, defaultPort: service === "frontend" ? 3000 : 8000 };
  if (settings.dockerfile === undefined) return undefined;
  const remedy = `pulumi config rm --path ${keyOf(service)}.dockerfile`;
  const message = `there is no ${join(path, dockerfile)}; without this key the sources decide`;
  throw new ApplicationError(service, path, [{ key: `${keyOf(service)}.dockerfile`, message, remedy }]);
}

/** What reads sources is loaded where sources are read: neither the shipped application nor a Dockerfile waits for it. */
async function recipeOfSources(folder: ReadFolder, part: Part, configuration: BuildConfiguration): Promise<Recipe> {
  const { chooseRecipe } = await import("./chooseRecipe.ts");
  return chooseRecipe(folder, part, configuration);
}

/** The application at `app/`, this project's files at `image/`. */
async function stageBeside(target: string, folder: ReadFolder, recipe: Recipe) {
  const extras = await Promise.all(
    recipe.extras.map(async ({ from, to }) => below(`image/${to}`, await readContextFiles(from, ""))),
  );
  const made = Object.entries(recipe.files).map(([name, text]): ContextFile => {
    return { path: `image/${name}`, kind: "file", content: Buffer.from(text) };
  });
  await stage(target, [...below("app", folder.files), ...extras.flat(), ...made]);
  return { context: target, dockerfile: recipe.dockerfile };
}

/** The application as the whole of the context; its Dockerfile outside of it, since its own rules may leave it out. */
async function stageAlone(target: string, folder: ReadFolder, { text }: OwnDockerfile) {
  const dockerfile: ContextFile = { path: "Dockerfile", kind: "file", content: Buffer.from(text) };
  await stage(target, [...below("app", folder.files), dockerfile]);
  // A Dockerfile may well need no file at all.
  await mkdir(`${target}/app`, { recursive: true });
  return { context: `${target}/app`, dockerfile: `${target}/Dockerfile` };
}

function below(folder: string, files: readonly ContextFile[]): ContextFile[] {
  return files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
}

function argumentsOf(recipe: Recipe, { baseImages }: BuildConfiguration): Record<string, string> {
  const replaced = recipe.bases.flatMap((key) => {
    const image = baseImages[key];
    return image === undefined ? [] : [[key, image] as const];
  });
  return { ...recipe.args, ...Object.fromEntries(replaced) };
}
