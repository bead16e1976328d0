/** The parts of an image reference, as the chart's values name them. */
export interface ImageReference {
  readonly repository: string;
  /** Empty where the reference has none. */
  readonly tag: string;
  /** `sha256:...`, empty where the reference has none. */
  readonly digest: string;
}

/** Takes a reference apart: https://github.com/distribution/reference#format */
export function parseReference(reference: string): ImageReference {
  const [name = "", digest = ""] = reference.split("@");
  const colon = name.lastIndexOf(":");
  // A colon before the last slash belongs to the registry's port.
  if (colon < name.lastIndexOf("/") || colon < 0) return { repository: name, tag: "", digest };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}
