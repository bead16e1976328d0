import { docker, inspect, inspectAll, tryDocker } from "../engine/docker.ts";
import type { Log } from "../support/log.ts";
import { RECIPE_LABEL, STAND_IN_LABEL } from "./label.ts";

/** What the engine has under a base image's tag. */
export type Presence = "absent" | "official" | "stale" | "present";

type Labels = Record<string, string>;

interface ImageFacts {
  RepoTags: string[] | null;
  Config: { Labels: Labels | null } | null;
}

/** The value of a stand-in's recipe label. It names the tag, because images built on a stand-in inherit its labels. */
export function recipeMark(reference: string, recipeKey: string): string {
  return `${reference} ${recipeKey}`;
}

/** What the engine has under this tag: nothing, an image that is not ours, or a stand-in of another or of this recipe. */
export async function presenceOf(reference: string, recipeKey: string): Promise<Presence> {
  return presenceIn(reference, await labelsOf(reference), recipeKey);
}

/** The same of labels that are known; undefined where the engine has no such image. */
export function presenceIn(reference: string, labels: Labels | undefined, recipeKey: string): Presence {
  if (!labels) return "absent";
  if (!isStandIn(reference, labels)) return "official";
  return labels[RECIPE_LABEL] === recipeMark(reference, recipeKey) ? "present" : "stale";
}

/** Whether labels are those of a stand-in under this very tag, not of an image built on one. */
export function isStandIn(reference: string, labels: Labels): boolean {
  return labels[STAND_IN_LABEL] === "true" && (labels[RECIPE_LABEL] ?? "").startsWith(`${reference} `);
}

/** Removes the stand-ins, the Debian image and the node images that the sandbox made, unless something uses them. */
export async function removeStandIns(log: Log): Promise<void> {
  const standIns: string[] = [];
  for (const image of await listImages(`label=${RECIPE_LABEL}`)) {
    if (isStandIn(image, (await labelsOf(image)) ?? {})) standIns.push(image);
  }
  for (const image of new Set([...standIns, ...(await listImages("reference=todo-sandbox-*"))])) {
    const answer = await tryDocker(["image", "rm", image]);
    log(answer.code === 0 ? `removed the image ${image}` : `kept the image ${image}: it is in use`);
  }
}

/** The labels of those of these images that the engine has. */
export async function findLabels(references: readonly string[]): Promise<Map<string, Labels>> {
  const found = await inspectAll<ImageFacts>("image", references);
  return new Map(found.flatMap(({ RepoTags, Config }) => (RepoTags ?? []).map((tag) => [tag, Config?.Labels ?? {}])));
}

async function labelsOf(reference: string): Promise<Labels | undefined> {
  const facts = await inspect<ImageFacts>("image", reference);
  return facts && (facts.Config?.Labels ?? {});
}

async function listImages(filter: string): Promise<string[]> {
  const answer = await docker(["image", "ls", "--filter", filter, "--format", "{{.Repository}}:{{.Tag}}"]);
  return answer.split("\n").filter((name) => name && !name.includes("<none>"));
}
