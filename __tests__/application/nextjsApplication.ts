import { readFolder } from "../../components/application/folder.ts";
import { nextjsRecipe } from "../../components/application/nextjs/recipe.ts";
import type { Recipe } from "../../components/application/recipe.ts";
import type { FrontendSettings } from "../../components/application/settings.ts";
import { type Files, Folders } from "./folders.ts";

/** The settings of a frontend beside its path. */
export type Settings = Omit<FrontendSettings, "path">;

/** The folders of a test file's applications. */
export const folders = new Folders();

/** A package.json of an application with Next.js. */
export const manifest = (more: object = {}): string =>
  JSON.stringify({ name: "shop", dependencies: { next: "16.4.6" }, scripts: { build: "next build" }, ...more });

export const page = "export default function Page() { return null; }\n";

/** The recipe of an application with a page, an npm lockfile and what a test adds; an empty text takes a file away. */
export function recipeOf(files: Files = {}, settings?: Settings): Promise<Recipe> {
  const all = { "package.json": manifest(), "package-lock.json": "{}", "app/page.tsx": page, ...files };
  return recipeAt(folders.write(Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ""))), settings);
}

/** The recipe of an application in a folder. */
export async function recipeAt(path: string, settings: Settings = {}): Promise<Recipe> {
  return nextjsRecipe(await readFolder("frontend", path, undefined), { path, ...settings });
}
