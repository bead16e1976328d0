import { shell } from "../shell.ts";
import type { Handler, Machine, ResourceInputs } from "../types.ts";

/** `docker:index/image:Image`: built when the engine lacks the tag, which names the content. */
export const imageHandler: Handler = async ({ inputs }, machine) => {
  const imageName = inputs.imageName as string;
  const present = (await machine.images()).get(imageName);
  const state = (id: string) => ({ ...inputs, imageName, baseImageName: imageName, repoDigest: id });
  if (present !== undefined) return { id: imageName, state: state(present) };
  const apply = async () => {
    await build(machine, imageName, inputs.build);
    const built = await imageId(machine, imageName);
    if (built === undefined) throw new Error(`${imageName} was built, but the engine does not have it.`);
    return state(built);
  };
  return { id: imageName, state: state(""), change: { summary: `image ${imageName}: build`, apply } };
};

/** The program's own `BuildGeneration`: the engine is asked for each image anyway. */
export const buildGenerationHandler: Handler = async ({ name, inputs }) => ({
  id: name,
  state: { ...inputs, generation: 0 },
});

/** The program's own `PublishedImage`, which a production stack has. */
export const publishedImageHandler: Handler = async ({ inputs }) => {
  throw new Error(
    `${inputs.reference} would be pushed to a registry. The sandbox's runner never pushes: install the Pulumi CLI, https://www.pulumi.com/docs/install/`,
  );
};

async function build(machine: Machine, imageName: string, source: ResourceInputs): Promise<void> {
  machine.log(`Building ${imageName} ...`);
  const args = Object.entries(source.args as Record<string, string>).flatMap(([key, value]) => [
    "--build-arg",
    `${key}=${value}`,
  ]);
  const steps = (line: string) => {
    if (/^#\d+ \[.*\] (RUN|COPY)/.test(line)) machine.log(`  ${line.replace(/^#\d+ /, "").slice(0, 140)}`);
  };
  await shell(
    machine.docker,
    [
      "build",
      "--progress",
      "plain",
      "--file",
      source.dockerfile,
      "--tag",
      imageName,
      "--platform",
      source.platform,
      ...args,
      source.context,
    ],
    { progress: steps },
  ).catch((error: Error) => {
    throw new Error(`The image ${imageName} was not built (${source.dockerfile}): ${error.message}`, { cause: error });
  });
}

async function imageId(machine: Machine, reference: string): Promise<string | undefined> {
  const inspect = ["image", "inspect", "--format", "{{.Id}}", reference];
  return shell(machine.docker, inspect).then(
    (text) => text.trim(),
    () => undefined,
  );
}
