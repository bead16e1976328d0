import type { Log } from "../../commands/support/log.ts";
import type { Experiment, Figure, Side } from "../harness/experiment.ts";
import type { Group } from "../harness/groups.ts";
import { buildService } from "../place/containers.ts";
import { type Deployment, deployedImages, exposeBackend, kubectl } from "../place/deployment.ts";
import { DevProcess } from "../place/dev.ts";
import { backendEdit, frontendEdit } from "../place/edits.ts";
import { stream } from "../place/node.ts";
import { emptySide, preparePulumiUps } from "../place/pulumi.ts";
import { ensureRegistry, throughRegistry } from "../place/registry.ts";
import { untilServed } from "../place/rollout.ts";
import type { Surroundings } from "../place/surroundings.ts";

type Service = "backend" | "frontend";

const [devName, upName, pulumiName] = ["npm run dev", "npm run up", "pulumi up"];
const emptyName = "pulumi up of an empty program";
const layersName = "plain commands, new layers alone";
const wholeName = "plain commands, the whole image";

/** From the edit of a line to the new version's answer through a port of the node. */
export const edit: Group<Surroundings> = {
  name: "edit",
  open: async (surroundings, log) => {
    const deployment = await surroundings.deployment(log);
    await exposeBackend(deployment);
    return [
      ...(await experimentsOf("backend", { runs: 5, quickRuns: 1 }, surroundings, deployment, log)),
      ...(await experimentsOf("frontend", { runs: 3, quickRuns: 0 }, surroundings, deployment, log)),
    ];
  },
};

async function experimentsOf(
  service: Service,
  runs: Pick<Experiment, "runs" | "quickRuns">,
  surroundings: Surroundings,
  deployment: Deployment,
  log: Log,
): Promise<Experiment[]> {
  const ups = await preparePulumiUps(surroundings, deployment, log);
  const editor = await surroundings.editor("own", service === "backend" ? backendEdit : frontendEdit);
  const floors = await floorSides(service, surroundings, deployment, log);
  const dev = new DevProcess(deployment, surroundings);
  const own = (name: string, act: () => Promise<unknown>, skipped?: string): Side => ({
    name,
    ...(skipped === undefined ? {} : { skipped }),
    measure: async () => {
      const reading = await untilServed(deployment, editor, act);
      surroundings.noteImages(...(await deployedImages(deployment)));
      return reading;
    },
  });
  const byDev = own(devName, () => dev.nextDeployment(), dev.skipped);
  const byUp = own(upName, () => deployment.own.run("npm", "run", "--silent", "up"));
  const byPulumi = own(pulumiName, ups.own, ups.skipped);
  return [
    {
      name: `${service}, by dev`,
      ...runs,
      sides: [
        {
          ...byDev,
          measure: async () => {
            await dev.start();
            return byDev.measure();
          },
        },
        ...floors,
      ],
      figures: [byDevFigure(service)],
      close: () => dev.stop(),
    },
    {
      name: `${service}, by up`,
      ...runs,
      sides: [byUp, byPulumi, emptySide(ups, "answer"), ...floors],
      figures: byUpFigures(service),
    },
  ];
}

async function floorSides(
  service: Service,
  surroundings: Surroundings,
  deployment: Deployment,
  log: Log,
): Promise<Side[]> {
  const { floor, cluster } = deployment;
  const editor = await surroundings.editor("floor", service === "backend" ? backendEdit : frontendEdit);
  const registry = await ensureRegistry(surroundings, log);
  const host = "name" in registry ? `${registry.name}/` : "";
  const through = (name: string, prefix: string, send: (reference: string) => Promise<unknown>): Side => ({
    name,
    measure: () =>
      untilServed(deployment, editor, (mark) =>
        byHand(surroundings, deployment, { service, reference: `${prefix}todo-bench-${service}:${mark}`, send }),
      ),
  });
  const layers = through(layersName, host, (reference) => throughRegistry(floor, cluster, reference));
  return [
    "skipped" in registry ? { ...layers, skipped: registry.skipped } : layers,
    through(wholeName, "", (reference) => stream(floor, cluster, reference)),
  ];
}

/** An image by its reference, and how it gets to the node. */
interface Hand {
  readonly service: Service;
  readonly reference: string;
  readonly send: (reference: string) => Promise<unknown>;
}

/** The shortest sequence of plain commands from an edit to a new version. */
async function byHand(
  surroundings: Surroundings,
  deployment: Deployment,
  { service, reference, send }: Hand,
): Promise<void> {
  surroundings.noteImages(reference);
  await buildService(deployment.floor, service, reference);
  await send(reference);
  const name = `deployment/todo-${service}`;
  await kubectl(deployment, "set", "image", name, `*=${reference}`);
  await kubectl(deployment, "rollout", "status", name, "--timeout", "120s");
}

const answer = (side: string, times?: number) => ({ side, value: "answer", ...(times === undefined ? {} : { times }) });

const byDevFigure = (service: Service): Figure => ({
  name: `${service}, a line edited, by npm run dev`,
  unit: "s",
  own: answer(devName),
  floors: [[answer(layersName)], [answer(wholeName)]],
  limit: { of: "ratio", is: "at most", value: 1.3 },
});

const byUpFigures = (service: Service): Figure[] => [
  {
    name: `${service}, a line edited, by npm run up`,
    unit: "s",
    own: answer(upName),
    floors: [[answer(layersName)], [answer(wholeName)]],
  },
  {
    name: `${service}, a line edited, by pulumi up`,
    unit: "s",
    own: answer(pulumiName),
    floors: [
      [answer(layersName), answer(emptyName, 1.2)],
      [answer(wholeName), answer(emptyName, 1.2)],
    ],
    limit: { of: "ratio", is: "at most", value: 1 },
  },
  {
    name: `${service}, by plain commands: the whole image beside its new layers`,
    unit: "s",
    own: answer(wholeName),
    floors: [[answer(layersName)]],
  },
];
