import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import type { Place } from "../../support/secretSearch.ts";
import type { Deployment } from "./deployment.ts";
import { type ContainerStatus, containersOf, type Pod } from "./kubernetes.ts";

/** The pods of the deployment as they are. */
export async function readPods(on: Deployment): Promise<readonly Pod[]> {
  return (JSON.parse(await on.kubectl("get", "pods", "--output", "json")) as { items: Pod[] }).items;
}

/** The pods that `helm test` makes. */
export async function readTestPods(on: Deployment): Promise<readonly Pod[]> {
  const hooks = parseAllDocuments(await on.helm("get", "hooks", "todo")).map((one) => one.toJS() as Pod | null);
  return hooks.filter((hook) => hook?.spec?.containers !== undefined) as Pod[];
}

/** What Helm keeps of the release, packed as it keeps it, and what it tells of it. */
export async function helmPlaces(on: Deployment): Promise<Place[]> {
  const stored = await on.kubectl("get", "secrets", "--selector", "owner=helm", "--output", "json");
  const get = (what: string, ...more: string[]) => on.helm("get", what, "todo", ...more);
  return [
    // In the manifest, in the chart's values, and in a template, which Helm keeps in Base64 within what it packs.
    place("Helm's own Secrets", stored, "kubectl.kubernetes.io/default-container", "revisionHistoryLimit", ".Values"),
    place("helm get values", await get("values", "--all"), "LOG_LEVEL"),
    place("helm get manifest", await get("manifest"), "kind: Deployment"),
    place("helm get hooks", await get("hooks"), "helm.sh/hook: test"),
    place("helm get notes", await get("notes"), "helm test"),
    place("helm history", await on.helm("history", "todo", "--output", "json"), "deployed"),
  ];
}

/** Every object of the namespace that is no Secret - events, pods and revisions of workloads too - and what is beside it. */
export async function objectPlaces(on: Deployment): Promise<Place[]> {
  const kinds = await on.kubectl("api-resources", "--verbs=list", "--namespaced", "--output", "name");
  const others = kinds
    .trim()
    .split("\n")
    .filter((kind) => kind !== "secrets");
  const show = ["--output", "json", "--show-managed-fields"];
  const [pod] = await on.pods("backend");
  const witnesses = ["LOG_LEVEL", "ControllerRevision", "ReplicaSet", "Started container", pod?.image ?? "-"];
  return [
    place("objects of the namespace", await on.kubectl("get", others.join(","), ...show), ...witnesses),
    place(
      "other objects",
      await on.kubectl("get", "namespaces,persistentvolumes,nodes", ...show),
      on.namespace,
      "data-todo",
    ),
  ];
}

/** What each container has written, also before it was restarted. */
export async function logPlaces(on: Deployment, witnesses: Readonly<Record<string, string>>): Promise<Place[]> {
  const pods = await readPods(on);
  return Promise.all(
    pods.map(async ({ metadata: { name, labels = {} }, status = {} }) => {
      const states: ContainerStatus[] = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
      const before = states.filter(({ restartCount }) => restartCount > 0);
      const logs = [
        on.kubectl("logs", name, "--all-containers"),
        ...before.map((state) => on.kubectl("logs", name, "--container", state.name, "--previous")),
      ];
      const witness = witnesses[labels["app.kubernetes.io/component"] ?? ""];
      return { name: `logs of ${name}`, contents: await Promise.all(logs), witnesses: witness ? [witness] : [] };
    }),
  );
}

/** The environment of a container's first process, and the one that whatever is started in it is given. */
export interface Environment {
  readonly pod: string;
  readonly container: string;
  readonly place: Place;
}

/** A server may write its title over the first one; the second is as the kubelet made it. */
const files = ["/proc/1/environ", "/proc/self/environ"];

/** The environments of every container that runs. */
export async function readEnvironments(on: Deployment): Promise<Environment[]> {
  const pods = (await readPods(on)).filter(({ status }) => status?.phase === "Running");
  return Promise.all(
    pods.flatMap(({ metadata: { name }, spec, status }) =>
      containersOf(spec)
        .filter(({ name: container }) => isRunning(status?.containerStatuses, container))
        .map(async ({ name: container }) => {
          const read = ["exec", name, "--container", container, "--", ...readerOf(container)];
          const content = place(`environment of ${container}`, await on.kubectl(...read), `HOSTNAME=${name}`);
          return { pod: name, container, place: content };
        }),
    ),
  );
}

/** The backend's image has nothing but Python. */
function readerOf(container: string): string[] {
  const print = `print(*(open(f).read() for f in ${JSON.stringify(files)}))`;
  return container === "backend" ? ["python", "-c", print] : ["cat", ...files];
}

function isRunning(statuses: readonly ContainerStatus[] = [], container: string): boolean {
  return statuses.some(({ name, state }) => name === container && state?.running !== undefined);
}

/** What the sandbox's node itself has written: its containers' and its own programs' logs. */
export async function nodePlaces(on: Deployment): Promise<Place[]> {
  if (on.context !== process.env.TODO_STACK_SANDBOX) return [];
  const read = ["exec", on.context, "tar", "-c", "-C", "/var/log", "pods", "sandbox"];
  const { stdout } = await promisify(execFile)("docker", read, { encoding: "buffer", maxBuffer: 2 ** 30 });
  return [{ name: "logs on the node", contents: [stdout], witnesses: ["/api/todos", "kubelet"] }];
}

/** One text to be searched. */
export function place(name: string, content: string, ...witnesses: readonly string[]): Place {
  return { name, contents: [content], witnesses };
}
