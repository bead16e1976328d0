import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { listBaseImages } from "../../sandbox/bases/list.ts";
import { everything, profiles } from "../chart/profiles.ts";
import { render } from "../chart/render.ts";
import { readPods, readTestPods } from "./support/clusterPlaces.ts";
import { Deployment } from "./support/deployment.ts";
import {
  changesUser,
  type ImageFile,
  isWritableBy,
  listFiles,
  packageManagersIn,
  shellsIn,
  userOf,
} from "./support/imageFiles.ts";
import { containersOf, type Pod } from "./support/kubernetes.ts";

const deployment = new Deployment();
const scratch = mkdtempSync(join(tmpdir(), "todo-stack-security-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Asks the API server what it would do with objects, by the strictest of its checks; a warning is a refusal. */
async function admit(namespace: string, objects: readonly unknown[]): Promise<string> {
  const file = join(scratch, "objects.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  const checks = ["--dry-run=server", "--validate=strict", "--warnings-as-errors"];
  return deployment.kubectl("--namespace", namespace, "apply", ...checks, "--filename", file);
}

/** The pods that run, and those of `helm test`. */
async function readAllPods(): Promise<readonly Pod[]> {
  return [...(await readPods(deployment)), ...(await readTestPods(deployment))];
}

describe("pods", () => {
  test("the namespace enforces the restricted standard, and refuses a pod that asks for more", async () => {
    const { namespace } = deployment;
    const labels = await deployment.kubectl("get", "namespace", namespace, "--output", "jsonpath={.metadata.labels}");
    const own = Object.entries(JSON.parse(labels)).filter(([name]) => name.startsWith("pod-security.kubernetes.io/"));
    expect(own).toEqual([["pod-security.kubernetes.io/enforce", "restricted"]]);
    const privileged = ["run", "intruder", "--image", "todo-backend", "--privileged"];
    await expect(deployment.kubectl(...privileged)).rejects.toThrow(/violates PodSecurity "restricted/);
  });

  test("everything that the chart makes is admitted there, the pods of helm test too", async () => {
    const components = (await deployment.pods()).filter(({ ready }) => ready).map(({ component }) => component);
    expect(components).toEqual(expect.arrayContaining(["frontend", "backend", "database"]));
    const tests = await readTestPods(deployment);
    expect(tests).toHaveLength(3);
    expect((await admit(deployment.namespace, tests)).match(/ created \(server dry run\)/g)).toHaveLength(3);
  });

  test("no pod holds a service account's token", async () => {
    const pods = await readAllPods();
    expect(pods.map(({ spec }) => spec.automountServiceAccountToken)).toEqual(pods.map(() => false));
    expect(JSON.stringify(pods)).not.toContain("serviceAccountToken");
    const look = "import os; print(*(os.path.exists(p) for p in ('/proc/1', '/var/run/secrets', '/run/secrets')))";
    const [backend] = await deployment.pods("backend");
    expect(await deployment.kubectl("exec", backend?.name ?? "", "--", "python", "-c", look)).toBe(
      "True False False\n",
    );
  });

  test("every container runs as a user without rights, on a file system that it cannot change", async () => {
    for (const { spec } of await readAllPods()) {
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      for (const { name, securityContext } of containersOf(spec)) {
        expect({ name, ...securityContext }).toEqual({
          name,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ["ALL"] },
        });
      }
    }
  });
});

describe("the API server's own checks of what each values file comes to", () => {
  const namespace = "todo-admission";
  const levels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  };

  beforeAll(async () => {
    const items = [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: levels } },
      // A pod of its own is refused before its account is there, and a dry run makes none.
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "todo", namespace } },
    ];
    const file = join(scratch, "namespace.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await deployment.kubectl("--namespace", namespace, "apply", "--filename", file);
  });
  afterAll(() => deployment.kubectl("delete", "namespace", namespace, "--wait=false"));

  test.each(Object.entries({ ...profiles, "everything switched on": { values: everything } }))(
    "%s is admitted without a warning",
    async (_name, options) => {
      const { objects } = await render({ ...options, helm: "3" });
      const admitted = (await admit(namespace, objects)).trim().split("\n");
      expect(admitted).toHaveLength(objects.length);
    },
  );

  test("an unknown field is refused, and so is a Deployment whose pods would be", async () => {
    const { objects } = await render({ helm: "3" });
    const deployments = objects.filter(({ kind }) => kind === "Deployment");
    const broken = (edit: (text: string) => string) => JSON.parse(edit(JSON.stringify(deployments))) as unknown[];
    const misspelt = broken((text) => text.replaceAll('"startupProbe"', '"startUpProbe"'));
    await expect(admit(namespace, misspelt)).rejects.toThrow(/unknown field .*startUpProbe/);
    const asRoot = broken((text) => text.replaceAll('"runAsNonRoot":true', '"runAsNonRoot":false'));
    await expect(admit(namespace, asRoot)).rejects.toThrow(/violate PodSecurity "restricted/);
  });
});

