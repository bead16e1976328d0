// Copies from an application's folder what the installation of its dependencies reads, and no more: an edit of anything else
// leaves the copy as it was, and with it the layer of the dependencies.
//
//   node install-inputs.mjs APPLICATION TARGET
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const [from, to] = process.argv.slice(2);

/** Lockfiles, settings of the package managers, patches and what Yarn keeps beside it. */
const INPUTS = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  ".pnpmfile.cjs",
  "pnpmfile.cjs",
  "yarn.lock",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".yarn/patches",
  ".yarn/plugins",
  "patches",
];

/** Of package.json: whose edit changes nothing that is installed. The scripts run when the sources are there. */
const NOT_INSTALLED = ["version", "description", "scripts", "packageManager", "devEngines"];

for (const name of INPUTS) copy(name);
for (const manifest of manifests(from)) {
  const content = JSON.parse(readFileSync(manifest, "utf8"));
  for (const path of localDependencies(content)) copy(relative(from, join(dirname(manifest), path)));
  for (const key of NOT_INSTALLED) delete content[key];
  write(relative(from, manifest), `${JSON.stringify(content, null, 2)}\n`);
}

/** The package.json of the application and of every package of a workspace within it. */
function manifests(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : manifests(path);
    return entry.name === "package.json" && isJson(path) ? [path] : [];
  });
}

/** Some folders hold a package.json for tests of their own, which need not even be one. */
function isJson(path) {
  try {
    const content = JSON.parse(readFileSync(path, "utf8"));
    return typeof content === "object" && content !== null;
  } catch {
    return false;
  }
}

/** Dependencies that are folders or archives within the application: `file:./vendor/charts.tgz`. */
function localDependencies({ dependencies = {}, devDependencies = {}, optionalDependencies = {} }) {
  return Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter((version) => typeof version === "string")
    .flatMap((version) => /^(?:file|link|portal):(?!\/|\.\.\/)(.+)$/.exec(version)?.[1] ?? []);
}

function copy(path) {
  if (path.split(sep).includes("..") || !existsSync(join(from, path))) return;
  mkdirSync(dirname(join(to, path)), { recursive: true });
  cpSync(join(from, path), join(to, path), { recursive: true });
}

function write(path, content) {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  writeFileSync(join(to, path), content);
}
