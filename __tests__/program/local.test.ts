import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { storeRevisions } from "../release/helmSecret.ts";
import { only, type ProgramResult, runProgram } from "../support/program.ts";
import { apiServer, Workspace } from "../support/workspace.ts";

const image = "docker:index/image:Image";
const nodeImage = "pulumi-nodejs:dynamic/todo-stack:NodeImage";
const secret = "kubernetes:core/v1:Secret";
const release = "kubernetes:helm.sh/v3:Release";
const tagPattern = /^todo-(frontend|backend):\d+\.\d+\.\d+-[0-9a-f]{12}$/;

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.remove());

const local = (config: Record<string, unknown> = {}, preview = false) =>
  runProgram({ stack: "local", config, preview });
const reference = (result: ProgramResult, name: string) => only(result, image, name).inputs.imageName as string;

describe.each([false, true])("the local stack (preview: %p)", (preview) => {
  test("builds both images under tags that name their content, and pushes none", async () => {
    const result = await local({}, preview);
    for (const service of ["frontend", "backend"]) {
      const { inputs, parent } = only(result, image, service);
      expect(inputs.imageName).toMatch(tagPattern);
      expect(inputs.skipPush).toBe(true);
      expect(inputs.build).toMatchObject({ context: ".", dockerfile: `docker/${service}.Dockerfile` });
      expect(inputs.build.platform).toMatch(/^linux\/(amd64|arm64)$/);
      expect(parent).toBe(`todo-stack:image:ApplicationImage::${service}`);
    }
  });

  test("puts each image on the node after its build, and the release after both", async () => {
    const result = await local({}, preview);
    for (const service of ["frontend", "backend"]) {
      const placed = only(result, nodeImage, `${service}-on-node`);
      expect(placed.inputs.target).toEqual({ kind: "minikube", context: "minikube" });
      expect(placed.inputs.reference).toBe(reference(result, service));
      expect(placed.dependencies).toContain(`${image}::${service}`);
      expect(only(result, release).dependencies).toContain(`${nodeImage}::${service}-on-node`);
    }
  });

  test("deploys everything by the provider of the named context", async () => {
    const result = await local({}, preview);
    // The path that KUBECONFIG names would differ between machines.
    expect(only(result, "pulumi:providers:kubernetes").inputs).toMatchObject({ context: "minikube", kubeconfig: "" });
    const kubernetes = result.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(kubernetes).toHaveLength(4);
    for (const resource of kubernetes) expect(resource.provider).toBe("cluster");
  });

  test("deploys one atomic release with a bound, and keeps a bounded history", async () => {
    const { inputs, parent } = only(await local({}, preview), release);
    expect(inputs).toMatchObject({
      chart: "./chart",
      name: "todo",
      namespace: "todo",
      atomic: true,
      cleanupOnFail: true,
    });
    expect(inputs.timeout).toBeLessThan(120);
    expect(inputs.maxHistory).toBe(10);
    expect(parent).toBe("todo-stack:release:ChartRelease::release");
  });

  test("gives the release the images by tag, never to be pulled, and the page a port", async () => {
    const result = await local({ nodePort: 30123 }, preview);
    const { values } = only(result, release).inputs;
    for (const service of ["frontend", "backend"]) {
      const [repository, tag] = reference(result, service).split(":");
      expect(values[service].image).toMatchObject({ repository, tag, pullPolicy: "Never" });
    }
    expect(values.frontend.service).toMatchObject({ type: "NodePort", nodePort: 30123 });
    expect(result.outputs.url).toBe("http://127.0.0.1:30123");
  });

  test("draws the password and gives it to pods through a Secret alone", async () => {
    const result = await local({}, preview);
    const made = only(result, secret, "database");
    expect(made.secretInputs).toContain("stringData");
    expect(made.parent).toBe("todo-stack:secret:DatabaseSecret::database");
    const { values } = only(result, release).inputs;
    expect(JSON.stringify(values)).not.toContain("drawn-password");
    expect(JSON.stringify(result.outputs)).not.toContain("drawn-password");
    for (const name of ["database-password", "database-admin-password"]) {
      const { inputs } = only(result, "random:index/randomPassword:RandomPassword", name);
      expect(inputs).toMatchObject({ length: 32, special: false });
    }
  });
});

test("one Secret holds the backend's login and another the superuser's, and the release names both", async () => {
  const result = await local();
  const { DATABASE_USER: user, ...rest } = only(result, secret, "database").inputs.stringData;
  expect(user).toMatch(/^todo_[0-9a-f]{8}$/);
  expect(rest).toEqual({
    DATABASE_PASSWORD: "drawn-password",
    DATABASE_URL: `postgresql://${user}:drawn-password@todo-database:5432/todo`,
  });
  expect(only(result, secret, "database-admin").inputs.stringData).toEqual({ POSTGRES_PASSWORD: "drawn-password" });
  expect(only(result, release).inputs.values.database).toMatchObject({
    enabled: true,
    existingSecret: "database-1a2b3c4d",
    adminSecret: "database-admin-1a2b3c4d",
  });
});

test("another version of the password is drawn anew, the superuser's is not", async () => {
  const password = "random:index/randomPassword:RandomPassword";
  const result = await local({ databasePasswordVersion: 2 });
  expect(only(result, password, "database-password").inputs.keepers).toEqual({ version: "2" });
  expect(only(result, password, "database-admin-password").inputs.keepers).toBeUndefined();
});