describe("images", () => {
  const images: Record<string, string> = {};
  let backend: readonly ImageFile[];
  let frontend: readonly ImageFile[];
  let nginx: readonly ImageFile[];

  beforeAll(async () => {
    for (const { component, image } of await deployment.pods()) images[component] = image;
    const bases = await listBaseImages(deployment.checkout.folder);
    const base = bases.find(({ from }) => from.includes("NGINX_IMAGE"))?.reference ?? "";
    [backend, frontend, nginx] = await Promise.all([
      listFiles(images.backend ?? ""),
      listFiles(images.frontend ?? ""),
      listFiles(base),
    ]);
  });
  const pathsOf = (files: readonly ImageFile[]) => files.map(({ path }) => path);

  test("each runs as a user that is named by its number and is not root", async () => {
    expect(await userOf(images.backend ?? "")).toBe("10001:10001");
    expect(await userOf(images.frontend ?? "")).toBe("101");
  });

  test("neither has a file that gives its caller another user's rights", () => {
    for (const files of [backend, frontend]) {
      // The bit beside those two is seen: everybody may write there, and nobody remove another's file.
      expect(files.find(({ path }) => path === "tmp/")?.mode).toBe("drwxrwxrwt");
      expect(pathsOf(files.filter(changesUser))).toEqual([]);
    }
  });

  test("the backend has no shell; the frontend none that nginx's own image has not", () => {
    expect(shellsIn(backend)).toEqual([]);
    expect(shellsIn(nginx).length).toBeGreaterThan(0);
    expect(shellsIn(frontend)).toEqual(shellsIn(nginx));
  });

  test("the backend has no package manager; the frontend none that nginx's own image has not", () => {
    expect(packageManagersIn(backend)).toEqual([]);
    expect(packageManagersIn(nginx).length).toBeGreaterThan(0);
    expect(packageManagersIn(frontend)).toEqual(packageManagersIn(nginx));
  });

  test("the server's user can change nothing but temporary files, and of the page and its configuration nothing", () => {
    expect(pathsOf(backend.filter((file) => isWritableBy(10001, 10001, file)))).toEqual(["tmp/"]);
    const brought = new Set(pathsOf(nginx));
    const added = frontend.filter(({ path }) => !brought.has(path));
    expect(pathsOf(added)).toEqual(expect.arrayContaining(["srv/www/index.html", "etc/nginx/server.conf"]));
    const ours = [...added, ...frontend.filter(({ path }) => path === "etc/nginx/nginx.conf")];
    // The image names a user and no group, so the process has that user's own one.
    expect(pathsOf(ours.filter((file) => isWritableBy(101, 101, file)))).toEqual([]);
    expect(pathsOf(frontend.filter((file) => isWritableBy(101, 101, file)))).toContain("tmp/");
  });
});
