import { expect, test } from "@jest/globals";
import { runtimeOfProfile } from "../../components/node/minikubeRuntime.ts";
import { ensureOnNodes, isLost, removeFromNodes } from "../../components/node/presence.ts";
import { type CommandRunner, localCommands } from "../../components/node/process.ts";
import { askingOnce } from "../../components/node/recently.ts";
import { firstNode, nodeCommands, normalizedReference } from "../../components/node/target.ts";

const sandbox = { kind: "sandbox", context: "box" } as const;
const reference = "todo-backend:1.0.0-abc";

/** Nodes that hold images, and take what is piped into them unless they are broken. */
function fakeNodes(
  stores: Record<string, string[]>,
  broken: string[] = [],
): CommandRunner & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    output: async (command) => {
      ran.push(command.join(" "));
      if (command[1] === "image") return '{"id":"sha256:id","layers":["sha256:lowest"]}';
      if (command[1] === "ps") return `${Object.keys(stores).join("\n")}\n`;
      const node = command[2] ?? "";
      if (command.includes("remove"))
        stores[node] = (stores[node] ?? []).filter((row) => !command.includes(row.split(" ")[0] ?? ""));
      return `${(stores[node] ?? []).join("\n")}\n`;
    },
    pipe: async (from, to) => {
      ran.push(`${from.join(" ")} | ${to.join(" ")}`);
      const node = to[3] ?? "";
      if (!broken.includes(node)) stores[node]?.push(`docker.io/library/${from[2]}`);
      return "";
    },
    feed: async () => "",
  };
}

test("a cluster's first node is asked by the name that its tool gives it", () => {
  expect(firstNode(sandbox)).toBe("box");
  expect(firstNode({ kind: "minikube", context: "minikube" })).toBe("minikube");
  expect(firstNode({ kind: "kind", context: "kind-two" })).toBe("two-control-plane");
  expect(firstNode({ kind: "k3d", context: "k3d-two" })).toBe("k3d-two-server-0");
});

test("an image that every node has is not sent", async () => {
  const run = fakeNodes({ box: [`docker.io/library/${reference}`] });
  expect(await ensureOnNodes(sandbox, reference, run)).toEqual([]);
  expect(run.ran.filter((command) => command.includes("|"))).toEqual([]);
});

test("an image goes to the nodes that lack it, and to no other", async () => {
  const stores = { one: [`docker.io/library/${reference}`], two: ["docker.io/library/other:1"] };
  const run = fakeNodes(stores);
  expect(await ensureOnNodes(sandbox, reference, run)).toEqual(["two"]);
  expect(run.ran).toContain(`docker save ${reference} | docker exec -i two ctr -n k8s.io images import -`);
});

test("a loader that answers well but loads nothing is found out", async () => {
  await expect(ensureOnNodes(sandbox, reference, fakeNodes({ box: [] }, ["box"]))).rejects.toThrow(
    /was sent to box but is not there/,
  );
});

test("a cluster without nodes is told with the command that starts it", async () => {
  await expect(ensureOnNodes(sandbox, reference, fakeNodes({}))).rejects.toThrow(/has no running node.*npm run up/);
});

test.each([
  ["the engine and the node have it", [reference], [reference], false],
  ["only the engine has it", [reference], [], false],
  ["only the node has it", [], [reference], false],
  ["neither has it", [], [], true],
])("an image is lost where neither engine nor node has it: %s", async (_case, engine, node, expected) => {
  const nodes = fakeNodes({ box: node.map((name) => `docker.io/library/${name}`) });
  const run = {
    ...nodes,
    output: async (command: Parameters<CommandRunner["output"]>[0]) =>
      command[1] === "images" ? engine.join("\n") : nodes.output(command),
  };
  expect(await isLost(sandbox, reference, run)).toBe(expected);
});

