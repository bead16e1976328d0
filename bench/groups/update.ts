import type { Figure, Side } from "../harness/experiment.ts";
import type { Group } from "../harness/groups.ts";
import { type Deployment, deployedImages, helm, kubectl } from "../place/deployment.ts";
import { ctr } from "../place/node.ts";
import { untilAnswered } from "../place/poll.ts";
import { emptySide, preparePulumiUps } from "../place/pulumi.ts";
import type { Surroundings } from "../place/surroundings.ts";

const [upName, previewName, plainName, pulumiName] = ["npm run up", "npm run preview", "plain commands", "pulumi up"];
const emptyName = "pulumi up of an empty program";

/** What an update costs that changes nothing. */
export const update: Group<Surroundings> = {
  name: "update",
  open: async (surroundings, log) => {
    const deployment = await surroundings.deployment(log);
    const ups = await preparePulumiUps(surroundings, deployment, log);
    const { own } = deployment;
    const images = await deployedImages(deployment);
    const npm = (name: string, command: string, expected: RegExp): Side => ({
      name,
      measure: () => timed(async () => requireText(await own.run("npm", "run", "--silent", command), expected)),
    });
    const engine: Side = {
      name: pulumiName,
      ...(ups.skipped === undefined ? {} : { skipped: ups.skipped }),
      measure: () => timed(async () => requireText(await ups.own(), /^Resources:\s+\d+ unchanged\s*$/m)),
    };
    const sides = [
      npm(upName, "up", /^Nothing changed/m),
      npm(previewName, "preview", /./),
      { name: plainName, measure: () => timed(() => askEverything(deployment, images)) },
      engine,
      emptySide(ups, "time"),
    ];
    return [{ name: "nothing changed", runs: 7, quickRuns: 2, sides, figures }];
  },
};

const figure = (name: string, own: string, floor: string, limit?: Figure["limit"]): Figure => ({
  name,
  unit: "s",
  own: { side: own, value: "time" },
  floors: [[{ side: floor, value: "time" }]],
  ...(limit === undefined ? {} : { limit }),
});

const figures = [
  figure("npm run up, nothing changed", upName, plainName, { of: "own", is: "at most", value: 1.5 }),
  figure("npm run preview, nothing changed", previewName, plainName),
  figure("pulumi up, nothing changed", pulumiName, emptyName, { of: "ratio", is: "at most", value: 1.3 }),
];

/** What has to be asked in order to know: the engine, the node, the release, its pods and the page; all at once. */
async function askEverything(deployment: Deployment, images: readonly string[]): Promise<void> {
  const { floor, cluster, url } = deployment;
  await Promise.all([
    floor.run("docker", "image", "inspect", ...images),
    floor.run(...ctr(cluster.node, "images", "list", "--quiet")),
    helm(deployment, "status", "todo", "--output", "json"),
    kubectl(deployment, "get", "pods", "--output", "json"),
    untilAnswered(`${url}/api/version`, ({ status }) => status === 200, { timeoutMs: 5000 }),
  ]);
}

async function timed(work: () => Promise<void>): Promise<{ time: number }> {
  const since = performance.now();
  await work();
  return { time: (performance.now() - since) / 1000 };
}

/** Fast and wrong is no figure. */
function requireText(printed: string, expected: RegExp): void {
  if (!expected.test(printed)) throw new Error(`it did not print ${expected} but:\n${printed}`);
}
