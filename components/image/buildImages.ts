import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../configuration/configuration.ts";
import { nodeTarget } from "../node/target.ts";
import { ApplicationImage } from "./applicationImage.ts";
import type { ByComponent, ImagePlan, ImagePlans } from "./plan.ts";

/**
 * Builds all images, in parallel, as far as a registry does not have them.
 *
 * @param plans - What each is made of, from `planImages`.
 */
export function buildImages(
  plans: ImagePlans,
  configuration: Configuration,
  opts?: pulumi.ComponentResourceOptions,
): ByComponent<ApplicationImage> {
  const to =
    configuration.profile === "local"
      ? { target: nodeTarget(configuration) }
      : { registry: { login: configuration.registryLogin, dockerConfig: configuration.dockerConfig } };
  const build = (component: string, { source, name, tag }: ImagePlan) =>
    new ApplicationImage(component, { repository: repositoryOf(name, configuration), tag, source, to }, opts);
  const { frontend, backend, ...others } = plans;
  return {
    ...Object.fromEntries(Object.entries(others).map(([component, plan]) => [component, build(component, plan)])),
    frontend: build("frontend", frontend),
    backend: build("backend", backend),
  };
}

function repositoryOf(name: string, configuration: Configuration): string {
  return configuration.profile === "production" ? `${configuration.registry}/${name}` : name;
}
