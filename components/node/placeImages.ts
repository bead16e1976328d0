import type * as pulumi from "@pulumi/pulumi";
import type { LocalConfiguration } from "../configuration/configuration.ts";
import type { ApplicationImage } from "../image/applicationImage.ts";
import { nodeTakesDatabaseImage } from "../release/values.ts";
import { NodeImage } from "./nodeImage.ts";
import { nodeTarget } from "./target.ts";

/**
 * Puts the images on the nodes of a cluster on this machine, each as soon as it is built.
 *
 * @param built - The images that the program built, by service.
 * @param databaseImage - The database's image, for a cluster whose nodes cannot pull it; the engine must have it.
 */
export function placeImages(
  configuration: LocalConfiguration,
  built: Readonly<Record<string, ApplicationImage>>,
  databaseImage: string,
): NodeImage[] {
  const target = nodeTarget(configuration);
  const place = (name: string, reference: string, opts?: pulumi.CustomResourceOptions) =>
    new NodeImage(`${name}-on-node`, { target, reference }, opts);
  const placed = Object.entries(built).map(([name, image]) =>
    place(name, image.reference, { parent: image, dependsOn: [...image.builds] }),
  );
  if (!nodeTakesDatabaseImage(configuration)) return placed;
  // The engine takes one resource after the other, and would wait for the nodes here; the questions have asked them already.
  const dependsOn = Object.values(built).flatMap(({ questions }) => questions);
  return [...placed, place("database", configuration.baseImages.POSTGRES_IMAGE ?? databaseImage, { dependsOn })];
}
