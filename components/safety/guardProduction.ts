import { relative, resolve } from "node:path";
import { Output, RunError } from "@pulumi/pulumi";
import type { ChartValue, ProductionConfiguration } from "../configuration/configuration.ts";
import { ownParts } from "../image/plan.ts";
import { isDebugSetting } from "./debugSetting.ts";
import { uncommittedFiles } from "./workTree.ts";

/** What a production update is refused for unless a person allows it for one command. */
export interface Objection {
  /** The word that allows it in `TODO_STACK_ALLOW`. */
  readonly allowance: "dirty" | "debug" | "plain-database";
  readonly message: string;
}

/** A refusal of a production update; Pulumi shows a `RunError` as its message alone. */
export class ProductionRefusedError extends RunError {
  constructor(stack: string, objections: readonly Objection[]) {
    const lines = objections.map(({ message }) => `  - ${message}`);
    const allowances = objections.map(({ allowance }) => allowance).join(",");
    super(
      `The update of stack "${stack}" is refused. Nothing was changed.\n${lines.join("\n")}\n` +
        `To deploy all the same, for this once: TODO_STACK_ALLOW=${allowances} npm run up -- --stack ${stack} ` +
        "(the same variable for pulumi up)",
    );
    this.name = "ProductionRefusedError";
  }
}

/**
 * What speaks against deploying this to production, and has not been allowed.
 *
 * @param folder - The work tree.
 */
export async function objectionsTo(configuration: ProductionConfiguration, folder: string): Promise<Objection[]> {
  const dirty = await Promise.all([folder, ...ownFolders(configuration, folder)].map(uncommittedFiles));
  const objections = [
    ...dirtyObjection(dirty.flatMap((files) => files ?? [])),
    ...debugObjections(configuration),
    ...plainDatabaseObjection(configuration),
  ];
  return objections.filter(({ allowance }) => !configuration.allowed.includes(allowance));
}

/** The folders of own applications that the work tree does not hold: each may be in a repository of its own. */
function ownFolders(configuration: ProductionConfiguration, folder: string): string[] {
  const folders = ownParts(configuration).map(({ settings }) => resolve(folder, settings.path));
  return folders.filter((path) => relative(folder, path).startsWith(".."));
}

/** Files that the message names. */
const namedFiles = 5;

function dirtyObjection(files: readonly string[]): Objection[] {
  if (files.length === 0) return [];
  const rest = files.length > namedFiles ? ` and ${files.length - namedFiles} more` : "";
  const named = `${files.slice(0, namedFiles).join(", ")}${rest}`;
  const message = `the work tree differs from the last commit (${named}); commit it, so that what runs can be found again`;
  return [{ allowance: "dirty", message }];
}

function plainDatabaseObjection({ externalDatabase, stack }: ProductionConfiguration): Objection[] {
  if (externalDatabase?.plain !== true) return [];
  const message = `the database's URL says sslmode=disable: passwords and data would be readable on the way; set it again, with sslmode=verify-full or sslmode=require: pulumi config set --stack ${stack} --secret databaseUrl`;
  return [{ allowance: "plain-database", message }];
}

function debugObjections({ env, values, stack }: ProductionConfiguration): Objection[] {
  const inEnvironment = Object.entries(env).filter(([name, value]) => isDebugSetting(name, value));
  const own = inEnvironment.map(
    ([name, value]): Objection => ({
      allowance: "debug",
      message: `env.${name} is "${value}"; remove it with: pulumi config rm --stack ${stack} --path env.${name}`,
    }),
  );
  const inValues = leaves(values, []).filter(([path, value]) => isDebugSetting(path.at(-1) ?? "", String(value)));
  const given = inValues.map(
    ([path, value]): Objection => ({
      allowance: "debug",
      message: `values.${path.join(".")} is "${value}"; remove it with: pulumi config rm --stack ${stack} --path values.${path.join(".")}`,
    }),
  );
  return [...own, ...given];
}

function leaves(value: ChartValue, path: readonly string[]): [readonly string[], unknown][] {
  if (typeof value !== "object" || value === null || Output.isInstance(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry as ChartValue, [...path, key]));
}
