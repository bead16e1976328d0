import type { ApplicationFolder } from "../folder.ts";
import { type Findings, ownDockerfile, setKey } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { workspaceAbove } from "./workspace.ts";

/** What installs the dependencies; Yarn 1 and later Yarns are two programs. */
export interface PackageManager {
  readonly kind: "npm" | "pnpm" | "yarn-classic" | "yarn";
  /** What npm installs to have it, such as `pnpm@12.21.0`; undefined: npm itself, as the base image has it. */
  readonly spec?: string;
}

/** Files that say which manager the versions were written down by, in the order that decides among several. */
const lockfiles = ["pnpm-lock.yaml", "yarn.lock", "package-lock.json", "npm-shrinkwrap.json", "bun.lock", "bun.lockb"];

/** The manager of each lockfile, by the name that `packageManager` has for it. */
const managerOf = (lockfile: string): string =>
  lockfile.startsWith("pnpm")
    ? "pnpm"
    : lockfile.startsWith("bun")
      ? "bun"
      : lockfile.startsWith("yarn")
        ? "yarn"
        : "npm";

/** What each manager is called by npm, with the version for lockfiles of no named version. */
const pinned = {
  pnpm: "pnpm@12.21.0",
  /** Reads settings in package.json, which later ones do not. */
  pnpm10: "pnpm@10.34.8",
  pnpm8: "pnpm@8.15.9",
  pnpm7: "pnpm@7.33.7",
  yarnClassic: "yarn@1.22.22",
  yarn3: "@yarnpkg/cli-dist@3.8.7",
  yarn49: "@yarnpkg/cli-dist@4.9.4",
  yarn4: "@yarnpkg/cli-dist@4.18.1",
} as const;

/** What writes a lockfile. */
const lockCommands: Readonly<Record<PackageManager["kind"], string>> = {
  npm: "npm install --package-lock-only",
  pnpm: "pnpm install --lockfile-only",
  "yarn-classic": "yarn install",
  yarn: "yarn install --mode=update-lockfile",
};

/** Finds what the dependencies are installed by: the manager of the lockfile, in the version that the application names. */
export async function findPackageManager(
  service: string,
  folder: ApplicationFolder,
  manifest: Manifest,
): Promise<Findings & { readonly manager: PackageManager }> {
  const found = (await folder.list()).filter((path) => lockfiles.includes(path));
  const [named, version] = /^(\w+)@([^+]+)/.exec(manifest.packageManager ?? "")?.slice(1) ?? [];
  const lockfile = lockfiles.filter((name) => found.includes(name)).sort((a, b) => rank(a, named) - rank(b, named))[0];
  if (lockfile === undefined) return withoutLockfile(service, folder, named, version);
  const kind = managerOf(lockfile);
  const text = (await folder.read(lockfile)) ?? "";
  const exact = named === kind ? version : undefined;
  const notes =
    found.length === 1
      ? []
      : [
          `Of ${found.join(", ")}, ${lockfile} is taken: remove the others, or name one in package.json's "packageManager"`,
        ];
  if (kind === "bun") return { manager: { kind: "npm" }, problems: [bunProblem(service, lockfile)], notes };
  if (kind === "npm") return { manager: { kind: "npm" }, problems: [], notes };
  const yarnPath = /^yarnPath:.*yarn-(\d[\w.-]*)\.c?js/m.exec((await folder.read(".yarnrc.yml")) ?? "")?.[1];
  const manager = kind === "pnpm" ? pnpm(text, exact, manifest) : yarn(text, exact ?? yarnPath);
  return { manager, problems: [], notes };
}

/** The manager that package.json names comes before all others. */
function rank(lockfile: string, named: string | undefined): number {
  return managerOf(lockfile) === named ? -1 : lockfiles.indexOf(lockfile);
}

function pnpm(lockfile: string, exact: string | undefined, manifest: Manifest): PackageManager {
  if (exact !== undefined) return { kind: "pnpm", spec: `pnpm@${exact}` };
  const format = Number(/^lockfileVersion:\s*["']?(\d+)/m.exec(lockfile)?.[1] ?? 9);
  if (format < 6) return { kind: "pnpm", spec: pinned.pnpm7 };
  if (format < 9) return { kind: "pnpm", spec: pinned.pnpm8 };
  return { kind: "pnpm", spec: manifest.hasPnpmSettings ? pinned.pnpm10 : pinned.pnpm };
}

/** Only later Yarns write `__metadata`; its version 8 came with Yarn 4, and a Yarn refuses a frozen lockfile of another version. */
function yarn(lockfile: string, exact: string | undefined): PackageManager {
  const format = /^__metadata:\s*\n\s+version:\s*(\d+)/m.exec(lockfile)?.[1];
  if (format === undefined && lockfile !== "")
    return { kind: "yarn-classic", spec: exact?.startsWith("1.") ? `yarn@${exact}` : pinned.yarnClassic };
  if (exact !== undefined) return yarnOf(exact);
  const number = Number(format ?? 10);
  return { kind: "yarn", spec: number < 8 ? pinned.yarn3 : number === 8 ? pinned.yarn49 : pinned.yarn4 };
}

function yarnOf(version: string): PackageManager {
  if (version.startsWith("1.")) return { kind: "yarn-classic", spec: `yarn@${version}` };
  return { kind: "yarn", spec: `@yarnpkg/cli-dist@${version}` };
}

async function withoutLockfile(
  service: string,
  folder: ApplicationFolder,
  named: string | undefined,
  version = "",
): Promise<Findings & { readonly manager: PackageManager }> {
  const workspace = await workspaceAbove(folder.path);
  const problems = workspace === undefined ? [] : [workspaceProblem(service, workspace)];
  const manager: PackageManager =
    named === "pnpm" ? { kind: "pnpm", spec: `pnpm@${version}` } : named === "yarn" ? yarnOf(version) : { kind: "npm" };
  const notes = [
    `There is no lockfile, so each build may get other versions of the dependencies: \`${lockCommands[manager.kind]}\` in its folder writes one`,
  ];
  return { manager, problems, notes: problems.length === 0 ? notes : [] };
}

function bunProblem(service: string, lockfile: string) {
  const message = `its dependencies are locked by Bun (${lockfile}); npm, pnpm and Yarn are installed from their lockfiles`;
  return { message, remedy: `npm install --package-lock-only   (in its folder, or: ${ownDockerfile(service)})` };
}

function workspaceProblem(service: string, workspace: string) {
  const message = `it is part of the workspace in ${workspace}, whose lockfile and packages its folder alone does not have`;
  return {
    message,
    remedy: `${setKey(service, "path", workspace)} && ${setKey(service, "dockerfile", "path/to/Dockerfile")}   (one that builds the workspace)`,
  };
}
