import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { ApplicationOnDisk } from "../support/applicationFolder.ts";
import { only, runProgram } from "../support/program.ts";
import { Workspace } from "../support/workspace.ts";

const image = "docker:index/image:Image";
const release = "kubernetes:helm.sh/v3:Release";
const secret = "kubernetes:core/v1:Secret";

let workspace: Workspace;
let application: ApplicationOnDisk;
beforeEach(() => {
  // What is guessed of an application is logged.
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  workspace = new Workspace();
  application = new ApplicationOnDisk({
    "api/Dockerfile": "ARG PYTHON_IMAGE\nFROM scratch\nCOPY main.py /\nEXPOSE 9000\n",
    "api/main.py": "1",
    "api/.env": "SECRET=1",
    "web/Dockerfile": "FROM scratch\nEXPOSE 3100\nUSER 1000\n",
    "search/Dockerfile": "FROM scratch\nEXPOSE 7700\nUSER 1000\n",
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  application.remove();
  workspace.remove();
});

const run = (config: Record<string, unknown>, more: object = {}) =>
  runProgram({
    stack: "local",
    config: {
      releaseName: "shop",
      frontend: { path: `${application.path}/web`, env: { API: "{backendUrl}" } },
      backend: { path: `${application.path}/api`, healthPath: "/health" },
      ...config,
    },
    ...more,
  });

test("both parts are built from their folders, by their own Dockerfiles, under names of their own", async () => {
  const result = await run({ baseImages: { PYTHON_IMAGE: "mirror/python:3" } });
  const { inputs } = only(result, image, "backend");
  expect(inputs.imageName).toMatch(/^shop-backend:\d+\.\d+\.\d+-[0-9a-f]{12}$/);
  expect(inputs.build).toMatchObject({
    context: ".state/contexts/local/backend/app",
    dockerfile: ".state/contexts/local/backend/Dockerfile",
    args: { PYTHON_IMAGE: "mirror/python:3" },
  });
  expect(only(result, image, "frontend").inputs.imageName).toMatch(/^shop-frontend:/);
});

test("the chart is told what the Dockerfiles and the configuration say, and asks nothing that only the shipped one has", async () => {
  const { values } = only(await run({}), release).inputs;
  expect(values.backend).toMatchObject({
    containerPort: 9000,
    runAsUser: 10001,
    migrations: { enabled: false },
    probes: { startup: { path: "/health" }, readiness: { path: "/health" }, liveness: { path: "/health" } },
  });
  expect(values.frontend).toMatchObject({
    containerPort: 3100,
    proxy: false,
    env: { API: "http://shop-backend:8000" },
  });
  expect(values.frontend).not.toHaveProperty("runAsUser");
  expect(values.tests).toEqual({ enabled: true, todo: false, health: false });
});

test("the chart's tests are not run in an image that may have no Python", async () => {
  const { values } = only(await run({ backend: { path: `${application.path}/search` } }), release).inputs;
  expect(values.tests).toMatchObject({ enabled: false });
});

test("an edit changes the tag of its image alone, and what is left out of the image changes none", async () => {
  const references = async () => {
    const result = await run({});
    return ["frontend", "backend"].map((name) => only(result, image, name).inputs.imageName as string);
  };
  const [web, api] = await references();
  application.write({ "api/.env": "SECRET=2" });
  expect(await references()).toEqual([web, api]);
  application.write({ "api/main.py": "2" });
  const [webAfter, apiAfter] = await references();
  expect([webAfter === web, apiAfter === api]).toEqual([true, false]);
});

test("without a database there is none, and no Secret for it", async () => {
  const result = await run({ backend: { path: `${application.path}/api`, database: false } });
  const { values } = only(result, release).inputs;
  expect(values.backend.database).toBe(false);
  expect(values.database.enabled).toBe(false);
  expect(result.resources.filter(({ type }) => type === secret)).toEqual([]);
});

test("further services run the backend's image with its variables, or are built, and are put on the node", async () => {
  const services = {
    worker: { image: "backend", command: ["python", "-m", "worker"], env: { MODE: "work" } },
    nightly: { image: "backend", command: ["python", "-m", "report"], schedule: "0 3 * * *" },
    search: { path: `${application.path}/search`, healthPath: "/health", secretEnv: true },
    cache: { image: "registry.example.com/cache:7", port: 6379 },
  };
  const result = await run({ services }, { secretConfig: { secretEnv: { TOKEN: "t" } } });
  const { values } = only(result, release).inputs;
  expect(values.services.worker).toMatchObject({
    imageOf: "backend",
    command: ["python", "-m", "worker"],
    env: { MODE: "work" },
    database: true,
  });
  expect(values.services.worker).not.toHaveProperty("port");
  expect(values.services.nightly).toMatchObject({ imageOf: "backend", schedule: "0 3 * * *" });
  const [repository, tag] = (only(result, image, "search").inputs.imageName as string).split(":");
  expect(values.services.search).toMatchObject({
    image: { repository, tag, pullPolicy: "Never" },
    port: 7700,
    database: false,
    probes: { readiness: { path: "/health" } },
  });
  expect(values.services.search).not.toHaveProperty("containerPort");
  expect(values.services.search.existingSecrets).toHaveLength(1);
  expect(values.services.cache).toMatchObject({
    image: { repository: "registry.example.com/cache", tag: "7" },
    port: 6379,
  });
  only(result, "pulumi-nodejs:dynamic/todo-stack:NodeImage", "search-on-node");
});

test("a frontend's secrets reach its pods through a Secret of their own", async () => {
  const result = await run({}, { secretConfig: { frontendSecretEnv: { SESSION_KEY: "marker" } } });
  const { inputs, secretInputs } = only(result, secret, "frontend-environment");
  expect(inputs.stringData).toEqual({ SESSION_KEY: "marker" });
  expect(secretInputs).toContain("stringData");
  const { values } = only(result, release).inputs;
  expect(values.frontend.existingSecrets).toHaveLength(1);
  expect(JSON.stringify(values)).not.toContain("marker");
});

test("what is in the way is told with every other thing, and nothing is built", async () => {
  await expect(run({ backend: { path: `${application.path}/nowhere` } })).rejects.toThrow(/there is no such folder/);
  await expect(run({ backend: { path: `${application.path}/api`, dockerfile: "Other" } })).rejects.toThrow(
    /there is no .*Other/,
  );
});
