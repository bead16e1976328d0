import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { network, only, published, runProgram, shownLogins } from "../support/program.ts";
import { apiServer, Workspace } from "../support/workspace.ts";

const config = { context: "cluster-eu", registry: "ghcr.io/acme", host: "todo.example.com" };
const secretConfig = { databaseUrl: "postgresql://app:secret@db.example.com/app?sslmode=require" };
const image = "docker:index/image:Image";
const digest = `sha256:${"a".repeat(64)}`;

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
  workspace.writeKubeconfig({ "cluster-eu": apiServer.url });
  process.env.DOCKER_CONFIG = workspace.folder;
});
afterEach(() => {
  workspace.remove();
  published.clear();
  shownLogins.length = 0;
  network.down = false;
  delete process.env.DOCKER_CONFIG;
  jest.restoreAllMocks();
});

const values = (result: Awaited<ReturnType<typeof runProgram>>) =>
  only(result, "kubernetes:helm.sh/v3:Release").inputs.values;

test.each([false, true])(
  "what a registry has is not built, and deployed by its digest (preview: %p)",
  async (preview) => {
    published.set("ghcr.io/acme/todo-backend", digest);
    const result = await runProgram({ stack: "prod", config, secretConfig, preview });
    expect(result.resources.filter(({ type }) => type === image).map(({ name }) => name)).toEqual(["frontend"]);
    expect(values(result).backend.image.digest).toBe(digest);
    expect(result.outputs.images.backend.digest).toBe(`ghcr.io/acme/todo-backend@${digest}`);
  },
);

test("an image that is built writes the cache of its layers into itself, which is no part of its tag", async () => {
  const result = await runProgram({ stack: "prod", config, secretConfig });
  const { build, imageName } = only(result, image, "backend").inputs;
  expect(build.args).toMatchObject({ BUILDKIT_INLINE_CACHE: "1" });
  expect(build.args).not.toHaveProperty("BUILD_GENERATION");
  const local = await runProgram({ stack: "prod", config: { ...config, registry: "ghcr.io/other" }, secretConfig });
  expect(only(local, image, "backend").inputs.imageName.split(":")[1]).toBe(imageName.split(":")[1]);
});

test("a registry that does not answer is told of, and what it may have is built", async () => {
  network.down = true;
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const result = await runProgram({ stack: "prod", config, secretConfig, preview: true });
  expect(result.resources.filter(({ type }) => type === image)).toHaveLength(2);
  expect(warn).toHaveBeenCalledWith(expect.stringMatching(/not asked for ghcr.io\/acme\/todo-backend.*ENOTFOUND/));
});

test("without a login of the stack's own, Docker's serves, and the cluster gets none", async () => {
  const auth = Buffer.from("somebody:docker-login").toString("base64");
  workspace.write("config.json", JSON.stringify({ auths: { "private.example.com": { auth } } }));
  const registry = "private.example.com/acme";
  const result = await runProgram({ stack: "prod", config: { ...config, registry }, secretConfig });
  expect(shownLogins).toContain(`Basic ${auth}`);
  expect(only(result, image, "backend").inputs.registry).toEqual({ server: "private.example.com" });
  expect(values(result)).not.toHaveProperty("imagePullSecrets");
  expect(JSON.stringify(result)).not.toContain("docker-login");
});

test("the stack's own login asks, pushes and pulls, and stands in secrets alone", async () => {
  const registry = "private.example.com/acme";
  const result = await runProgram({
    stack: "prod",
    config: { ...config, registry, registryUsername: "ci" },
    secretConfig: { ...secretConfig, registryPassword: "push-marker" },
  });
  expect(shownLogins).toContain(`Basic ${Buffer.from("ci:push-marker").toString("base64")}`);
  const pushed = only(result, image, "backend");
  expect(pushed.inputs.registry).toEqual({ server: "private.example.com", username: "ci", password: "push-marker" });
  expect(pushed.secretInputs).toContain("registry");
  const pull = only(result, "kubernetes:core/v1:Secret", "registry");
  expect(pull.inputs.type).toBe("kubernetes.io/dockerconfigjson");
  expect(pull.secretInputs).toContain("stringData");
  const { auths } = JSON.parse(pull.inputs.stringData[".dockerconfigjson"]);
  expect(auths["private.example.com"]).toMatchObject({ username: "ci", password: "push-marker" });
  expect(values(result).imagePullSecrets).toEqual([{ name: "registry-1a2b3c4d" }]);
  const others = result.resources.filter(({ name, type }) => name !== "registry" && type !== image);
  expect(JSON.stringify([others, result.outputs])).not.toContain("push-marker");
  const asked = only(result, "pulumi-nodejs:dynamic/todo-stack:PublishedImage", "backend-published");
  expect(asked.secretInputs).toEqual([]);
});

test("a login for pulling alone is all that the cluster is given", async () => {
  const result = await runProgram({
    stack: "prod",
    config: { ...config, registryUsername: "ci", registryPullUsername: "reader" },
    secretConfig: { ...secretConfig, registryPassword: "push-marker", registryPullPassword: "pull-marker" },
  });
  const text = only(result, "kubernetes:core/v1:Secret", "registry").inputs.stringData[".dockerconfigjson"];
  expect(text).toContain("pull-marker");
  expect(text).not.toContain("push-marker");
});

test("an image is told what its labels say: its content's hash, and where its sources are", async () => {
  const sourceUrl = "https://github.com/acme/todo-stack";
  const result = await runProgram({ stack: "prod", config: { ...config, sourceUrl }, secretConfig });
  for (const service of ["frontend", "backend"]) {
    const { build, imageName } = only(result, image, service).inputs;
    const [, version, hash] = /:(.*)-([0-9a-f]{12})$/.exec(imageName) ?? [];
    expect(build.args).toMatchObject({ APP_VERSION: version, CONTENT_HASH: hash, SOURCE_URL: sourceUrl });
    const labels = readFileSync(`docker/${service}.Dockerfile`, "utf8").split("LABEL ")[1];
    for (const label of [
      `org.opencontainers.image.title="todo-${service}"`,
      'org.opencontainers.image.licenses="Apache-2.0"',
      `org.opencontainers.image.source="\${SOURCE_URL}"`,
      `org.opencontainers.image.version="\${APP_VERSION}"`,
      `dev.todo-stack.content-hash="\${CONTENT_HASH}"`,
    ]) {
      expect(labels).toContain(label);
    }
  }
});
