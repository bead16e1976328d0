/**
 * The folder that an application names its modules from. Nothing says so; what its main file imports tells.
 *
 * @param file - The main file, relative to the application's folder.
 * @param files - All files of the application.
 * @returns "" for the application's folder itself.
 */
export function importRoot(file: string, code: string, files: readonly string[]): string {
  const ancestors = ancestorsOf(file);
  const usual = usualRoot(ancestors, files);
  const imported = importsOf(code);
  const score = (root: string): number => imported.filter((name) => isBelow(root, name, files)).length;
  const roots = [usual, ...ancestors.filter((folder) => folder !== usual)];
  return roots.reduce((best, root) => (score(root) > score(best) ? root : best));
}

/** `src/shop/main.py` below `src` is `shop.main`. */
export function moduleName(file: string, root: string): string {
  const below = root === "" ? file : file.slice(root.length + 1);
  return below.replace(/(\/__init__)?\.py$/, "").replaceAll("/", ".");
}

/** All folders around a file, the outermost ("") first. */
function ancestorsOf(file: string): readonly string[] {
  const parts = file.split("/").slice(0, -1);
  return ["", ...parts.map((_, index) => parts.slice(0, index + 1).join("/"))];
}

/** A folder named `src` holds packages and is none; where packages say that they are, the folder around the outermost one. */
function usualRoot(ancestors: readonly string[], files: readonly string[]): string {
  const own = ancestors.at(-1) ?? "";
  const isPackage = (folder: string): boolean => folder !== "" && files.includes(`${folder}/__init__.py`);
  if (isPackage(own)) return ancestors.findLast((folder) => !isPackage(folder)) ?? "";
  return ancestors.includes("src") ? "src" : "";
}

/** The first parts of what is imported by full names. */
function importsOf(code: string): readonly string[] {
  const found = code.matchAll(/^[ \t]*(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+([A-Za-z_]\w*))/gm);
  return [...new Set([...found].map(([, from, name]) => from ?? name ?? ""))];
}

function isBelow(root: string, name: string, files: readonly string[]): boolean {
  const path = root === "" ? name : `${root}/${name}`;
  return files.some((file) => file === `${path}.py` || (file.startsWith(`${path}/`) && file.endsWith(".py")));
}
