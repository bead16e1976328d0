import type { ApplicationFolder } from "./folder.ts";
import type { Part } from "./prepare.ts";
import { ApplicationError, type Recipe } from "./recipe.ts";

/**
 * The recipe for an application without a Dockerfile of its own.
 *
 * @throws ApplicationError where there is none for it.
 */
export async function chooseRecipe(_folder: ApplicationFolder, { service, settings }: Part): Promise<Recipe> {
  const message = "it has no Dockerfile that says how it is built";
  const remedy = `pulumi config set --path ${service}.dockerfile path/to/Dockerfile`;
  throw new ApplicationError(service, settings.path, [{ message, remedy }]);
}
