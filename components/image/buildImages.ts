import type * as pulumi from "@pulumi/pulumi";
import type { BaseImageKey, Configuration } from "../configuration/configuration.ts";
import { nodeTarget } from "../node/target.ts";
import { ApplicationImage } from "./applicationImage.ts";
import { type ImageSource, imageTag } from "./identity.ts";

/** The parts of the application that are built from source. */
export const services = ["frontend", "backend"] as const;

/** One part of the application. */
export type Service = (typeof services)[number];

/** The base images that each Dockerfile takes by argument. */
const basesOf: Readonly<Record<Service, readonly BaseImageKey[]>> = {
  frontend: ["NODE_IMAGE", "NGINX_IMAGE"],
  backend: ["PYTHON_IMAGE", "UV_IMAGE"],
};

/** What an image is made of, and the tag that says so. */
export interface NamedSource {
  readonly source: ImageSource;
  readonly tag: string;
}

/**
 * Reads the files of every image.
 *
 * @param version - The application's version, the first half of each tag.
 * @throws Error when a Dockerfile or an ignore file cannot be read.
 */
export async function readImageSources(
  version: string,
  configuration: Configuration,
): Promise<Record<Service, NamedSource>> {
  const named = async (service: Service): Promise<NamedSource> => {
    const source = imageSource(service, version, configuration);
    const tag = await imageTag(version, source);
    return { source: withContentHash(source, tag), tag };
  };
  const [frontend, backend] = await Promise.all([named("frontend"), named("backend")]);
  return { frontend, backend };
}

/**
 * Builds the images of all services, in parallel, as far as a registry does not have them.
 *
 * @param sources - What each is made of, from `readImageSources`.
 */
export function buildImages(
  sources: Readonly<Record<Service, NamedSource>>,
  configuration: Configuration,
  opts?: pulumi.ComponentResourceOptions,
): Record<Service, ApplicationImage> {
  const to =
    configuration.profile === "local"
      ? { target: nodeTarget(configuration) }
      : { registry: { login: configuration.registryLogin, dockerConfig: configuration.dockerConfig } };
  const build = (service: Service) =>
    new ApplicationImage(service, { repository: repositoryOf(service, configuration), ...sources[service], to }, opts);
  return { frontend: build("frontend"), backend: build("backend") };
}

/** What one service's image is made of; the arguments that are not set keep the Dockerfile's defaults. */
export function imageSource(
  service: Service,
  version: string,
  configuration: Pick<Configuration, "baseImages" | "platform" | "sourceUrl">,
): ImageSource {
  const replaced = basesOf[service].flatMap((key) => {
    const image = configuration.baseImages[key];
    return image === undefined ? [] : [[key, image] as const];
  });
  return {
    context: ".",
    dockerfile: `docker/${service}.Dockerfile`,
    args: {
      APP_VERSION: version,
      ...(configuration.sourceUrl === undefined ? {} : { SOURCE_URL: configuration.sourceUrl }),
      ...Object.fromEntries(replaced),
    },
    platform: configuration.platform,
  };
}

/** The same with the hash of a tag as an argument, by which the image can name its content in a label. */
export function withContentHash(source: ImageSource, tag: string): ImageSource {
  return { ...source, args: { ...source.args, CONTENT_HASH: tag.slice(tag.lastIndexOf("-") + 1) } };
}

function repositoryOf(service: Service, configuration: Configuration): string {
  return configuration.profile === "production" ? `${configuration.registry}/todo-${service}` : `todo-${service}`;
}
