import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Validation } from "@cyclonedx/cyclonedx-library";
import { type Service, services } from "../../components/image/shipped.ts";
import { parseYaml } from "../../components/yaml.ts";
import { askEngine } from "../machine/engine.ts";
import type { ImageBom } from "../sbom/bom.ts";
import { makeBom } from "../sbom/make.ts";
import { readBuildSettings } from "../sbom/sbom.ts";
import type { Machine } from "../support/machine.ts";
import { oneCheck } from "./report.ts";
import type { TestStep } from "./step.ts";

/** The software bill of materials of each image: valid, and with all that its lockfile has; skipped without an engine. */
export const sbomSteps: readonly TestStep[] = services.map((service) => ({
  name: `${service} sbom`,
  room: service,
  run: async (machine, log) => {
    const answer = await askEngine(machine);
    if ("problem" in answer) {
      log(`skipped: not made without a Docker engine: ${answer.problem}`);
      return { counts: { passed: 0, failed: 0, skipped: 1 }, output: answer.problem };
    }
    const bom = await makeBom(machine, service, await readBuildSettings(machine, "local"), log);
    const problems = await findProblems(bom, await lockedPackages(machine, service));
    return { counts: oneCheck(problems.length === 0), output: problems.join("\n") };
  },
}));

/** What is wrong with a document: against CycloneDX's own schema, and against what must be in it, by package URL. */
export async function findProblems(bom: ImageBom, expected: readonly string[]): Promise<string[]> {
  const validator = new Validation.JsonStrictValidator(
    bom.specVersion as ConstructorParameters<typeof Validation.JsonStrictValidator>[0],
  );
  const invalid = await validator.validate(JSON.stringify(bom));
  const named = new Set(bom.components.map(({ purl }) => purl));
  return [
    ...(invalid === null ? [] : [`it is no CycloneDX ${bom.specVersion}: ${JSON.stringify(invalid)}`]),
    ...expected.filter((purl) => !named.has(purl)).map((purl) => `${purl} is locked and not in it`),
    ...bom.components.filter(({ version }) => !version).map(({ name }) => `${name} has no version`),
  ];
}

/** The package URLs of all that a lockfile has for production, read otherwise than the package managers do. */
async function lockedPackages({ root }: Machine, service: Service): Promise<string[]> {
  const app = join(root, "apps", service);
  return service === "frontend"
    ? pnpmPackages(await readFile(join(app, "pnpm-lock.yaml"), "utf8"))
    : uvPackages(await readFile(join(app, "uv.lock"), "utf8"));
}

type Needs = Readonly<Record<string, string>>;

interface PnpmLock {
  readonly importers: Readonly<
    Record<string, { readonly dependencies?: Readonly<Record<string, { version: string }>> }>
  >;
  readonly snapshots: Readonly<
    Record<string, { readonly dependencies?: Needs; readonly optionalDependencies?: Needs }>
  >;
}

/** What the page needs, directly and by others; https://github.com/package-url/purl-spec has a scope's `@` encoded. */
export function pnpmPackages(text: string): string[] {
  const { importers, snapshots } = parseYaml(text) as PnpmLock;
  const keys = (needs: Needs = {}) => Object.entries(needs).map(([name, version]) => `${name}@${version}`);
  const asked = Object.entries(importers["."]?.dependencies ?? {}).map(
    ([name, { version }]) => [name, version] as const,
  );
  const all = closure(keys(Object.fromEntries(asked)), (key) => {
    const { dependencies, optionalDependencies } = snapshots[key] ?? {};
    return [...keys(dependencies), ...keys(optionalDependencies)];
  });
  return [...new Set(all.map((key) => `pkg:npm/${(key.split("(")[0] ?? "").replace(/^@/, "%40")}`))];
}

/** What the server needs, directly and by others, with the packages of the extras that it asks for. */
export function uvPackages(text: string): string[] {
  const entries = text.split("[[package]]").slice(1);
  const field = (entry: string, name: string) => new RegExp(`^${name} = "(.*)"$`, "m").exec(entry)?.[1] ?? "";
  const byName = new Map(entries.map((entry) => [field(entry, "name"), entry]));
  const all = closure(["todo-backend"], (key) => {
    const [name = "", ...extras] = key.split("+");
    return ["dependencies", ...extras].flatMap((list) => listed(byName.get(name) ?? "", list));
  });
  const names = new Set(all.map((key) => key.split("+")[0] ?? ""));
  names.delete("todo-backend");
  return [...names].map((name) => `pkg:pypi/${name}@${field(byName.get(name) ?? "", "version")}`);
}

/** A list of packages in an entry of uv.lock, each as `name+extra`. */
function listed(entry: string, list: string): string[] {
  const body = new RegExp(`^${list} = \\[\\n([\\s\\S]*?)^\\]`, "m").exec(entry)?.[1] ?? "";
  return body.split("\n").flatMap((line) => {
    const name = /name = "([^"]+)"/.exec(line)?.[1];
    const extras = /extra = \[([^\]]*)\]/.exec(line)?.[1]?.match(/[\w-]+/g) ?? [];
    return name === undefined ? [] : [[name, ...extras].join("+")];
  });
}

/** All that is reached from a few. */
function closure(from: readonly string[], next: (key: string) => readonly string[]): string[] {
  const found = new Set(from);
  // A set is walked to what is added on the way.
  for (const key of found) for (const other of next(key)) found.add(other);
  return [...found];
}