test("the database's volume does not go with the release", async () => {
  expect(only(await local(), release).inputs.values.database.storage.retain).toBe(true);
});

test("the namespace admits only restricted pods", async () => {
  const { inputs } = only(await local(), "kubernetes:core/v1:Namespace");
  expect(inputs.metadata.name).toBe("todo");
  expect(inputs.metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
});

test("an external database in place of the one in the cluster", async () => {
  const url = "postgresql://user:marker@db.example.com/app";
  const result = await runProgram({ stack: "local", secretConfig: { databaseUrl: url } });
  expect(only(result, secret, "database").inputs.stringData).toEqual({ DATABASE_URL: url });
  expect(only(result, release).inputs.values.database.enabled).toBe(false);
  expect(result.resources.filter(({ type }) => type.startsWith("random:"))).toHaveLength(0);
});

test("secret variables of a person's own reach the backend through a Secret", async () => {
  const result = await runProgram({ stack: "local", secretConfig: { secretEnv: { JWT_SECRET: "marker" } } });
  const made = only(result, secret, "environment");
  expect(made.inputs.stringData).toEqual({ JWT_SECRET: "marker" });
  expect(made.secretInputs).toContain("stringData");
  const { values } = only(result, release).inputs;
  expect(values.backend.existingSecrets).toEqual(["environment-1a2b3c4d"]);
  expect(JSON.stringify(values)).not.toContain("marker");
});

test("plain variables and values of a person's own win over the profile's file", async () => {
  const config = { env: { LOG_LEVEL: "debug", FEATURE_X: true }, values: { backend: { replicaCount: 2 } } };
  const { values } = only(await local(config), release).inputs;
  expect(values.backend.env).toMatchObject({ LOG_LEVEL: "debug", FEATURE_X: "true" });
  expect(values.backend.replicaCount).toBe(2);
});

test("the sandbox's node is given the database's image too", async () => {
  workspace.writeKubeconfig({ box: apiServer.url });
  const result = await local({ context: "box", target: "sandbox" });
  expect(only(result, nodeImage, "database-on-node").inputs.reference).toBe("postgres:17-alpine");
  expect(only(result, release).inputs.values.database.image.pullPolicy).toBe("Never");
});

test("outputs name images, revision and the next commands", async () => {
  const result = await local();
  expect(result.outputs.images.backend).toEqual({ reference: reference(result, "backend"), digest: "sha256:image-id" });
  expect(result.outputs.revision).toBe(7);
  expect(result.outputs.commands.logs).toContain("kubectl --context minikube --namespace todo logs");
});

test("an edit inside an image changes that image's tag and the release alone", async () => {
  const before = await local();
  workspace.edit("apps/backend/src/todo/server.py", "# edited");
  const after = await local();
  expect(reference(after, "backend")).not.toBe(reference(before, "backend"));
  expect(reference(after, "frontend")).toBe(reference(before, "frontend"));
});

test.each(["README.md", "apps/backend/README.md", "apps/frontend/README.md", "docker/notes.txt"])(
  "an edit of %s changes nothing",
  async (path) => {
    const before = await local();
    workspace.edit(path, "edited");
    const inputs = (result: ProgramResult) => result.resources.map((resource) => resource.inputs);
    expect(inputs(await local())).toEqual(inputs(before));
  },
);

test("an edited chart template is a change of the release that reaches no value", async () => {
  const before = only(await local(), release).inputs;
  workspace.edit("chart/templates/deployment.yaml", "# edited");
  const after = only(await local(), release).inputs;
  expect(after.description).not.toBe(before.description);
  expect(after.values).toEqual(before.values);
});

test("a replaced base image is a build argument and another tag", async () => {
  const before = await local();
  const after = await local({ baseImages: { PYTHON_IMAGE: "mirror.example.com/python:3.13-slim" } });
  expect(only(after, image, "backend").inputs.build.args.PYTHON_IMAGE).toBe("mirror.example.com/python:3.13-slim");
  expect(reference(after, "backend")).not.toBe(reference(before, "backend"));
  expect(reference(after, "frontend")).toBe(reference(before, "frontend"));
});

test("a context that leads elsewhere is refused before anything is made", async () => {
  workspace.writeKubeconfig({ minikube: "https://203.0.113.7:6443" });
  await expect(local()).rejects.toThrow(/leads to https:\/\/203\.0\.113\.7:6443.*Nothing was changed/s);
});

test("while the namespace is being deleted the update is refused with the command that waits for it", async () => {
  const metadata = { name: "todo", deletionTimestamp: "2026-01-01T00:00:00Z" };
  apiServer.objects.set("/api/v1/namespaces/todo", { metadata });
  await expect(local()).rejects.toThrow(
    /is being deleted.*kubectl --context minikube wait --for=delete namespace\/todo/,
  );
});

test("a release that was damaged is repaired by another description, and that is all", async () => {
  const before = only(await local(), release).inputs;
  const hash = before.description.split(" ")[1];
  storeRevisions(apiServer, { revision: 4, status: "pending-upgrade", description: `chart ${hash}` });
  const after = only(await local(), release).inputs;
  expect(after).toEqual({ ...before, description: `chart ${hash}, repair of revision 4` });
});

test("an unknown context is refused with the command that makes it", async () => {
  workspace.writeKubeconfig({});
  await expect(local()).rejects.toThrow(/No kubeconfig names the context "minikube".*npm run up/s);
});
