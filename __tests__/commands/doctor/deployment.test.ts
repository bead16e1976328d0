import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { ApiServer } from "../../support/apiServer.ts";
import { TestMachine } from "../support/machine.ts";
import { findingOf } from "./fake.ts";

const server = await ApiServer.start();
let on: TestMachine;
afterEach(() => on.dispose());

const record = { program: "pulumi", cluster: "minikube", configuredContext: "minikube" } as const;
const nobody = "http://127.0.0.1:9";

function write(path: string, content: string): void {
  const file = join(on.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

test("the context: unknown, ours to make, on this machine, elsewhere", async () => {
  on = new TestMachine();
  const of = (context: string, address?: string) =>
    findingOf(on, "Kubernetes context", {
      settings: { context },
      ...(address === undefined ? {} : { server: address }),
    });
  expect(await of("minikube")).toMatchObject({ status: "ok", found: expect.stringContaining("makes it") });
  expect(await of("kind-a")).toMatchObject({ status: "missing", remedy: expect.stringContaining("config set") });
  expect(await of("kind-a", "https://127.0.0.1:6443")).toMatchObject({ status: "ok" });
  expect(await of("kind-a", "https://api.example.com")).toMatchObject({
    status: "missing",
    found: expect.stringContaining("not on this machine"),
  });
});

test("the cluster: none, answers, does not", async () => {
  on = new TestMachine();
  server.reset();
  server.objects.set("/version", { gitVersion: "v1.34.0" });
  expect(await findingOf(on, "Cluster")).toMatchObject({ status: "ok", found: expect.stringContaining("none yet") });
  expect(await findingOf(on, "Cluster", { server: server.url })).toMatchObject({
    status: "ok",
    found: expect.stringContaining("v1.34.0"),
  });
  expect(await findingOf(on, "Cluster", { server: nobody, record })).toMatchObject({
    status: "warn",
    remedy: "npm run up starts it",
  });
  const others = { server: nobody, settings: { context: "kind-a" } };
  expect(await findingOf(on, "Cluster", others)).toMatchObject({ status: "missing" });
});

test("the release: none, ours, another checkout's, left halfway", async () => {
  on = new TestMachine();
  server.reset();
  const put = (status: string) =>
    server.objects.set("/api/v1/namespaces/todo/secrets", {
      items: [{ metadata: { name: "sh.helm.release.v1.todo.v3", labels: { version: "3", status, modifiedAt: "1" } } }],
    });
  const at = { server: server.url };
  expect(await findingOf(on, "Release", { server: nobody })).toMatchObject({
    found: expect.stringContaining("not asked"),
  });
  expect(await findingOf(on, "Release", at)).toMatchObject({ status: "ok", found: "none yet" });
  put("deployed");
  expect(await findingOf(on, "Release", { ...at, record })).toMatchObject({
    status: "ok",
    found: "todo, revision 3 is deployed",
  });
  expect(await findingOf(on, "Release", at)).toMatchObject({
    status: "warn",
    remedy: expect.stringContaining("delete namespace todo"),
  });
  put("pending-upgrade");
  expect(await findingOf(on, "Release", { ...at, record })).toMatchObject({
    status: "warn",
    found: expect.stringContaining("pending-upgrade"),
  });
});

test("a Minikube profile: none, fine, with a runtime that takes no image, without its container", async () => {
  on = new TestMachine();
  expect(await findingOf(on, "Minikube profile")).toMatchObject({
    status: "ok",
    found: expect.stringContaining("no profile"),
  });
  const profile = (runtime: string) =>
    write(
      ".minikube/profiles/minikube/config.json",
      JSON.stringify({ Driver: "docker", KubernetesConfig: { ContainerRuntime: runtime } }),
    );
  profile("containerd");
  const running = { answers: { "docker ps": "running\n" } };
  expect(await findingOf(on, "Minikube profile", running)).toMatchObject({
    status: "ok",
    found: "minikube: driver docker, runtime containerd, running",
  });
  expect(await findingOf(on, "Minikube profile", { answers: { "docker ps": "exited\n" } })).toMatchObject({
    found: expect.stringContaining("npm run up starts it"),
  });
  expect(await findingOf(on, "Minikube profile", { answers: { "docker ps": "" } })).toMatchObject({
    status: "warn",
    found: expect.stringContaining("gone"),
  });
  profile("crio");
  expect(await findingOf(on, "Minikube profile", running)).toMatchObject({
    status: "warn",
    remedy: expect.stringContaining("minikube delete"),
  });
});

test("Pulumi's backend: one's own, without its passphrase, a folder, a service", async () => {
  on = new TestMachine();
  const of = async (url?: string, files: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}) => {
    Object.assign(
      on.machine.env,
      { PULUMI_BACKEND_URL: url, PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_ACCESS_TOKEN: undefined },
      env,
    );
    return findingOf(on, "Pulumi backend", { files });
  };
  const state = on.machine.state;
  const kept = { [`${state}/pulumi/.pulumi`]: "" };
  expect(await of()).toMatchObject({ status: "ok" });
  expect(await of(undefined, kept)).toMatchObject({ status: "missing", found: expect.stringContaining("passphrase") });
  expect(await of(undefined, { ...kept, [`${state}/passphrase`]: "" })).toMatchObject({ status: "ok" });
  expect(await of("file:///gone-away")).toMatchObject({ status: "missing" });
  expect(await of(`file://${on.folder}`)).toMatchObject({
    status: "warn",
    found: expect.stringContaining("without a passphrase"),
  });
  expect(await of(`file://${on.folder}`, {}, { PULUMI_CONFIG_PASSPHRASE: "x" })).toMatchObject({ status: "ok" });
  const cloud = "https://api.pulumi.com";
  expect(await of(cloud)).toMatchObject({ status: "missing", remedy: expect.stringContaining("pulumi login") });
  expect(await of(cloud, {}, { PULUMI_ACCESS_TOKEN: "x" })).toMatchObject({ status: "ok" });
  expect(await of(cloud, { [join(on.folder, ".pulumi/credentials.json")]: `{"current":"${cloud}"}` })).toMatchObject({
    status: "ok",
  });
});

test("a lock of a killed CLI is told from one that is held", async () => {
  on = new TestMachine();
  expect(await findingOf(on, "Pulumi lock")).toMatchObject({ status: "ok", found: "none" });
  const lock = (pid: number) =>
    write(
      "checkout/.state/pulumi/.pulumi/locks/organization/todo-stack/local/a.json",
      JSON.stringify({ pid }).replace(":", ": "),
    );
  lock(2 ** 22 + 1);
  expect(await findingOf(on, "Pulumi lock")).toMatchObject({
    status: "warn",
    remedy: expect.stringContaining("pulumi -- cancel"),
  });
  const child = spawn("bash", ["-c", "exec -a pulumi-stand-in sleep 20"]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  lock(child.pid ?? 0);
  expect(await findingOf(on, "Pulumi lock")).toMatchObject({
    status: "warn",
    found: `an update is under way (process ${child.pid})`,
  });
  child.kill();
});

test("another command at work in this checkout", async () => {
  on = new TestMachine();
  expect(await findingOf(on, "Other runs")).toMatchObject({ status: "ok" });
  write("checkout/.state/lock", `${process.pid} up\n`);
  expect(await findingOf(on, "Other runs")).toMatchObject({
    status: "warn",
    found: `npm run up is at work (process ${process.pid})`,
  });
  write("checkout/.state/lock", `${2 ** 22 + 1} up\n`);
  expect(await findingOf(on, "Other runs")).toMatchObject({ status: "ok" });
});
