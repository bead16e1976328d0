import { fastapiRecipe } from "./fastapi/fastapi.ts";
import type { ApplicationFolder } from "./folder.ts";
import { nextjsRecipe } from "./nextjs/recipe.ts";
import type { BuildConfiguration, Part } from "./prepare.ts";
import { ApplicationError, keyOf, type Recipe } from "./recipe.ts";

/**
 * The recipe for an application without a Dockerfile of its own: Next.js, or Python with FastAPI.
 *
 * @throws ApplicationError where it is neither, or lacks what its recipe needs.
 */
export async function chooseRecipe(
  folder: ApplicationFolder,
  part: Part,
  configuration: Pick<BuildConfiguration, "baseImages" | "stack">,
): Promise<Recipe> {
  const { service } = part;
  try {
    const recipe = await recipeOf(folder, part, configuration);
    return { ...recipe, notes: recipe.notes.map((note) => withOwnKeys(note, service)) };
  } catch (error) {
    if (!(error instanceof ApplicationError)) throw error;
    const problems = error.problems.map(({ key, message, remedy }) => ({
      ...(key === undefined ? {} : { key: withOwnKeys(key, service) }),
      message: withOwnKeys(message, service),
      remedy: withOwnKeys(remedy, service),
    }));
    throw new ApplicationError(service, folder.path, problems);
  }
}

async function recipeOf(
  folder: ApplicationFolder,
  { service, settings }: Part,
  { baseImages, stack }: Pick<BuildConfiguration, "baseImages" | "stack">,
): Promise<Recipe> {
  const kind = await kindOf(folder, service);
  if (kind === "next") {
    return nextjsRecipe(folder, settings, { service: keyOf(service), nodeImage: baseImages.NODE_IMAGE });
  }
  if (kind === "python") return fastapiRecipe(folder, settings, { pythonImage: baseImages.PYTHON_IMAGE, stack });
  const message =
    "it has neither a package.json (Next.js) nor a pyproject.toml or requirements.txt (FastAPI), and no Dockerfile that says how it is built";
  const remedy = `write a Dockerfile into it, or name another folder: pulumi config set --stack ${stack} --path ${keyOf(service)}.path ../my-application`;
  throw new ApplicationError(service, settings.path, [{ message, remedy }]);
}

/** Files by which Python projects say what they need. */
const pythonFiles = ["pyproject.toml", "requirements.txt", "uv.lock", "Pipfile", "setup.py"];

/** Each side is taken for what it is expected to be, also where it is incomplete, so that the message is about what is missing. */
async function kindOf(folder: ApplicationFolder, service: string): Promise<"next" | "python" | undefined> {
  const isPython = (await Promise.all(pythonFiles.map((file) => folder.has(file)))).includes(true);
  const isNode = await folder.has("package.json");
  if (service === "frontend") return isNode ? "next" : undefined;
  if (isPython) return "python";
  return isNode && service !== "backend" ? "next" : undefined;
}

/** The recipes speak of the keys of frontend and backend; a further service has its own. */
function withOwnKeys(text: string, service: string): string {
  if (keyOf(service) === service) return text;
  return text.replace(/(?<![\w.])(frontend|backend)\.(?=[a-zA-Z])/g, `${keyOf(service)}.`);
}
