import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { down } from "../../commands/deploy/down.ts";
import { preview } from "../../commands/deploy/preview.ts";
import type { Runner, Sandbox } from "../../commands/deploy/rooms.ts";
import { up } from "../../commands/deploy/up.ts";
import type { ResourceStep, RunnerOptions, RunnerResult } from "../../sandbox/runner/types.ts";
import { fetchOf, localStack, pageUrl, TestMachine } from "./support/machine.ts";

let on: TestMachine;
let did: string[];
let given: RunnerOptions | undefined;
let changed: boolean;
let standing: boolean;
let client: string | undefined;
let fails: string | undefined;
let steps: readonly ResourceStep[];

/** The rooms of the sandbox, noting what they were asked for. */
const sandbox: Sandbox = {
  ensureEngine: async () => {
    did.push("engine");
    return { docker: client ?? join(on.folder, "bin", "docker"), started: true };
  },
  ensureBaseImages: async () => did.push("base images"),
  ensureCluster: async ({ name, nodePort }) => {
    did.push(`cluster ${name} ${nodePort}`);
    return { name, context: name, kubeconfig: join(on.folder, "kubeconfig") };
  },
  isStanding: async () => standing,
  removeCluster: async (name) => did.push(`remove ${name}`),
  removeAll: async () => did.push("remove all"),
  installDebianPackages: async ({ packages }) => did.push(`install ${packages.join(" ")}`),
  toolFromSource: async (tool) => `/built/${tool}`,
  toolImageFromSource: async (tool) => did.push(`image of ${tool}`),
};

function act(what: string): (options: RunnerOptions) => Promise<RunnerResult> {
  return async (options) => {
    did.push(what);
    given = options;
    if (what === fails) throw new Error("it does not answer");
    return { outputs: { url: pageUrl }, changed, summary: changed ? "release todo: install" : "", steps };
  };
}

const runner: Runner = {
  runProgram: act("run"),
  previewProgram: act("preview"),
  destroyProgram: act("destroy"),
  runOnMocks: async () => ({}),
  readStackConfiguration: () => ({ project: "todo-stack", values: {}, secretKeys: [] }),
};

beforeEach(() => {
  did = [];
  changed = true;
  standing = true;
  client = undefined;
  fails = undefined;
  steps = [];
  on = new TestMachine({
    fetch: fetchOf((url) => (url.startsWith(pageUrl) && did.includes("run") ? 200 : undefined)),
    sandbox: async () => sandbox,
    runner: async () => runner,
  });
  on.install("docker");
});

afterEach(() => {
  on.dispose();
});

test("engine, base images, cluster, program: in this order, and the URL last", async () => {
  await up([], on.machine);
  expect(did).toEqual(["engine", "base images", "cluster todo-sandbox 30977", "run"]);
  expect(on.lines()[0]).toMatch(/^Sandbox: .*package registries\.$/);
  expect(on.lines().at(-1)).toBe(pageUrl);
});

test("the program is given the sandbox's context by the effective stack file; the committed one stays", async () => {
  await up([], on.machine);
  expect(on.read("checkout/Pulumi.local.yaml")).toBe(localStack);
  expect(parse(on.read("checkout/.state/Pulumi.local.yaml"))).toEqual({
    config: { "todo-stack:context": "todo-sandbox", "todo-stack:target": "sandbox", "todo-stack:nodePort": 30977 },
  });
  expect(given).toMatchObject({
    stack: "local",
    stackFile: join(on.machine.state, "Pulumi.local.yaml"),
    kubeconfig: join(on.folder, "kubeconfig"),
    docker: join(on.machine.state, "bin", "docker"),
    helm: "/built/helm3",
    kubectl: "/built/kubectl",
  });
  expect(on.machine.env.KUBECONFIG).toBe(join(on.folder, "kubeconfig"));
  expect(existsSync(join(on.machine.state, "passphrase"))).toBe(false);
});

test("the engine's client goes first on PATH, alone: an old Node beside it must not", async () => {
  await up([], on.machine);
  const [first = "", second] = (on.machine.env.PATH ?? "").split(":");
  expect(readdirSync(first)).toEqual(["docker"]);
  expect(realpathSync(join(first, "docker"))).toBe(realpathSync(join(on.folder, "bin", "docker")));
  expect(second).toBe(join(on.folder, "bin"));
});

test("the engine's client goes first on PATH also where it was found there by an earlier look", async () => {
  await up([], on.machine);
  on.machine.env.PATH = join(on.folder, "bin");
  client = join(on.machine.state, "bin", "docker");
  await up([], on.machine);
  expect(on.machine.env.PATH).toBe(`${join(on.machine.state, "bin")}:${join(on.folder, "bin")}`);
  expect(given).toMatchObject({ docker: client });
});

test("a page's port among the sandbox's ten does not ask for another sandbox", async () => {
  on.machine.env.TODO_STACK_SANDBOX_PORT = "30970";
  on.machine.env.TODO_STACK_SANDBOX = "todo-other";
  await up([], on.machine);
  expect(did).toContain("cluster todo-other 30970");
  expect(parse(on.read("checkout/.state/Pulumi.local.yaml"))).toMatchObject({
    config: { "todo-stack:nodePort": 30977 },
  });
});

