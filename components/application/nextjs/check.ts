import type { ApplicationFolder } from "../folder.ts";
import type { ApplicationProblem } from "../recipe.ts";
import type { FrontendSettings } from "../settings.ts";
import { enumerate, type Findings, ownDockerfile, setKey } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import type { Output } from "./rendering.ts";
import { ignoredConfigNotes, startNotes } from "./surprises.ts";
import { admitsMajor } from "./versions.ts";

/** The major version of Node in the base image, `node:24-slim`. */
const nodeMajor = 24;

/** What is looked at. */
export interface Checked {
  readonly service: string;
  readonly folder: ApplicationFolder;
  readonly manifest: Manifest;
  readonly settings: FrontendSettings;
  readonly output: Output;
  readonly nodeImage: string | undefined;
}

/** Looks for what would let the build fail, or surprise: it is said before anything is built. */
export async function checkApplication(checked: Checked): Promise<Findings> {
  const paths = await checked.folder.list();
  const problems = [
    ...nextProblems(checked, paths),
    ...(await pageProblems(checked, paths)),
    ...outsideProblems(checked),
    ...apiPathProblems(checked),
  ];
  const notes = [
    ...nodeNotes(checked),
    ...(await registryNotes(checked)),
    ...validationNotes(checked),
    ...ignoredConfigNotes(paths),
    ...startNotes(checked.service, checked.manifest, checked.output),
    ...apiPathNotes(checked),
  ];
  return { problems, notes };
}

/** Where the folder is a workspace's root, the application is one of its packages. */
function nextProblems({ service, manifest }: Checked, paths: readonly string[]): readonly ApplicationProblem[] {
  if (manifest.dependencies.next !== undefined) return [];
  const packages = paths.filter((path) => path.endsWith("/package.json")).map((path) => path.slice(0, -13));
  const within = packages.length === 0 ? "" : `; there are further packages in ${enumerate(packages)}`;
  return [
    {
      message: `package.json does not depend on "next", and Next.js is what a frontend without a Dockerfile is taken for${within}`,
      remedy: ownDockerfile(service),
    },
  ];
}

async function pageProblems(
  { service, folder }: Checked,
  paths: readonly string[],
): Promise<readonly ApplicationProblem[]> {
  if (paths.some((path) => /^(src\/)?(app|pages)\//.test(path))) return [];
  return [
    {
      key: `${service}.path`,
      message: `${folder.path} has none of the folders app, src/app, pages and src/pages, of which Next.js makes the pages`,
      remedy: setKey(service, "path", "../my-frontend"),
    },
  ];
}

/** Dependencies that lie outside of the folder, which is all that the build sees. */
function outsideProblems({ service, manifest, folder }: Checked): readonly ApplicationProblem[] {
  const outside = Object.entries(manifest.dependencies).filter(([, version]) => {
    return (
      /^(file|link|portal):(\.\.\/|\/)/.test(version) || (version.startsWith("workspace:") && !manifest.hasWorkspaces)
    );
  });
  if (outside.length === 0) return [];
  const names = enumerate(outside.map(([name, version]) => `${name} (${version})`));
  const message = `its package.json asks for ${names}, which lies outside of ${folder.path}`;
  const remedy = `${setKey(service, "path", "..")} && ${setKey(service, "dockerfile", "path/to/Dockerfile")}   (one that builds both)`;
  return [{ message, remedy }];
}

function apiPathProblems({ service, settings, output }: Checked): readonly ApplicationProblem[] {
  const { apiPath } = settings;
  if (output !== "export" || apiPath === undefined || /^(\/[A-Za-z0-9_-]+)+$/.test(apiPath)) return [];
  const message = `is ${apiPath}: it must look like /api, of letters, digits, - and _, and leave the rest to the page`;
  return [{ key: `${service}.apiPath`, message, remedy: setKey(service, "apiPath", "/api") }];
}

function apiPathNotes({ service, settings, output }: Checked): readonly string[] {
  if (output === "export" || (settings.apiPath === undefined && settings.apiStripPath === undefined)) return [];
  return [
    `${service}.apiPath and ${service}.apiStripPath have no effect: with Next's server its rewrites and routes reach the backend, at BACKEND_URL`,
  ];
}

function nodeNotes({ manifest: { node }, nodeImage }: Checked): readonly string[] {
  if (node === undefined || nodeImage !== undefined || admitsMajor(node, nodeMajor)) return [];
  const major = /\d+/.exec(node)?.[0] ?? "22";
  return [
    `Its package.json asks for Node ${node}, and the image has ${nodeMajor}: pulumi config set --path baseImages.NODE_IMAGE node:${major}-slim`,
  ];
}

/** The build knows no secrets: an image keeps what it was built with. */
async function registryNotes({ service, folder }: Checked): Promise<readonly string[]> {
  const files = await Promise.all(
    [".npmrc", ".yarnrc.yml"].map(async (name) => ({ name, text: (await folder.read(name)) ?? "" })),
  );
  return files
    .filter(({ text }) => /(_auth|_authToken|_password|npmAuthToken|npmAuthIdent)\s*[=:]/.test(text))
    .map(
      ({ name }) =>
        `${name} logs in to a registry, for which the build has no secret: vendor what comes from there, or ${ownDockerfile(service)}`,
    );
}

function validationNotes({ service, manifest, settings }: Checked): readonly string[] {
  if (manifest.dependencies["@t3-oss/env-nextjs"] === undefined) return [];
  if (settings.buildEnv?.SKIP_ENV_VALIDATION !== undefined) return [];
  return [
    `@t3-oss/env-nextjs checks the variables while the image is built, where there are no secrets: ${setKey(service, "buildEnv.SKIP_ENV_VALIDATION", "1")}`,
  ];
}
