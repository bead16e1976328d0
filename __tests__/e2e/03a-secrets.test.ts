import { randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { coreOf, type Secret, searchSecrets } from "../support/secretSearch.ts";
import {
  helmPlaces,
  logPlaces,
  nodePlaces,
  objectPlaces,
  place,
  readEnvironments,
  readPods,
  readTestPods,
} from "./support/clusterPlaces.ts";
import { CommandLines } from "./support/commandLines.ts";
import { Deployment, eventually } from "./support/deployment.ts";
import { type ContainerSpec, containersOf } from "./support/kubernetes.ts";
import { checkoutPlaces, commitPlace, gitPlace, imagePlaces } from "./support/machinePlaces.ts";
import {
  entriesOf,
  giveSecrets,
  readSecretObjects,
  type SecretObject,
  secretsOf,
  takeSecrets,
  usesPulumi,
} from "./support/stackSecrets.ts";

const given = ["JWT_SECRET", "OPENAI_API_KEY"];

/** Which container may read which keys of the namespace's Secrets; any other container none. */
const mayRead: Readonly<Record<string, readonly string[]>> = {
  migrate: ["DATABASE_URL", ...given],
  backend: ["DATABASE_URL", ...given],
  login: ["DATABASE_USER", "DATABASE_PASSWORD", "POSTGRES_PASSWORD"],
  password: ["POSTGRES_PASSWORD"],
  database: ["POSTGRES_PASSWORD"],
};

const deployment = new Deployment();
const { checkout } = deployment;
const nothing = { leaks: [], unread: [] };
// With the characters that shells, URLs and YAML write in ways of their own.
const markers = given.map((name) => ({ name, value: `${randomBytes(16).toString("hex")}+/=&%$ "'\\` }));
const requestId = randomBytes(8).toString("hex");

let began: number;
let previewed: string;
let updated: string;
let commandLines: string[];
let objects: readonly SecretObject[];
let secrets: readonly Secret[];

beforeAll(async () => {
  began = Date.now();
  await giveSecrets(checkout, markers);
  previewed = await checkout.succeed("preview");
  const watch = new CommandLines();
  updated = await checkout.succeed("up").finally(() => {
    commandLines = watch.stop();
  });
  // The pods of before are on their way out for a while.
  const present = async () => (await deployment.pods()).length;
  await eventually(async () => expect(await readPods(deployment)).toHaveLength(await present()), 60);
  await deployment.fetch("/api/todos", { headers: { "x-request-id": requestId } });
  objects = await readSecretObjects(deployment);
  secrets = secretsOf(deployment, objects);
});
afterAll(async () => {
  await takeSecrets(checkout);
  await checkout.succeed("up");
});

/** The Secrets of the namespace. */
const own = () => objects.filter(({ metadata }) => metadata.namespace === deployment.namespace);
/** What stands in them under certain keys. */
const named = (names: readonly string[]) => secrets.filter(({ name }) => names.includes(name));

test("what is searched for is what was given and what was drawn", () => {
  const names = new Set(secrets.map(({ name }) => name));
  expect(secrets).toEqual(expect.arrayContaining(markers));
  expect([...names]).toEqual(expect.arrayContaining(["DATABASE_URL", "POSTGRES_PASSWORD", ...given]));
  expect(names.has("passphrase")).toBe(usesPulumi(checkout) && existsSync(join(checkout.folder, ".state/passphrase")));
});

test("neither a preview nor an update shows one, or hands it to a program in its command line", () => {
  const places = [
    place("the preview's output", previewed, "todo-backend would change:"),
    place("the update's output", updated, deployment.url),
    place(
      "command lines",
      commandLines.join("\n"),
      ...(process.platform === "linux" ? ["commands/bootstrap.mjs up"] : []),
    ),
  ];
  expect(searchSecrets(places, secrets)).toEqual(nothing);
});

test("Helm's own Secrets, values, manifest, hooks, notes and history are without them", async () => {
  expect(searchSecrets(await helmPlaces(deployment), secrets)).toEqual(nothing);
});

test("no object but a Secret holds one: no ConfigMap, pod, workload, revision or event", async () => {
  expect(searchSecrets(await objectPlaces(deployment), secrets)).toEqual(nothing);
});

test("the Secrets that hold one are the namespace's own, and the runner's for what it has drawn", () => {
  const values = secrets.map(({ value }) => value);
  const holders = objects.filter((object) => entriesOf(object).some(({ value }) => values.includes(value)));
  const elsewhere = holders.filter((object) => !own().includes(object)).map(({ metadata }) => metadata.name);
  expect(elsewhere).toEqual(usesPulumi(checkout) ? [] : ["todo-stack-local-drawn"]);
});

test("no log holds one", async () => {
  const witnesses = { frontend: requestId, backend: requestId, database: "ready to accept connections" };
  const places = [...(await logPlaces(deployment, witnesses)), ...(await nodePlaces(deployment))];
  expect(places.length).toBeGreaterThanOrEqual(3);
  expect(searchSecrets(places, secrets)).toEqual(nothing);
});

test("each container is given the keys that it may read, and no other", async () => {
  const pods = [...(await readPods(deployment)), ...(await readTestPods(deployment))];
  const containers = pods.flatMap(({ spec }) => containersOf(spec));
  expect(containers.map(({ name }) => name)).toEqual(
    expect.arrayContaining([...Object.keys(mayRead), "frontend", "test"]),
  );
  for (const container of containers)
    expect([container.name, keysOf(container)]).toEqual([container.name, [...(mayRead[container.name] ?? [])].sort()]);
  // A key is read from the environment; no pod has a Secret among its files.
  expect(JSON.stringify(pods.map(({ spec }) => spec.volumes))).not.toContain('"secret"');
});

/** The keys of Secrets that a container's specification leads to. */
function keysOf({ env = [], envFrom = [] }: ContainerSpec): string[] {
  const whole = envFrom.flatMap(({ secretRef }) => own().filter(({ metadata }) => metadata.name === secretRef?.name));
  const single = env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []);
  return [...new Set([...whole.flatMap(({ data }) => Object.keys(data ?? {})), ...single])].sort();
}

