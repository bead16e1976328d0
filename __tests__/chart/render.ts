import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import type { Manifest, Values } from "./manifest.ts";

const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), "chart-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let valuesFiles = 0;
const rendered = new Map<string, Promise<Rendered>>();

/** The repository's root. */
export const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
/** The chart's folder. */
export const chartFolder = join(root, "chart");

/** The two programs that the chart must work with, by their major version. */
export const helmVersions = ["3", "4"] as const;
/** Major version of Helm. */
export type HelmVersion = (typeof helmVersions)[number];

/** What is rendered: a chart with values files and values laid over them. */
export interface RenderOptions {
  /** Defaults to 4. */
  readonly helm?: HelmVersion;
  /** Names of values files in the chart's folder, in order. */
  readonly files?: readonly string[];
  /** Values laid over the files. */
  readonly values?: Values;
  /** Folder of the chart; defaults to the repository's own. */
  readonly chart?: string;
  /** Name of the release; defaults to `todo`. */
  readonly release?: string;
}

/** Objects of one rendering. */
export class Rendered {
  readonly objects: readonly Manifest[];

  constructor(objects: readonly Manifest[]) {
    this.objects = objects;
  }

  /** All objects of a kind. */
  all(kind: string): readonly Manifest[] {
    return this.objects.filter((object) => object.kind === kind);
  }

  /**
   * The object of that kind and name.
   *
   * @throws when there is none; the message lists those there are.
   */
  get(kind: string, name: string): Manifest {
    const found = this.all(kind).find((object) => object.metadata.name === name);
    if (found) return found;
    const names = this.all(kind).map((object) => object.metadata.name);
    throw new Error(`no ${kind} "${name}" was rendered; there are: ${names.join(", ") || "none"}`);
  }

  /** Everything that has a pod: the pod templates of the workloads and the pods of `helm test`. */
  pods(): readonly Manifest[] {
    return this.objects.flatMap((object) =>
      object.kind === "Pod" ? [object] : (object.spec?.template ?? object.spec?.jobTemplate?.spec?.template ?? []),
    );
  }
}

/**
 * Path of a helm binary.
 *
 * @throws when the environment variable HELM3 or HELM4 is not set.
 */
export function helmBinary(version: HelmVersion): string {
  const path = process.env[`HELM${version}`];
  if (path) return path;
  throw new Error(
    `HELM${version} is not set: the chart's tests need the path of a Helm ${version} binary. \`npm test\` brings one and sets it.`,
  );
}

/**
 * Runs helm. A Kubernetes version is given, because a helm that was built from its Go module without linker flags
 * believes that it speaks to Kubernetes 1.20.
 *
 * @returns standard output
 * @throws what helm wrote to standard error
 */
export async function helm(version: HelmVersion, command: "template" | "lint", args: readonly string[]) {
  try {
    const { stdout } = await run(helmBinary(version), [command, ...args, "--kube-version", "1.34.0"], {
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stderr, stdout } = error as { stderr?: string; stdout?: string };
    throw stderr === undefined ? error : new Error(`${stderr}${command === "lint" ? stdout : ""}`);
  }
}

/**
 * Arguments that name the chart and its values.
 *
 * @param options what is rendered
 */
export function helmArguments({ files = [], values, chart = chartFolder }: RenderOptions): string[] {
  const all = files.map((file) => join(chartFolder, file));
  if (values) {
    const file = join(scratch, `values-${++valuesFiles}.json`);
    writeFileSync(file, JSON.stringify(values));
    all.push(file);
  }
  return [chart, ...all.flatMap((file) => ["--values", file])];
}

/** `helm template`, once for each set of options. */
export function render(options: RenderOptions = {}): Promise<Rendered> {
  const key = JSON.stringify(options);
  const known = rendered.get(key);
  if (known) return known;
  const fresh = helm(options.helm ?? "4", "template", [
    options.release ?? "todo",
    ...helmArguments(options),
    "--namespace",
    "apps",
  ]).then((text) => new Rendered(parseObjects(text)));
  rendered.set(key, fresh);
  return fresh;
}

/**
 * What helm prints after an installation. Helm 4 only: `install` takes no Kubernetes version, and a Helm 3 built from its
 * Go module would refuse the chart for its own default one.
 */
export async function notes(options: RenderOptions): Promise<string> {
  const args = ["install", "todo", ...helmArguments(options), "--dry-run=client", "--namespace", "apps"];
  const { stdout } = await run(helmBinary("4"), args, { env: { ...process.env, KUBECONFIG: "/dev/null" } });
  return stdout.split("NOTES:\n")[1] ?? "";
}

/** What helm says about values that it must refuse. */
export async function refusal(options: RenderOptions): Promise<string> {
  return render(options).then(
    () => {
      throw new Error("helm accepted the values");
    },
    (error: Error) => error.message,
  );
}

/** Reads a file of the repository. */
export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function parseObjects(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    const object: Manifest | null = document.toJS();
    return object ? [object] : [];
  });
}
