import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "../../components/yaml.ts";

/** A base image and who asks for it. */
export interface BaseImage {
  /** As it is written there, e.g. `node:24-slim`. */
  reference: string;
  /** Where it is written, for messages, e.g. `docker/frontend.Dockerfile (NODE_IMAGE)`. */
  from: string;
}

/** The base images that the Dockerfiles and the chart of a checkout name, each once. */
export async function listBaseImages(checkout: string): Promise<BaseImage[]> {
  const images: BaseImage[] = [];
  const dockerfiles = (await readdir(join(checkout, "docker"))).filter((file) => file.endsWith(".Dockerfile")).sort();
  for (const file of dockerfiles) {
    const path = join("docker", file);
    images.push(...baseImagesOf(await readFile(join(checkout, path), "utf8"), path));
  }
  const values = join("chart", "values.yaml");
  const database = databaseImageOf(await readFile(join(checkout, values), "utf8"), values);
  if (database) images.push(database);
  return images.filter((image, index) => images.findIndex(({ reference }) => reference === image.reference) === index);
}

/** The defaults of a Dockerfile's `ARG <NAME>_IMAGE=`. */
export function baseImagesOf(dockerfile: string, path: string): BaseImage[] {
  const args = dockerfile.matchAll(/^ARG\s+(\w+_IMAGE)=["']?([^\s"']+)/gm);
  return [...args].map(([, name, reference]) => ({ reference: reference as string, from: `${path} (${name})` }));
}

/** The image of the chart's own database. */
export function databaseImageOf(values: string, path: string): BaseImage | undefined {
  const image = (parseYaml(values) as { database?: { image?: { repository?: string; tag?: string } } })?.database
    ?.image;
  if (!image?.repository) return undefined;
  return { reference: `${image.repository}:${image.tag || "latest"}`, from: `${path} (database.image)` };
}
