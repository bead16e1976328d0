import { UserError } from "../support/userError.ts";
import type { BaseImage } from "./list.ts";

/** How a stand-in is made: the folder in `recipes/` and what it needs to know. */
export interface Recipe {
  /** Name of the folder. */
  name: "node" | "python" | "uv" | "nginx-unprivileged" | "postgres";
  /** The part of the image's tag that decides what is installed, e.g. `24`, `3.13`, `0.13.8`. */
  version: string;
}

/** What Debian trixie has of programs that come from it; a stand-in of another version would not stand in. */
const DEBIAN_HAS = { python: "3.13", postgres: "17" };

/**
 * The recipe for an official image.
 * @throws `UserError` for one that there is no stand-in for
 */
export function recipeFor({ reference, from }: BaseImage): Recipe {
  const [repository, tag] = splitReference(reference);
  const version = /^[\d.]+/.exec(tag)?.[0] ?? "";
  switch (repository) {
    case "node":
      if (version) return { name: "node", version };
      break;
    case "python":
      if (version === DEBIAN_HAS.python) return { name: "python", version };
      break;
    case "postgres":
      if (version.split(".")[0] === DEBIAN_HAS.postgres) return { name: "postgres", version: DEBIAN_HAS.postgres };
      break;
    case "ghcr.io/astral-sh/uv":
      if (version || tag === "latest") return { name: "uv", version: version || tag };
      break;
    case "nginxinc/nginx-unprivileged":
      return { name: "nginx-unprivileged", version: tag };
  }
  throw new UserError(
    `The sandbox has no stand-in for the base image ${reference} in ${from}: it knows node:<version>, ` +
      `python:${DEBIAN_HAS.python}, postgres:${DEBIAN_HAS.postgres}, ghcr.io/astral-sh/uv:<version> and ` +
      "nginxinc/nginx-unprivileged. Load the image itself (docker load), or name one of these.",
  );
}

/** A reference's name and tag; the tag is `latest` where there is none. */
export function splitReference(reference: string): [string, string] {
  const colon = reference.lastIndexOf(":");
  // A colon before the last slash belongs to a registry's port.
  if (colon <= reference.lastIndexOf("/")) return [reference, "latest"];
  return [reference.slice(0, colon), reference.slice(colon + 1)];
}
