import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { unpackTar } from "modern-tar";
import { makeArchive } from "../../components/node/delta/archive.ts";
import { KnownLayers } from "../../components/node/delta/knownLayers.ts";
import { layersOnNode } from "../../components/node/delta/nodeLayers.ts";
import { LayerPush } from "../../components/node/delta/push.ts";
import { sendImage } from "../../components/node/delta/sendImage.ts";
import type { CommandRunner } from "../../components/node/process.ts";
import { nodeCommands } from "../../components/node/target.ts";

const reference = "todo-backend:1.0.0-abc";
const [base, source] = [Buffer.from("the base's layer"), Buffer.from("the source's layer")];
const digestOf = (content: Buffer): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

let folder: string;
let cache: string | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "todo-stack-delta-"));
  cache = process.env.TODO_STACK_CACHE;
  process.env.TODO_STACK_CACHE = folder;
});

afterEach(async () => {
  if (cache === undefined) delete process.env.TODO_STACK_CACHE;
  else process.env.TODO_STACK_CACHE = cache;
  await rm(folder, { recursive: true });
});

/** An engine that pushes as Docker does, and a containerd node that has blobs. */
class FakeMachine implements CommandRunner {
  readonly ran: string[] = [];
  readonly uploaded: string[] = [];
  fed: Uint8Array | undefined;
  pushes: "well" | "not" | "something else" = "well";
  readonly layers: readonly Buffer[];
  readonly blobs: readonly Buffer[];

  constructor(layers: readonly Buffer[], blobs: readonly Buffer[] = []) {
    this.layers = layers;
    this.blobs = blobs;
  }

  get config(): Buffer {
    return Buffer.from(JSON.stringify({ rootfs: { diff_ids: this.layers.map(digestOf) } }));
  }

  get image() {
    return { reference, id: digestOf(this.config) };
  }

  async output(command: readonly string[]): Promise<string> {
    this.ran.push(command.join(" "));
    if (command[1] === "push") await this.push(command.at(-1) ?? "");
    if (command[1] === "image") return JSON.stringify({ id: this.image.id, layers: this.layers.map(digestOf) });
    return command.includes("content") ? this.blobs.map(digestOf).join("\n") : "";
  }

  async pipe(from: readonly string[], to: readonly string[]): Promise<string> {
    this.ran.push(`${from.join(" ")} | ${to.join(" ")}`);
    return "whole";
  }

  async feed(input: Uint8Array): Promise<string> {
    this.fed = input;
    return "layers";
  }

  private async push(name: string): Promise<void> {
    if (this.pushes === "not") throw new Error("connection refused");
    const [address = "", path = ""] = name.split(/\/(.*)/s);
    const [repository, tag] = path.split(":");
    const place = `http://${address}/v2/${repository}`;
    const packed = this.layers.map((layer) => gzipSync(layer));
    const config = this.pushes === "well" ? this.config : Buffer.from('{"rootfs":{"diff_ids":[]}}');
    for (const blob of [...packed, config]) await this.upload(place, blob);
    const layers = this.pushes === "well" ? packed.map((blob) => ({ digest: digestOf(blob) })) : [];
    const manifest = JSON.stringify({ config: { digest: digestOf(config) }, layers });
    const answer = await fetch(`${place}/manifests/${tag}`, { method: "PUT", body: manifest });
    if (answer.status !== 201) throw new Error(`the manifest was answered ${answer.status}`);
  }

  private async upload(place: string, blob: Buffer): Promise<void> {
    const digest = digestOf(blob);
    if ((await fetch(`${place}/blobs/${digest}`, { method: "HEAD" })).status === 200) return;
    const begun = await fetch(`${place}/blobs/uploads/`, { method: "POST" });
    const location = new URL(begun.headers.get("location") ?? "", place);
    await fetch(location, { method: "PATCH", body: new Uint8Array(blob) });
    location.searchParams.set("digest", digest);
    const ended = await fetch(location, { method: "PUT" });
    if (ended.status !== 201) throw new Error(`the blob was answered ${ended.status}`);
    if (blob[0] === 0x1f) this.uploaded.push(gunzipSync(blob).toString());
  }
}