test("the same question is asked once within two seconds, and again after a load or a failure", async () => {
  let now = 0;
  const asked: string[] = [];
  const run = askingOnce(
    {
      output: async (command) => {
        asked.push(command.join(" "));
        if (command[1] === "fails") throw new Error("refused");
        return "answer";
      },
      pipe: async () => "",
      feed: async () => "",
    },
    () => now,
  );
  const question = ["docker", "ps"] as const;
  expect(await Promise.all([run.output(question), run.output(question)])).toEqual(["answer", "answer"]);
  expect(asked).toHaveLength(1);
  now = 2001;
  await run.output(question);
  expect(asked).toHaveLength(2);
  await run.pipe(["docker", "save"], ["docker", "load"]);
  await run.output(question);
  expect(asked).toHaveLength(3);
  for (const _attempt of [1, 2]) await expect(run.output(["docker", "fails"])).rejects.toThrow("refused");
  expect(asked).toHaveLength(5);
});

test("removing takes every tag of the repository and nothing else", async () => {
  const type = "application/vnd.oci.image.manifest.v1+json";
  const other = [`docker.io/library/todo-backend-other:1 ${type} sha256:cc`, `sha256:c0 ${type} sha256:cc`];
  const ours = [
    `docker.io/library/todo-backend:1.0.0-old ${type} sha256:aa`,
    `docker.io/library/${reference} ${type} sha256:bb`,
    `sha256:b0 ${type} sha256:bb`,
  ];
  const stores = { box: [...other, ...ours] };
  await removeFromNodes(sandbox, reference, fakeNodes(stores));
  expect(stores.box).toEqual(other);
});

test.each([
  [{ kind: "minikube", context: "dev" }, "label=name.minikube.sigs.k8s.io=dev"],
  [{ kind: "kind", context: "kind-dev" }, "label=io.x-k8s.kind.cluster=dev"],
  [{ kind: "k3d", context: "k3d-dev" }, "label=k3d.cluster=dev"],
  [{ kind: "sandbox", context: "box" }, "name=^box$"],
] as const)("the nodes of %p are found by %s", (target, filter) => {
  expect(nodeCommands(target, { name: "containerd", inContainers: true }).listNodes).toContain(filter);
});

test("Minikube's runtimes: each is filled by its own client", () => {
  const target = { kind: "minikube", context: "minikube" } as const;
  const load = (name: "docker" | "containerd" | "crio", inContainers = true) =>
    nodeCommands(target, { name, inContainers }).load("minikube").join(" ");
  expect(load("containerd")).toBe("docker exec -i minikube ctr -n k8s.io images import -");
  expect(load("docker")).toBe("docker exec -i minikube docker load --quiet");
  expect(load("crio")).toBe("minikube --profile minikube image load -");
  expect(load("docker", false)).toBe("minikube --profile minikube image load -");
});

test.each([
  [
    { Driver: "docker", KubernetesConfig: { ContainerRuntime: "containerd" } },
    { name: "containerd", inContainers: true },
  ],
  [
    { Driver: "docker", KubernetesConfig: { ContainerRuntime: "" } },
    { name: "docker", inContainers: true },
  ],
  [
    { Driver: "kvm2", KubernetesConfig: { ContainerRuntime: "docker" } },
    { name: "docker", inContainers: false },
  ],
])("the Minikube profile %p has the runtime %p", (profile, runtime) => {
  expect(runtimeOfProfile(profile)).toEqual(runtime);
});

test.each([
  ["todo-backend:1", "docker.io/library/todo-backend:1"],
  ["acme/todo:1", "docker.io/acme/todo:1"],
  ["ghcr.io/acme/todo:1", "ghcr.io/acme/todo:1"],
  ["localhost:5000/todo:1", "localhost:5000/todo:1"],
])("%s in full is %s", (short, full) => {
  expect(normalizedReference(short)).toBe(full);
});

test("a pipe carries bytes, and the sink's own error is the one that is told", async () => {
  await localCommands.pipe(["printf", "hello"], ["grep", "-q", "hello"]);
  await expect(localCommands.pipe(["yes"], ["sh", "-c", "echo no space left >&2; exit 3"])).rejects.toThrow(
    /ended with 3: no space left/,
  );
  await expect(localCommands.output(["no-such-program"])).rejects.toThrow(/could not start/);
});
