import { type BuildConfiguration, type Part, prepareApplication } from "../application/prepare.ts";
import type { ChartValues, Configuration } from "../configuration/configuration.ts";
import { type ImageSource, imageTag } from "./identity.ts";
import { type Service, services, shippedSource } from "./shipped.ts";

/** An image that will be: what it is made of, how it is called, and what the chart is told of it. */
export interface ImagePlan {
  readonly source: ImageSource;
  /** The name without registry and tag, such as `todo-backend`. */
  readonly name: string;
  /** `<version>-<content hash>`. */
  readonly tag: string;
  /** The chart's values of this component that its sources decide; none for the shipped application. */
  readonly values: ChartValues;
  /** What was found of a person's own application; undefined for the shipped one. */
  readonly found?: Found;
}

/** What was found of a person's own application. */
export interface Found {
  /** Such as "FastAPI, with uv". */
  readonly title: string;
  /** What was guessed. */
  readonly notes: readonly string[];
  /** Whether the image surely has Python. */
  readonly hasPython: boolean;
}

/** Something of each component: of the two that every deployment has, and of further ones. */
export type ByComponent<Thing> = Readonly<Record<Service, Thing>> & Readonly<Record<string, Thing>>;

/** The images of a deployment: of its two services, and of further ones that are built. */
export type ImagePlans = ByComponent<ImagePlan>;

/** What of the stack's configuration decides which images there are. */
export type PlanConfiguration = BuildConfiguration &
  Pick<Configuration, "frontend" | "backend" | "services" | "releaseName">;

/**
 * Reads the files of every image.
 *
 * @param version - The shipped application's version, the first half of each tag; an own application may have its own.
 * @throws ApplicationError where an own application cannot be built, Error where a Dockerfile cannot be read.
 */
export async function planImages(version: string, configuration: PlanConfiguration): Promise<ImagePlans> {
  const further = ownParts(configuration).filter(({ service }) => !isService(service));
  const [frontend, backend, ...others] = await Promise.all([
    planService("frontend", version, configuration),
    planService("backend", version, configuration),
    ...further.map(async (part) => [part.service, await planOwn(part, version, configuration)] as const),
  ]);
  return { ...Object.fromEntries(others), frontend, backend };
}

/** The parts of a deployment that are a person's own. */
export function ownParts({
  frontend,
  backend,
  services: further,
}: Pick<PlanConfiguration, "frontend" | "backend" | "services">): Part[] {
  const given = Object.entries({ frontend, backend, ...further });
  return given.flatMap(([service, settings]) => {
    const application = settings?.application;
    return application === undefined ? [] : [{ service, settings: application }];
  });
}

function isService(name: string): name is Service {
  return (services as readonly string[]).includes(name);
}

async function planService(service: Service, version: string, configuration: PlanConfiguration): Promise<ImagePlan> {
  const own = ownParts(configuration).find((part) => part.service === service);
  if (own !== undefined) return planOwn(own, version, configuration);
  return planShipped(service, version, configuration);
}

/** What of a stack's configuration decides what the shipped application's images are. */
export type ShippedConfiguration = Pick<Configuration, "baseImages" | "platform" | "sourceUrl">;

/** The image of the shipped application's frontend or backend. */
export async function planShipped(
  service: Service,
  version: string,
  configuration: ShippedConfiguration,
): Promise<ImagePlan> {
  const source = shippedSource(service, configuration);
  return { ...(await named(source, version, configuration)), name: `todo-${service}`, values: {} };
}

async function planOwn(part: Part, version: string, configuration: PlanConfiguration): Promise<ImagePlan> {
  const { source, recipe } = await prepareApplication(part, configuration);
  return {
    ...(await named(source, tagVersion(recipe.version) ?? version, configuration)),
    name: `${configuration.releaseName}-${part.service}`,
    values: recipe.values,
    found: { title: recipe.title, notes: recipe.notes, hasPython: recipe.bases.includes("PYTHON_IMAGE") },
  };
}

/** An image names its version, its content and where its sources are, in labels. */
async function named(source: ImageSource, version: string, { sourceUrl }: ShippedConfiguration) {
  const common = { APP_VERSION: version, ...(sourceUrl === undefined ? {} : { SOURCE_URL: sourceUrl }) };
  const complete = { ...source, args: { ...common, ...source.args } };
  const tag = await imageTag(version, complete);
  const hash = tag.slice(tag.lastIndexOf("-") + 1);
  return { source: { ...complete, args: { ...complete.args, CONTENT_HASH: hash } }, tag };
}

/** What a tag may hold: https://docs.docker.com/reference/cli/docker/image/tag/ */
function tagVersion(version: string | undefined): string | undefined {
  const text = version
    ?.replace(/[^\w.-]/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 60);
  return text === "" ? undefined : text;
}