test("no process finds a secret in its environment but those that its container may read", async () => {
  const environments = await readEnvironments(deployment);
  expect(environments.map(({ container }) => container).sort()).toEqual(["backend", "database", "frontend"]);
  for (const { container, place: environment } of environments) {
    const allowed = named(mayRead[container] ?? []);
    // A URL has the user's password in it.
    const rest = secrets.filter(({ value }) => !allowed.some((one) => one.value.includes(coreOf(value))));
    expect(searchSecrets([environment], rest)).toEqual(nothing);
    const found = searchSecrets([environment], allowed).leaks.map((leak) => leak.split(" in ")[0]);
    const expected = new Set(allowed.map(({ name }) => name));
    expect([container, new Set(found)]).toEqual([container, expected]);
  }
});

test("no layer of an image, its history or its configuration holds one", async () => {
  const pods = await deployment.pods();
  const image = (component: string) => pods.find((pod) => pod.component === component)?.image ?? "";
  const places = [
    ...(await imagePlaces(image("backend"), "def create_app")),
    ...(await imagePlaces(image("frontend"), "proxy_pass")),
  ];
  expect(searchSecrets(places, secrets)).toEqual(nothing);
});

test("no file of the checkout holds one but the passphrase's own, which this user alone can read", () => {
  const witnesses = { "Pulumi.local.yaml": "nodePort", ".state/Pulumi.local.yaml": deployment.context };
  const { leaks, unread } = searchSecrets(checkoutPlaces(checkout.folder, began, witnesses), secrets);
  expect(unread).toEqual([]);
  const passphrase = ".state/passphrase";
  expect(leaks).toEqual(existsSync(join(checkout.folder, passphrase)) ? [`passphrase in ${passphrase}`] : []);
  const files = [passphrase, ".state/Pulumi.local.yaml"].filter((path) => existsSync(join(checkout.folder, path)));
  expect(files.map((path) => statSync(join(checkout.folder, path)).mode & 0o777)).toEqual(files.map(() => 0o600));
});

test("git has none, and would be given none", async () => {
  const places = [await commitPlace(checkout.folder, "todo-stack:nodePort", "def create_app")];
  const repository = join(import.meta.dirname, "..", "..");
  // A checkout that was unpacked from an archive has no history to look at.
  if (existsSync(join(repository, ".git")))
    places.push(await gitPlace("the repository", repository, ["def create_app"]));
  expect(searchSecrets(places, secrets)).toEqual(nothing);
});