const containerd = nodeCommands({ kind: "sandbox", context: "box" }, { name: "containerd", inContainers: true });
const send = (machine: FakeMachine): Promise<string> => sendImage(reference, "box", containerd, machine);
const answering = (output: CommandRunner["output"]): CommandRunner => ({
  output,
  pipe: async () => "",
  feed: async () => "",
});

test("a node that has nothing of an image gets the whole of it, and no push is made", async () => {
  const machine = new FakeMachine([base, source], [Buffer.from("of another image")]);
  expect(await send(machine)).toBe("whole");
  expect(machine.ran.at(-1)).toBe(`docker save ${reference} | docker exec -i box ctr -n k8s.io images import -`);
  expect(machine.ran.filter((command) => command.startsWith("docker push"))).toEqual([]);
});

/** The files of an archive, as texts by their names. */
async function filesIn(archive: Uint8Array | undefined): Promise<Record<string, Buffer>> {
  const files = await unpackTar(archive ?? new Uint8Array());
  return Object.fromEntries(files.map(({ header, data }) => [header.name, Buffer.from(data ?? [])]));
}

const blobName = (digest: string): string => `blobs/${digest.replace(":", "/")}`;
const parsed = (content: Buffer | undefined) => JSON.parse(content?.toString() ?? "{}");

test("a node that has the lower layers gets the others alone, and each under the name that the node has it by", async () => {
  const machine = new FakeMachine([base, source], [base]);
  expect(await send(machine)).toBe("layers");
  const files = await filesIn(machine.fed);
  const packed = gzipSync(source);
  expect(files[blobName(digestOf(packed))]).toEqual(packed);
  expect(files[blobName(digestOf(base))]).toBeUndefined();
  const [named] = parsed(files["index.json"]).manifests;
  expect(named.annotations).toEqual({ "io.containerd.image.name": `docker.io/library/${reference}` });
  const manifest = parsed(files[blobName(named.digest)]);
  expect(manifest.config.digest).toBe(machine.image.id);
  const type = "application/vnd.oci.image.layer.v1.tar";
  expect(manifest.layers).toEqual([
    { mediaType: type, digest: digestOf(base), size: base.length },
    { mediaType: `${type}+gzip`, digest: digestOf(packed), size: packed.length },
  ]);
});

test("a layer that a node was sent compressed is found there by that name", async () => {
  await send(new FakeMachine([base, source], [base]));
  const packed = gzipSync(source);
  const next = new FakeMachine([base, source, Buffer.from("on top")], [base, packed]);
  expect(await send(next)).toBe("layers");
  expect(next.uploaded).toEqual(["on top"]);
  const files = await filesIn(next.fed);
  const manifest = parsed(files[blobName(parsed(files["index.json"]).manifests[0].digest)]);
  expect(manifest.layers[1]).toMatchObject({ digest: digestOf(packed), size: packed.length });
});

test("the engine is asked for a layer's content once: the next image that shares it is pushed without it", async () => {
  await send(new FakeMachine([base, source], [base]));
  const second = new FakeMachine([base, Buffer.from("another source")], [base, source]);
  await send(second);
  expect(second.uploaded).toEqual(["another source"]);
});

test("a layer that was pushed before is pushed again for a node that lacks it", async () => {
  await send(new FakeMachine([base, source], [base]));
  const other = new FakeMachine([base, source], [base]);
  await send(other);
  expect(other.uploaded).toEqual([source.toString()]);
});

test("what was primed is not read again, and nothing of it is kept in memory", async () => {
  const machine = new FakeMachine([base, source]);
  const push = new LayerPush(reference, machine);
  await push.prime(machine.image.id);
  expect(machine.uploaded).toHaveLength(2);
  const taken = await push.take(machine.image.id, (diffId) => diffId === digestOf(source));
  await push.close();
  expect(taken.layers.map(({ content }) => content && gunzipSync(content))).toEqual([undefined, source]);
  expect(machine.uploaded).toHaveLength(3);
});