test("nothing changed is said so", async () => {
  changed = false;
  await up([], on.machine);
  expect(on.lines().at(-2)).toMatch(/^Nothing changed\./);
});

test("a second run that finds all as it was starts and deploys nothing, and says so", async () => {
  await up([], on.machine);
  did = ["run"];
  changed = false;
  await up([], on.machine);
  expect(did).toEqual(["run", "preview"]);
  expect(on.lines().slice(-3)).toEqual([
    "As in the last run: the sandbox cluster, deployed by the sandbox's runner.",
    expect.stringMatching(/^Nothing changed\. \(/),
    pageUrl,
  ]);
  expect(given).toMatchObject({ stackFile: join(on.machine.state, "Pulumi.local.yaml"), helm: "/built/helm3" });
});

const removedSecret = { type: "kubernetes:core/v1:Secret", before: {}, after: undefined, changed: [] };

test.each<[string, () => void]>([
  [
    "the program would change something",
    () => {
      changed = true;
    },
  ],
  [
    "a Secret would be removed",
    () => {
      steps = [removedSecret];
    },
  ],
  [
    "the sandbox is not ready",
    () => {
      standing = false;
    },
  ],
  [
    "the page does not answer",
    () => {
      did = [];
    },
  ],
  ["there is no engine", () => on.write("no-engine", "Cannot connect\n")],
  [
    "the preview fails",
    () => {
      fails = "preview";
    },
  ],
  ["the stack was never deployed from here", () => on.remove("checkout/.state/deployed.local.json")],
  [
    "the stack's context is another one",
    () => on.write("checkout/Pulumi.local.yaml", localStack.replace("minikube", "kind-mine")),
  ],
])("a second run goes the whole way where %s", async (_case, change) => {
  await up([], on.machine);
  did = ["run"];
  changed = false;
  change();
  const done = await up([], on.machine).then(
    () => did.slice(1).includes("run"),
    () => true,
  );
  expect(done).toBe(true);
});

test("arguments for the CLI go the whole way, and so does a disk that is full", async () => {
  await up([], on.machine);
  did = ["run"];
  changed = false;
  await up(["--", "--refresh"], on.machine);
  expect(did.filter((what) => what === "run")).toHaveLength(2);
  const full = { ...on.machine, freeBytes: async () => 0.3e9 };
  await expect(up([], full)).rejects.toThrow("is full");
});

test("a look that found something leaves the environment as it was", async () => {
  await up([], on.machine);
  const { PATH } = on.machine.env;
  on.machine.env.KUBECONFIG = "/mine";
  changed = true;
  fails = "run";
  await expect(up([], on.machine)).rejects.toThrow("it does not answer");
  expect(on.machine.env.PATH).toBe(PATH);
});

test("preview says what it cannot, what would change, and what that is object by object", async () => {
  on.install("helm");
  on.write("manifest", "apiVersion: v1\nkind: Service\nmetadata:\n  name: todo\n");
  const metadata = { name: "database-0a1b2c3d", namespace: "todo", annotations: { "pulumi.com/autonamed": "true" } };
  const secret = { apiVersion: "v1", kind: "Secret", metadata, data: { PASSWORD: "c2VjcmV0" } };
  const inputs = { name: "todo", namespace: "todo", chart: "./chart", values: { a: 1 } };
  steps = [
    { type: "kubernetes:core/v1:Secret", before: undefined, after: secret, changed: [] },
    { type: "kubernetes:helm.sh/v3:Release", before: inputs, after: inputs, changed: [] },
  ];
  await preview([], on.machine);
  expect(did.at(-1)).toBe("preview");
  const said = on.lines();
  const first = said.findIndex((line) => line.includes("needs the Pulumi CLI"));
  expect(said[first + 1]).toBe("release todo: install");
  expect(said).toContain("Secret todo/database-(known after up) would be added:");
  expect(said).toContain("+  PASSWORD: (masked)");
  expect(said).toContain("Service todo/todo would be added:");
  expect(said.at(-1)).toBe("2 objects would be added.");
  expect(said.join("\n")).not.toContain("c2VjcmV0");
  expect(JSON.parse(on.read("helm-values"))).toEqual({ a: 1 });
});

test("down destroys by the runner; --all takes the sandbox away, also after a plain down", async () => {
  await up([], on.machine);
  await down([], on.machine);
  expect(did.at(-1)).toBe("destroy");
  await up([], on.machine);
  did = [];
  await down(["--all"], on.machine);
  expect(did).toEqual(["remove todo-sandbox", "remove all"]);
});

test("down --all leaves the sandboxes of other checkouts alone, and the engine that they run in", async () => {
  await up([], on.machine);
  did = [];
  on.write("ps", "todo-other\n");
  await down(["--all"], on.machine);
  expect(did).toEqual(["remove todo-sandbox"]);
  expect(on.lines().join("\n")).toContain("other sandboxes stay, and the engine: todo-other");
});
