import type { BaseImageKey, Configuration } from "../configuration/configuration.ts";
import type { ImageSource } from "./identity.ts";

/** The two parts that every deployment has. */
export const services = ["frontend", "backend"] as const;

/** One of them. */
export type Service = (typeof services)[number];

/** The base images that each Dockerfile takes by argument. */
const basesOf: Readonly<Record<Service, readonly BaseImageKey[]>> = {
  frontend: ["NODE_IMAGE", "NGINX_IMAGE"],
  backend: ["PYTHON_IMAGE", "UV_IMAGE"],
};

/** What the shipped application's image of a service is made of; arguments that are not set keep the Dockerfile's defaults. */
export function shippedSource(
  service: Service,
  { baseImages, platform }: Pick<Configuration, "baseImages" | "platform">,
): ImageSource {
  const replaced = basesOf[service].flatMap((key) => {
    const image = baseImages[key];
    return image === undefined ? [] : [[key, image] as const];
  });
  return {
    context: ".",
    dockerfile: `docker/${service}.Dockerfile`,
    args: Object.fromEntries(replaced),
    platform,
  };
}
