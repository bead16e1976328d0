import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { catalog } from "../../commands/tools/catalog.ts";
import { read } from "./support/pages.ts";

const command = z.union([
  z.string(),
  z.array(z.string()),
  z.record(z.string(), z.union([z.string(), z.array(z.string())])),
]);
const amount = z.string().regex(/^\d+([tgmk]b)?$/);
const port = z.number().int().min(0).max(65535);

/** The rules of the published schema for what stands in ours: https://containers.dev/implementors/json_reference/ */
const devContainer = z.strictObject({
  name: z.string(),
  image: z.string().regex(/^[a-z0-9./-]+:[\w.-]+$/),
  features: z.record(z.string().regex(/^[a-z0-9./-]+:\d+$/), z.record(z.string(), z.union([z.string(), z.boolean()]))),
  hostRequirements: z.strictObject({ cpus: z.number().int().min(1), memory: amount, storage: amount }),
  containerEnv: z.record(z.string(), z.string()),
  forwardPorts: z.array(port),
  portsAttributes: z.record(
    z.string().regex(/^\d+$/),
    z.strictObject({
      label: z.string(),
      onAutoForward: z.enum(["notify", "openBrowser", "openBrowserOnce", "openPreview", "silent", "ignore"]),
    }),
  ),
  postCreateCommand: command,
  customizations: z.strictObject({
    vscode: z.strictObject({ extensions: z.array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/)) }),
  }),
});

const given: unknown = JSON.parse(read(".devcontainer/devcontainer.json"));
const container = devContainer.parse(given);
const feature = (name: string) =>
  Object.entries(container.features).find(([reference]) => reference.includes(`/${name}:`))?.[1];

test("it has the Node that runs the program, Docker, and the tools at the versions of the catalogue", () => {
  const bootstrap = /const NODE_VERSION = "(\d+)\./.exec(read("commands/bootstrap.mjs"))?.[1];
  expect(container.image).toBe(`mcr.microsoft.com/devcontainers/typescript-node:${bootstrap}-bookworm`);
  expect(feature("docker-in-docker")?.version).toMatch(/^\d+$/);
  expect(feature("kubectl-helm-minikube")).toEqual({
    version: catalog.kubectl.version,
    helm: catalog.helm3.version,
    minikube: catalog.minikube.version,
  });
});

test("it forwards the page's port, installs the packages and has the editor's extensions", () => {
  const { config } = parse(read("Pulumi.yaml")) as { config: { nodePort: { default: number } } };
  expect(container.forwardPorts).toEqual([config.nodePort.default]);
  expect(Object.keys(container.portsAttributes)).toEqual([String(config.nodePort.default)]);
  expect(container.postCreateCommand).toBe("npm ci --ignore-scripts");
  const { recommendations } = JSON.parse(read(".vscode/extensions.json")) as { recommendations: readonly string[] };
  expect(container.customizations.vscode.extensions).toEqual(recommendations);
});

test.each([
  ["an unknown key", { forwardedPorts: [30080] }],
  ["a feature without a version", { features: { "ghcr.io/devcontainers/features/docker-in-docker": {} } }],
  ["an image without a tag", { image: "mcr.microsoft.com/devcontainers/typescript-node" }],
  ["an unknown way to tell of a port", { portsAttributes: { "30080": { label: "x", onAutoForward: "shout" } } }],
  ["a port that is none", { forwardPorts: [70000] }],
  ["memory without a unit that is known", { hostRequirements: { cpus: 4, memory: "8gib", storage: "32gb" } }],
])("the rules refuse %s", (_name, change) => {
  expect(devContainer.safeParse({ ...(given as object), ...change }).success).toBe(false);
});
