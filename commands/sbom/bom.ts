/** A component of a CycloneDX document, as far as it is looked at here: https://cyclonedx.org/docs/1.6/json/#components */
export interface Component {
  readonly type: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly "bom-ref": string;
  readonly [field: string]: unknown;
}

/** What a component needs; by reference. */
export interface Dependency {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

/** What pnpm and uv write of their lockfiles. */
export interface LockBom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

/** A CycloneDX document of one image. */
export interface ImageBom {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly version: number;
  readonly metadata: { readonly component: Component; readonly properties: readonly Property[] };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

/** A name and a value that CycloneDX has no field for. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** What an image's document is made of. */
export interface ImageParts {
  /** `todo-backend` */
  readonly image: string;
  /** The tag, which names the content. */
  readonly tag: string;
  /** The commit that the sources are of; absent outside of a git repository. */
  readonly revision?: string;
  /** What the package manager says of the lockfile. */
  readonly lock: LockBom;
  /** What the image has besides. */
  readonly base: readonly Component[];
}

/**
 * Puts an image's parts together. There is no date and no random number in it: the same image has the same document.
 *
 * @returns The image as the root, the application below it with its graph of packages, and the base's packages beside.
 */
export function imageBom({ image, tag, revision, lock, base }: ImageParts): ImageBom {
  const root: Component = { type: "container", name: image, version: tag, "bom-ref": `${image}:${tag}` };
  const application = { ...lock.metadata.component, type: "application" };
  const components = [application, ...lock.components, ...base];
  const dependencies = new Map(lock.dependencies.map(({ ref, dependsOn = [] }) => [ref, [...dependsOn].sort()]));
  dependencies.set(root["bom-ref"], [application, ...base].map((component) => component["bom-ref"]).sort());
  for (const component of components) {
    if (!dependencies.has(component["bom-ref"])) dependencies.set(component["bom-ref"], []);
  }
  const commit = revision === undefined ? [] : [{ name: "org.opencontainers.image.revision", value: revision }];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: root, properties: commit },
    components: components.sort(byReference),
    dependencies: [...dependencies].map(([ref, dependsOn]) => ({ ref, dependsOn })).sort((a, b) => order(a.ref, b.ref)),
  };
}

function byReference(a: Component, b: Component): number {
  return order(a["bom-ref"], b["bom-ref"]);
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
