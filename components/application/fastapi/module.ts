import type { ApplicationFolder } from "../folder.ts";
import { type Candidate, findCandidates } from "./candidates.ts";
import { type Findings, listed } from "./findings.ts";
import { importRoot, moduleName } from "./importRoot.ts";
import type { Source } from "./source.ts";

/** What uvicorn serves. */
export interface AppModule {
  /** `app.main:app` */
  readonly target: string;
  /** Whether the target is a function that makes the application. */
  readonly factory: boolean;
  /** The file; undefined where the configuration names a module that cannot be seen, e.g. of a dependency. */
  readonly file?: string;
  /** The folder that modules are named from: "", `src`. */
  readonly root: string;
}

/** The files that most applications begin with, the likeliest first. */
const usual = [
  /^main\.py$/,
  /^app\/main\.py$/,
  /^src\/main\.py$/,
  /^src\/[^/]+\/main\.py$/,
  /^app\.py$/,
  /^api\/index\.py$/,
];
/** Files that say by their name that they are a beginning. */
const beginning = /(^|\/)(main|app|server|asgi|index|api|application)\.py$/;

/**
 * Finds what to serve: what the configuration names, what `[tool.fastapi]` names, or the one application in the source.
 *
 * @returns undefined where it is told why not.
 */
export async function findModule(
  folder: ApplicationFolder,
  sources: readonly Source[],
  named: { readonly setting?: string | undefined; readonly entrypoint?: string | undefined },
  findings: Findings,
): Promise<AppModule | undefined> {
  const candidates = findCandidates(sources);
  const files = await folder.list();
  const given = named.setting ?? named.entrypoint;
  if (given !== undefined) return givenModule(given, named.setting !== undefined, candidates, files, findings);
  const ranked = candidates
    .map((candidate) => ({ candidate, rank: rankOf(candidate) }))
    .sort((a, b) => compare(a.rank, b.rank));
  const [best, next] = ranked;
  if (best === undefined) return tellNone(files, findings);
  if (next !== undefined && compare(best.rank, next.rank) === 0) {
    const names = ranked.map(({ candidate }) => `${targetOf(candidate, sources, files)} in ${candidate.file}`);
    findings.mendByKey(
      "backend.module",
      `it has several applications (${listed(names)}); name the one to serve`,
      targetOf(best.candidate, sources, files),
    );
    return undefined;
  }
  const target = targetOf(best.candidate, sources, files);
  if (next !== undefined && next.candidate.file !== best.candidate.file) {
    findings.note(`Serves ${target} and not that of ${next.candidate.file}; backend.module names another one.`);
  }
  return {
    target,
    factory: best.candidate.factory,
    file: best.candidate.file,
    root: rootOf(best.candidate, sources, files),
  };
}

/** Lower is better, part by part. */
function rankOf({ file, name, factory }: Candidate): readonly number[] {
  const place = usual.findIndex((pattern) => pattern.test(file));
  const names = ["app", "application", "api"].indexOf(name);
  const known = place === -1 ? usual.length + (beginning.test(file) ? 0 : 1) : place;
  // Applications of the same file are told apart by their names, a function comes after them.
  return [known, place === -1 ? file.split("/").length : 0, factory ? 1 : 0, names === -1 ? 3 : names];
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function rootOf(candidate: Candidate, sources: readonly Source[], files: readonly string[]): string {
  const code = sources.find(({ path }) => path === candidate.file)?.code ?? "";
  return importRoot(candidate.file, code, files);
}

function targetOf(candidate: Candidate, sources: readonly Source[], files: readonly string[]): string {
  return `${moduleName(candidate.file, rootOf(candidate, sources, files))}:${candidate.name}`;
}

function tellNone(files: readonly string[], findings: Findings): undefined {
  const seen = files.filter((file) => file.endsWith(".py"));
  const where = seen.length === 0 ? "there is no Python in it" : `looked at ${listed(seen)}`;
  findings.mendByKey("backend.module", `no \`NAME = FastAPI(...)\` was found; ${where}`, "app.main:app");
  return undefined;
}

function givenModule(
  given: string,
  bySetting: boolean,
  candidates: readonly Candidate[],
  files: readonly string[],
  findings: Findings,
): AppModule | undefined {
  const match = /^([A-Za-z_][\w.]*):([A-Za-z_]\w*)(\(\))?$/.exec(given);
  const where = bySetting ? "backend.module" : "[tool.fastapi] entrypoint in pyproject.toml";
  if (match === null) {
    findings.mendByKey("backend.module", `"${given}" of ${where} is not like app.main:app`, "app.main:app");
    return undefined;
  }
  const [, module = "", name = "", called] = match;
  const path = module.replaceAll(".", "/");
  const found = files
    .filter((file) => [`${path}.py`, `${path}/__init__.py`].some((end) => file === end || file.endsWith(`/${end}`)))
    .sort((a, b) => a.split("/").length - b.split("/").length);
  const file = found[0];
  if (file === undefined) {
    const known = candidates.map((candidate) => candidate.file);
    const others = known.length === 0 ? "" : `; applications are in ${listed(known)}`;
    findings.mendByKey(
      "backend.module",
      `${where} names ${module}, and there is no file ${path}.py${others}`,
      "app.main:app",
    );
    return undefined;
  }
  const factory =
    called !== undefined || candidates.some((one) => one.file === file && one.name === name && one.factory);
  const root = file.slice(
    0,
    file.length - (file.endsWith("/__init__.py") ? `${path}/__init__.py` : `${path}.py`).length,
  );
  return { target: `${module}:${name}`, factory, file, root: root.replace(/\/$/, "") };
}
