import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { RefusedDownloadError, UnreachableError } from "../../commands/tools/download.ts";
import { ensureTool, findTool } from "../../commands/tools/install.ts";
import { TestMachine } from "./support/machine.ts";

/** What the server says to a path, and which paths it was asked for. */
let answers: Record<string, (response: ServerResponse) => void>;
let asked: string[];
let server: Server;
let on: TestMachine;

beforeEach(async () => {
  answers = {};
  asked = [];
  server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const answer = answers[path];
    if (answer === undefined) response.writeHead(404).end();
    else answer(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  on = new TestMachine({ fetch });
  // Without these, the machine's own programs would do.
  on.machine.env.TODO_STACK_DOWNLOADS = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror/`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  on.dispose();
});

const sha256 = (content: Buffer | string): string => createHash("sha256").update(content).digest("hex");
const send = (content: Buffer | string) => (response: ServerResponse) => void response.end(content);

const minikube = "/mirror/github.com/kubernetes/minikube/releases/download/v1.38.1/minikube-linux-amd64";
const program = "#!/bin/sh\necho v1.38.1\n";

function publishMinikube(content = program, sum = sha256(program)): void {
  answers[minikube] = send(content);
  answers[`${minikube}.sha256`] = send(`${sum}\n`);
}

/** Nothing half may stay in the cache. */
function cached(): string[] {
  const tools = join(on.machine.cache, "downloads");
  return existsSync(tools) ? readdirSync(tools) : [];
}

test("a good download stands in the cache, can be run, and is not downloaded again", async () => {
  publishMinikube();
  const path = await ensureTool(on.machine, "minikube");
  expect(path).toBe(join(on.machine.cache, "downloads/minikube-1.38.1/minikube"));
  expect(execFileSync(path).toString()).toBe("v1.38.1\n");
  asked = [];
  await expect(ensureTool(on.machine, "minikube")).resolves.toBe(path);
  expect(asked).toEqual([]);
  expect(cached()).toEqual(["minikube-1.38.1"]);
});

test("an archive is unpacked; its sum is found by its name among others", async () => {
  mkdirSync(join(on.folder, "pulumi"));
  on.write("pulumi/pulumi", "#!/bin/sh\necho v3.270.0\n");
  execFileSync("tar", ["-czf", "archive.tar.gz", "pulumi"], { cwd: on.folder });
  const archive = execFileSync("cat", [join(on.folder, "archive.tar.gz")]);
  const base = "/mirror/get.pulumi.com/releases/sdk";
  answers[`${base}/pulumi-v3.270.0-linux-x64.tar.gz`] = send(archive);
  const other = `${"0".repeat(64)}  pulumi-v3.270.0-darwin-arm64.tar.gz`;
  answers[`${base}/pulumi-3.270.0-checksums.txt`] = send(
    `${other}\n${sha256(archive)}  pulumi-v3.270.0-linux-x64.tar.gz\n`,
  );
  await expect(ensureTool(on.machine, "pulumi")).resolves.toBe(
    join(on.machine.cache, "downloads/pulumi-3.270.0/pulumi/pulumi"),
  );
});

test("a zip, as k6 has it for macOS, is unpacked by the program for zips", async () => {
  const unzip = 'to="$4/k6-v1.8.1-macos-arm64"; /bin/mkdir -p "$to"; /bin/cp "$2" "$to/k6"';
  writeFileSync(join(on.folder, "bin/unzip"), `#!/bin/sh\n[ "$1 $3" = "-q -d" ] || exit 9\n${unzip}\n`, {
    mode: 0o755,
  });
  const base = "/mirror/github.com/grafana/k6/releases/download/v1.8.1/k6-v1.8.1";
  answers[`${base}-macos-arm64.zip`] = send(program);
  answers[`${base}-checksums.txt`] = send(
    `${"0".repeat(64)}  k6-v1.8.1-linux-arm64.tar.gz\n${sha256(program)}  k6-v1.8.1-macos-arm64.zip\n`,
  );
  const path = await ensureTool({ ...on.machine, platform: "darwin", arch: "arm64" }, "k6");
  expect(path).toBe(join(on.machine.cache, "downloads/k6-1.8.1/k6-v1.8.1-macos-arm64/k6"));
  expect(readFileSync(path, "utf8")).toBe(program);
});