test.each([
  ["not", "an engine that does not reach this machine"],
  ["something else", "a push of something else than the engine's image"],
] as const)("the whole image is sent after a push that goes %s: %s", async (pushes, _what) => {
  const machine = new FakeMachine([base, source], [base]);
  machine.pushes = pushes;
  expect(await send(machine)).toBe("whole");
  expect(machine.fed).toBeUndefined();
});

test("the other name of a pushed image is taken away again, also after a failure", async () => {
  for (const pushes of ["well", "not"] as const) {
    const machine = new FakeMachine([base, source], [base]);
    machine.pushes = pushes;
    await send(machine);
    const [, name] = machine.ran.find((command) => command.startsWith("docker tag"))?.split(`${reference} `) ?? [];
    expect(name).toMatch(/^127\.0\.0\.1:\d+\/todo-backend:1\.0\.0-abc$/);
    expect(machine.ran).toContain(`docker rmi ${name}`);
  }
});

test("a blob that is not what its digest says is refused", async () => {
  const machine = new FakeMachine([base]);
  const lie = async (address: string) => {
    const begun = await fetch(`http://${address}/v2/x/blobs/uploads/`, { method: "POST" });
    const place = new URL(`${begun.headers.get("location")}?digest=${digestOf(base)}`, `http://${address}`);
    await fetch(place, { method: "PUT", body: new Uint8Array(gzipSync(source)) });
  };
  const run = answering(async (command) => {
    if (command[1] === "push") await lie((command.at(-1) ?? "").split("/")[0] ?? "");
    return "";
  });
  const push = new LayerPush(reference, run);
  await expect(push.take(machine.image.id, () => true)).rejects.toThrow();
  await push.close();
});

test("a Docker node has the layers of its images from the lowest one up, and of no other chain", async () => {
  const answers: Record<string, string> = {
    info: "overlay2",
    images: "sha256:one\nsha256:one\n",
    image: `${JSON.stringify(["a", "b"])}\nnull\n`,
  };
  const run = answering(async (command) => answers[command[4] ?? ""] ?? "");
  const onNode = await layersOnNode("docker", "minikube", Promise.resolve(new Map()), run);
  expect([0, 1, 2].map((index) => onNode?.has(["a", "b", "c"], index))).toEqual([true, true, false]);
  expect(onNode?.has(["b"], 0)).toBe(false);
  answers.info = "overlayfs";
  expect(await layersOnNode("docker", "minikube", Promise.resolve(new Map()), run)).toBeUndefined();
});

test("a Docker archive names every layer and holds the wanted ones", async () => {
  const layer = (content: Buffer) => ({ diffId: digestOf(content), size: content.length, compressedSize: 9 });
  const layers = [
    { ...layer(base), compressed: "sha256:c", content: undefined },
    { ...layer(source), compressed: "sha256:d", content: source },
  ];
  const archive = await makeArchive(reference, { config: Buffer.from("{}"), layers }, undefined);
  const config = `${digestOf(Buffer.from("{}")).slice(7)}.json`;
  const layerOf = (content: Buffer) => `${digestOf(content).slice(7)}/layer.tar`;
  const files = await filesIn(archive);
  expect(Object.keys(files)).toEqual(["manifest.json", config, layerOf(source)]);
  expect(parsed(files["manifest.json"])).toEqual([
    { Config: config, RepoTags: [reference], Layers: [layerOf(base), layerOf(source)] },
  ]);
});

test("known layers survive in their file, and a broken file costs nothing but time", async () => {
  const file = join(folder, "some", "layers.json");
  const known = new KnownLayers(file);
  expect((await known.read()).size).toBe(0);
  await known.add([{ compressed: "c", diffId: "d", size: 1, compressedSize: 1 }]);
  await known.add([{ compressed: "e", diffId: "f", size: 2, compressedSize: 1 }]);
  expect([...(await new KnownLayers(file).read()).keys()]).toEqual(["c", "e"]);
  expect(await readFile(file, "utf8")).not.toContain("content");
});
