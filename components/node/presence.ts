import { nodeRuntime } from "./minikubeRuntime.ts";
import { type CommandRunner, localCommands } from "./process.ts";
import { askingOnce } from "./recently.ts";
import { firstNode, type NodeCommands, type NodeTarget, nodeCommands, normalizedReference } from "./target.ts";

/** The questions of one preview: the same for each image. */
const questions = askingOnce(localCommands);

/** The nodes of one cluster and the commands that reach them. */
export interface Nodes {
  readonly commands: NodeCommands;
  readonly names: readonly string[];
}

/**
 * Finds the nodes of a cluster. Docker Desktop runs its nodes on the engine that builds, so there is nothing to fill.
 *
 * @throws Error when the cluster has no node.
 */
export async function findNodes(target: NodeTarget, run: CommandRunner = questions): Promise<Nodes> {
  const commands = nodeCommands(target, await nodeRuntime(target));
  if (target.kind === "docker-desktop") return { commands, names: [] };
  if (run === questions) askFirstNode(commands, target);
  const names = words(await run.output(commands.listNodes));
  if (names.length === 0) {
    throw new Error(`The ${target.kind} cluster "${target.context}" has no running node. Start it with: npm run up`);
  }
  return { commands, names };
}

/** Asks the first node for its images while the engine tells which nodes there are; where it has another name, nothing comes of it. */
function askFirstNode({ listImages }: NodeCommands, target: NodeTarget): void {
  questions.output(listImages(firstNode(target))).catch(() => undefined);
}

/** The nodes that lack an image. A tag names its content, so a node that has the tag has the image. */
export async function nodesWithout(reference: string, nodes: Nodes, run: CommandRunner = questions): Promise<string[]> {
  const wanted = [reference, normalizedReference(reference)];
  const lacking = await Promise.all(
    nodes.names.map(async (node) => {
      const present = new Set(words(await run.output(nodes.commands.listImages(node))));
      return wanted.some((name) => present.has(name)) ? [] : [node];
    }),
  );
  return lacking.flat();
}

/**
 * Asks the nodes ahead, while an image is being built, what `ensureOnNodes` will ask: it finds the answers where they are
 * fresh.
 */
export async function askAhead(target: NodeTarget, reference: string): Promise<void> {
  const nodes = await findNodes(target);
  await Promise.all([nodesWithout(reference, nodes), askForLayers(nodes, questions)]);
}

/** Asks the nodes for their images, so that whoever asks next finds the answer fresh; a failure is told to them. */
export async function askForImages(target: NodeTarget): Promise<void> {
  try {
    const { commands, names } = await findNodes(target);
    await Promise.all(names.map((node) => questions.output(commands.listImages(node))));
  } catch {
    return;
  }
}

/** Whoever sends an image asks this again, and finds the answer fresh. */
async function askForLayers({ commands, names }: Nodes, run: CommandRunner): Promise<void> {
  const { layersOnNode } = await import("./delta/nodeLayers.ts");
  const nothing = Promise.resolve(new Map());
  await Promise.allSettled(names.map((node) => layersOnNode(commands.store, node, nothing, run)));
}

/**
 * Whether an image would have to be built again: the engine lacks it, and so does a node. With Docker Desktop the engine is
 * the node.
 *
 * @throws Error when the engine or the cluster does not answer.
 */
export async function isLost(target: NodeTarget, reference: string, run: CommandRunner = questions): Promise<boolean> {
  // All of them: the engine takes as long for one, and the answer serves the other images too.
  const built = words(await run.output(["docker", "images", "--format", "{{.Repository}}:{{.Tag}}"]));
  if (built.includes(reference)) return false;
  const nodes = await findNodes(target, run);
  return nodes.names.length === 0 || (await nodesWithout(reference, nodes, run)).length > 0;
}

/**
 * Puts an image on every node that lacks it: asks first, sends only then, and looks again where the loader did not name the
 * image, since its exit code alone proves nothing (`minikube image load` answers 0 for an image that does not exist).
 *
 * @returns The nodes that the image was sent to.
 * @throws Error when a node still lacks the image.
 */
export async function ensureOnNodes(
  target: NodeTarget,
  reference: string,
  run: CommandRunner = questions,
): Promise<string[]> {
  const nodes = await findNodes(target, run);
  // What is sent depends on it; whoever asks for an image to be there mostly has a new one.
  void askForLayers(nodes, run);
  const lacking = await nodesWithout(reference, nodes, run);
  if (lacking.length === 0) return [];
  // Only what sends needs what it is sent by.
  const { sendImage } = await import("./delta/sendImage.ts");
  const silent: string[] = [];
  for (const node of lacking) {
    const said = await sendImage(reference, node, nodes.commands, run);
    if (!said.includes(reference)) silent.push(node);
  }
  const still = await nodesWithout(reference, { ...nodes, names: silent }, run);
  if (still.length > 0) {
    throw new Error(
      `The image ${reference} was sent to ${still.join(", ")} but is not there. ` +
        "Is the node's disk full? See: npm run doctor",
    );
  }
  return lacking;
}

/**
 * Removes every tag of an image's repository from the nodes: what was put there goes with the stack. The runtime keeps
 * names of its own for the same content (containerd: `sha256:...`), and these hold its layers; they go too.
 */
export async function removeFromNodes(
  target: NodeTarget,
  reference: string,
  run: CommandRunner = localCommands,
): Promise<void> {
  const nodes = await findNodes(target, run);
  for (const node of nodes.names) {
    const ours = namesOfRepository(reference, await run.output(nodes.commands.listDigests(node)));
    if (ours.length > 0) await run.output(nodes.commands.remove(node, ours));
  }
}

/** The names of a repository's images in a node's list, and every other name of the same digests. */
function namesOfRepository(reference: string, list: string): string[] {
  const repositories = [reference, normalizedReference(reference)].map((name) =>
    name.slice(0, name.lastIndexOf(":") + 1),
  );
  const rows = list.split("\n").map((line) => line.trim().split(/\s+/));
  const tagged = rows.filter(([name = ""]) => repositories.some((repository) => name.startsWith(repository)));
  const digests = new Set(tagged.flatMap(([, , digest]) => digest ?? []));
  const untagged = rows.filter(([name = "", , digest]) => name.startsWith("sha256:") && digests.has(digest ?? ""));
  return [...tagged, ...untagged].flatMap(([name]) => name ?? []);
}

/** `minikube node list` prints a node's address behind its name. */
function words(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s/)[0] ?? "")
    .filter((word) => word !== "");
}
