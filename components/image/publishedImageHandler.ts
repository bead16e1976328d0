import { isDeepStrictEqual } from "node:util";
import type { ResourceHandler } from "../provider/handlers.ts";

/** What the resource keeps of one image, all of it set by the check. */
export interface Publication {
  /** Name and tag; the tag names the content. */
  readonly reference: string;
  /** Whether this stack builds and pushes that content, or has done so. */
  readonly builds: boolean;
  /** The digest under which the registry had it already; empty where the build tells the digest. */
  readonly digest: string;
  /** Counts the builds: as an input it has one run also where nothing but the registry's content changed. */
  readonly generation: number;
  /** The reference that was deployed before this one, whose layers a build may begin with; empty for none. */
  readonly previous: string;
}

/** What the program asks for. */
export interface PublicationInputs extends Partial<Publication> {
  readonly reference: string;
  /** What the registry says: a digest, `absent`, or `unknown` where it could not be asked. */
  readonly found?: string;
}

/**
 * The check alone is handed the inputs of the last update: what the state knows stands, until the registry has lost it. A
 * digest that was deployed stays deployed, also when somebody else has pushed the tag again.
 */
export const publishedImageHandler: ResourceHandler<PublicationInputs> = {
  async check(olds, { reference, found = "unknown" }) {
    const { generation = 0, previous = "" } = olds;
    const same = olds.reference === reference;
    if (same && found !== "absent") return { inputs: olds as PublicationInputs };
    if (found.startsWith("sha256:")) {
      return { inputs: { reference, builds: false, digest: found, generation, previous: "" } };
    }
    const before = same ? previous : (olds.reference ?? "");
    return { inputs: { reference, builds: true, digest: "", generation: generation + 1, previous: before } };
  },
  async diff(olds, news) {
    return { changes: !isDeepStrictEqual({ ...olds }, { ...news }) };
  },
  async create({ reference }) {
    return reference.slice(0, reference.lastIndexOf(":"));
  },
};
