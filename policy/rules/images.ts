import { type Container, containersOf, type Manifest, placeOf, UNKNOWN } from "../manifest.ts";
import { mendBySetting, type Origin, type Rule, type Violation } from "../rule.ts";

/** An image whose name says which bytes run. */
export const images: Rule = {
  name: "image-by-digest",
  description: "An image must not be latest or without a tag; production runs images by digest.",
  check: (objects, origin) =>
    objects.flatMap((object) => containersOf(object).flatMap((container) => checkImage(object, container, origin))),
};

function checkImage(object: Manifest, { name, image }: Container, origin: Origin): Violation[] {
  const what = faultOf(image, origin.production);
  if (what === undefined) return [];
  const remedy = mendBySetting(
    object,
    origin,
    ["image.digest", "sha256:DIGEST"],
    `image: ${repositoryOf(image ?? "NAME")}@sha256:DIGEST`,
  );
  const ask = image === undefined ? "" : `   # the digest: docker buildx imagetools inspect ${image}`;
  return [{ what, where: placeOf(object, name, "image"), remedy: remedy + ask }];
}

function faultOf(image: string | undefined, production: boolean): string | undefined {
  if (image === undefined || image === "") return "it names no image";
  // What the update will push is known by its digest alone.
  if (image.includes(UNKNOWN) || /@sha256:[0-9a-f]{64}$/.test(image)) return undefined;
  const tag = tagOf(image);
  if (tag === undefined) return `"${image}" has no tag, which means latest: another image at any time`;
  if (tag === "latest") return `"${image}" is latest: another image at any time`;
  return production ? `"${image}" has no digest; its tag can be moved to another image` : undefined;
}

/** A colon before the last slash is a registry's port. */
function tagOf(image: string): string | undefined {
  const [last = ""] = image.split("@")[0]?.split("/").slice(-1) ?? [];
  return last.includes(":") ? last.split(":")[1] : undefined;
}

function repositoryOf(image: string): string {
  const [name = ""] = image.split("@");
  const tag = tagOf(image);
  return tag === undefined ? name : name.slice(0, -tag.length - 1);
}
