import { randomBytes } from "node:crypto";
import { readChart } from "../../components/release/chart.ts";
import type { Experiment, Figure, Side } from "../harness/experiment.ts";
import type { Group } from "../harness/groups.ts";
import { type Deployment, deployedImages, helm, kubectl, namespace, release } from "../place/deployment.ts";
import { ctr, forget } from "../place/node.ts";
import { untilAnswered } from "../place/poll.ts";
import type { Surroundings } from "../place/surroundings.ts";

const [upName, helmName] = ["npm run up", "docker save | ctr import, helm upgrade --install --wait"];
const nothingName = "npm run up, from nothing built";

/** From a cluster that runs to the page's answer. */
export const first: Group<Surroundings> = {
  name: "first",
  open: async (surroundings, log) => {
    const deployment = await surroundings.deployment(log);
    return [await onBuiltImages(deployment), await fromNothing(surroundings, deployment)];
  },
};

async function onBuiltImages(deployment: Deployment): Promise<Experiment> {
  const byHelm = await helmByHand(deployment);
  const sides = [sideOf(upName, deployment, () => upFully(deployment)), sideOf(helmName, deployment, byHelm)];
  const figure: Figure = {
    name: "first deployment, images built",
    unit: "s",
    own: { side: upName, value: "time" },
    floors: [[{ side: helmName, value: "time" }]],
    limit: { of: "ratio", is: "at most", value: 1.5 },
  };
  return { name: "images built", runs: 3, quickRuns: 0, warmUp: false, sides, figures: [figure] };
}

/** Both Dockerfiles get a new first step each time: every layer is built again, and the package managers' caches stay. */
async function fromNothing(surroundings: Surroundings, deployment: Deployment): Promise<Experiment> {
  const copy = await surroundings.copy("own");
  const files = ["docker/backend.Dockerfile", "docker/frontend.Dockerfile"];
  const originals = files.map((file) => copy.read(file));
  const restore = () => {
    for (const [index, file] of files.entries()) copy.write(file, originals[index] ?? "");
  };
  const side = sideOf(nothingName, deployment, async () => {
    await upFully(deployment);
    surroundings.noteImages(...(await deployedImages(deployment)));
  });
  const measure = async () => {
    const step = `ENV BENCH=${randomBytes(5).toString("hex")}\n`;
    for (const [index, file] of files.entries())
      copy.write(
        file,
        (originals[index] ?? "").replaceAll(/^FROM \$\{(PYTHON|NODE)_IMAGE\}.*\n/gm, (line) => line + step),
      );
    return side.measure();
  };
  const figure: Figure = {
    name: "first deployment, from nothing built",
    unit: "s",
    own: { side: nothingName, value: "time" },
    limit: { of: "own", is: "at most", value: 60 },
  };
  const figures = [figure];
  return {
    name: "from nothing built",
    runs: 2,
    quickRuns: 0,
    warmUp: false,
    sides: [{ ...side, measure }],
    figures,
    close: async () => restore(),
  };
}

function sideOf(name: string, deployment: Deployment, deploy: () => Promise<unknown>): Side {
  return {
    name,
    measure: async () => {
      await clear(deployment);
      const since = performance.now();
      await deploy();
      return { time: (performance.now() - since) / 1000 };
    },
  };
}

async function upFully({ own, url }: Deployment): Promise<void> {
  await own.run("npm", "run", "--silent", "up");
  await answers(url);
}

/** Page and API, through the page's port. */
async function answers(url: string): Promise<void> {
  for (const path of ["/", "/api/version", "/api/todos"])
    await untilAnswered(url + path, ({ status }) => status === 200);
}

/** Takes away what either side deployed, and the images that it put on the node. */
async function clear(deployment: Deployment): Promise<void> {
  const { own, floor, cluster } = deployment;
  await own.run("npm", "run", "--silent", "down", "--", "--yes");
  if (await floor.succeeds(cluster.helm, ...inCluster(deployment), "status", release))
    await helm(deployment, "uninstall", release, "--wait");
  await kubectl(deployment, "delete", "namespace", namespace, "--ignore-not-found", "--wait");
  for (const repository of ["todo-backend", "todo-frontend", "postgres"]) await forget(floor, cluster, repository);
}

const inCluster = ({ cluster }: Deployment): string[] => [
  "--kube-context",
  cluster.target.context,
  "--namespace",
  namespace,
];

/** A Secret or a namespace as the cluster has it. */
interface Listed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Reads what the program deployed, and gives back what deploys the very same by plain commands. Secrets stay in memory. */
async function helmByHand(deployment: Deployment): Promise<() => Promise<void>> {
  const { floor, cluster, url } = deployment;
  const values = await helm(deployment, "get", "values", release, "--output", "json");
  const { databaseImage } = await readChart("local");
  const images = [...imagesOf(values), databaseImage];
  const objects = [await read(deployment, "namespace", namespace), ...(await secretsOf(deployment))];
  const listed = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const upgrade = [...inCluster(deployment), "upgrade", release, "chart", "--install", "--wait", "--timeout", "120s"];
  return async () => {
    await floor.pipe(["docker", "save", ...images], ctr(cluster.node, "images", "import", "-"));
    await floor.feed(listed, cluster.kubectl, "--context", cluster.target.context, "apply", "--filename", "-");
    await floor.feed(values, cluster.helm, ...upgrade, "--values", "-");
    await answers(url);
  };
}

/** The images that the release's values name; what runs may have been set by hand meanwhile. */
function imagesOf(values: string): string[] {
  const { backend, frontend } = JSON.parse(values) as { [Service in "backend" | "frontend"]: { image: Image } };
  return [backend, frontend].map(({ image: { repository, tag } }) => `${repository}:${tag}`);
}

/** An image in the chart's values. */
interface Image {
  readonly repository: string;
  readonly tag: string;
}

async function read(deployment: Deployment, kind: string, name: string): Promise<Listed> {
  return bare(JSON.parse(await kubectl(deployment, "get", kind, name, "--output", "json")) as Listed);
}

/** The program's own; Helm keeps its releases in Secrets too, and the chart may make others. */
async function secretsOf(deployment: Deployment): Promise<Listed[]> {
  const { items } = JSON.parse(await kubectl(deployment, "get", "secrets", "--output", "json")) as { items: Listed[] };
  const ofHelm = ({ type, metadata }: Listed) =>
    type === "helm.sh/release.v1" || metadata.labels?.["app.kubernetes.io/managed-by"] === "Helm";
  return items.filter((item) => !ofHelm(item)).map(bare);
}

/** Without what the cluster has written into it. */
function bare({ apiVersion, kind, type, data, metadata: { name, labels } }: Listed): Listed {
  return {
    apiVersion,
    kind,
    ...(type === undefined ? {} : { type }),
    ...(data === undefined ? {} : { data }),
    metadata: { name, ...(kind === "Secret" ? { namespace } : {}), ...(labels === undefined ? {} : { labels }) },
  };
}