test("a wrong checksum is refused with both sums, and nothing of it stays", async () => {
  publishMinikube("something else");
  const error: unknown = await ensureTool(on.machine, "minikube").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RefusedDownloadError);
  expect(String(error)).toContain(sha256(program));
  expect(String(error)).toContain(sha256("something else"));
  expect(cached()).toEqual([]);
});

test("a wrong checksum of kubectl is no reason to build it from source", async () => {
  const kubectl = "/mirror/dl.k8s.io/release/v1.34.10/bin/linux/amd64/kubectl";
  answers[kubectl] = send("something else");
  answers[`${kubectl}.sha256`] = send(sha256(program));
  await expect(ensureTool(on.machine, "kubectl")).rejects.toBeInstanceOf(RefusedDownloadError);
});

test("checksums that do not name the file are refused before it is downloaded", async () => {
  publishMinikube();
  answers[`${minikube}.sha256`] = send(`${sha256(program)}  minikube-darwin-arm64\n`);
  await expect(ensureTool(on.machine, "minikube")).rejects.toThrow("name no sha256 of minikube-linux-amd64");
  expect(asked).not.toContain(minikube);
});

test("404 names the address and the mirror", async () => {
  const error: unknown = await ensureTool(on.machine, "minikube").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RefusedDownloadError);
  expect(String(error)).toContain(`${minikube}.sha256 answers 404`);
  expect((error as RefusedDownloadError).remedy).toContain("TODO_STACK_DOWNLOADS");
});

test("a connection that breaks is tried again", async () => {
  publishMinikube();
  let times = 0;
  answers[minikube] = (response) => {
    times += 1;
    if (times > 1) return void response.end(program);
    response.writeHead(200, { "content-length": String(program.length) });
    response.write(program.slice(0, 5), () => response.destroy());
  };
  await expect(ensureTool(on.machine, "minikube")).resolves.toContain("minikube-1.38.1");
  expect(times).toBe(2);
  expect(on.lines().join("\n")).toContain("once more");
});

test("a connection that breaks every time leaves nothing, and the next run works", async () => {
  publishMinikube();
  answers[minikube] = (response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  };
  await expect(ensureTool(on.machine, "minikube")).rejects.toBeInstanceOf(UnreachableError);
  expect(asked.filter((path) => path === minikube)).toHaveLength(3);
  expect(cached()).toEqual([]);
  publishMinikube();
  await expect(ensureTool(on.machine, "minikube")).resolves.toContain("minikube-1.38.1");
});

test("what a killed download left is removed", async () => {
  publishMinikube();
  mkdirSync(join(on.machine.cache, "downloads/helm3-3.22.0.999999999"), { recursive: true });
  mkdirSync(join(on.machine.cache, "downloads/helm3-3.22.0"), { recursive: true });
  await ensureTool(on.machine, "minikube");
  expect(cached()).toEqual(["helm3-3.22.0", "minikube-1.38.1"]);
});

test("out of reach: kubectl, Helm and k6 are built from source, Minikube cannot be", async () => {
  server.close();
  server.closeAllConnections();
  on.dispose();
  const built: string[] = [];
  const toolFromSource = async (tool: string) => {
    built.push(tool);
    return `/built/${tool}`;
  };
  const mirror = on.machine.env.TODO_STACK_DOWNLOADS;
  on = new TestMachine({ fetch, sandbox: async () => ({ toolFromSource }) as never });
  on.machine.env.TODO_STACK_DOWNLOADS = mirror;
  await expect(ensureTool(on.machine, "helm4")).resolves.toBe("/built/helm4");
  await expect(ensureTool(on.machine, "kubectl")).resolves.toBe("/built/kubectl");
  await expect(ensureTool(on.machine, "k6")).resolves.toBe("/built/k6");
  await expect(ensureTool(on.machine, "minikube")).rejects.toBeInstanceOf(UnreachableError);
  expect(built).toEqual(["helm4", "kubectl", "k6"]);
});

test("one on PATH wins where its version fits, and only then", async () => {
  const put = (version: string) => {
    writeFileSync(join(on.folder, "bin/pulumi"), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  };
  put("v3.243.0");
  await expect(findTool(on.machine, "pulumi")).resolves.toBeUndefined();
  put("v3.244.0");
  await expect(findTool(on.machine, "pulumi")).resolves.toBe(join(on.folder, "bin/pulumi"));
});
