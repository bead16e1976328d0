import dockerignore from "@balena/dockerignore";

/** Which paths of a build context the engine gets to see, by the rules of `.dockerignore`. */
export interface IgnoreFile {
  /** Whether a file is part of the context. */
  includes(path: string): boolean;
  /** Whether a folder can hold files that are part of the context; a folder that cannot need not be read. */
  mayContainIncluded(folder: string): boolean;
}

/**
 * Understands the text of an ignore file: https://docs.docker.com/build/concepts/context/#dockerignore-files
 *
 * @param text - The ignore file's text.
 */
export function parseIgnoreFile(text: string): IgnoreFile {
  const matcher = dockerignore.default().add(text);
  const includedAgain = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1).replace(/^\//, "").split("/"));
  return {
    includes: (path) => !matcher.ignores(path),
    mayContainIncluded: (folder) =>
      !matcher.ignores(folder) || includedAgain.some((pattern) => reachesInto(pattern, folder.split("/"))),
  };
}

/** Whether a pattern can match something below a folder: its leading parts must be the folder's own, up to the first wildcard. */
function reachesInto(pattern: readonly string[], folder: readonly string[]): boolean {
  if (pattern.length <= folder.length && !pattern.includes("**")) return false;
  for (const [index, part] of folder.entries()) {
    if (/[*?[\\]/.test(pattern[index] ?? "")) return true;
    if (pattern[index] !== part) return false;
  }
  return true;
}
