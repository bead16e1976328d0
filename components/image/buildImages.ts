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

/**
 * Builds the images of all services, in parallel.
 *
 * @param version - The application's version, the first half of each tag.
 * @throws Error when a Dockerfile or an ignore file cannot be read.
 */
export async function buildImages(
  version: string,
  configuration: Configuration,
  opts?: pulumi.ComponentResourceOptions,
): Promise<Record<Service, ApplicationImage>> {
  const [frontend, backend] = await Promise.all(
    services.map(async (service) => {
      const source = imageSource(service, version, configuration);
      const tag = await imageTag(version, source);
      const target = configuration.profile === "local" ? { target: nodeTarget(configuration) } : {};
      return new ApplicationImage(
        service,
        { repository: repositoryOf(service, configuration), tag, source, ...target },
        opts,
      );
    }),
  );
  if (frontend === undefined || backend === undefined) throw new Error("an image was not built");
  return { frontend, backend };
}

/** What one service's image is made of; the arguments that are not set keep the Dockerfile's defaults. */
export function imageSource(service: Service, version: string, configuration: Configuration): ImageSource {
  const replaced = basesOf[service].flatMap((key) => {
    const image = configuration.baseImages[key];
    return image === undefined ? [] : [[key, image] as const];
  });
  return {
    context: ".",
    dockerfile: `docker/${service}.Dockerfile`,
    args: { APP_VERSION: version, ...Object.fromEntries(replaced) },
    platform: configuration.platform,
  };
}

function repositoryOf(service: Service, configuration: Configuration): string {
  return configuration.profile === "production" ? `${configuration.registry}/todo-${service}` : `todo-${service}`;
}
