import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { parseYaml } from "../../components/yaml.ts";
import { UsageError, UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";

/** What the commands must know of a stack's configuration; the program itself checks all of it. */
export interface StackSettings {
  /** The name in `Pulumi.yaml`. */
  readonly project: string;
  readonly stack: string;
  /** The committed file, `Pulumi.<stack>.yaml`. */
  readonly file: string;
  readonly production: boolean;
  readonly context: string;
  readonly target: string;
  readonly namespace: string;
  readonly releaseName: string;
  /** The port of a local stack's page on 127.0.0.1. */
  readonly nodePort: number;
  /** Whether the stack's own file names that port. */
  readonly nodePortIsChosen: boolean;
  /** The page's host name, of a production stack; empty where none is set. */
  readonly host: string;
  /** Which parts are a person's own application. */
  readonly own: { readonly frontend: boolean; readonly backend: boolean };
}

/** What a machine needs otherwise than the committed file says. */
export type Overrides = Readonly<Record<string, string | number>>;

type Keys = Readonly<Record<string, unknown>>;

/**
 * Reads a stack's file over the defaults that `Pulumi.yaml` declares.
 *
 * @throws UsageError where there is no such stack; UserError where a file is no YAML.
 */
export async function readSettings(root: string, stack: string): Promise<StackSettings> {
  const file = join(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) throw new UsageError(await unknownStack(root, stack));
  const project = await readYaml(join(root, "Pulumi.yaml"));
  const name = text(project.name, "");
  const declared = ownKeys(project.config, name);
  const defaults = Object.fromEntries(declared.map(([key, value]) => [key, asKeys(value).default]));
  const own = ownKeys((await readYaml(file)).config, name);
  const keys: Keys = { ...defaults, ...Object.fromEntries(own) };
  const profile = keys.profile || (stack === "prod" || stack === "production" ? "production" : "local");
  return {
    project: name,
    stack,
    file,
    production: profile === "production",
    context: text(keys.context, "minikube"),
    target: text(keys.target, "auto"),
    namespace: text(keys.namespace, "todo"),
    releaseName: text(keys.releaseName, "todo"),
    nodePort: Number(keys.nodePort) || 30080,
    nodePortIsChosen: own.some(([key]) => key === "nodePort"),
    host: text(keys.host, ""),
    own: { frontend: text(asKeys(keys.frontend).path, "") !== "", backend: text(asKeys(keys.backend).path, "") !== "" },
  };
}

async function unknownStack(root: string, stack: string): Promise<string> {
  const files = await readdir(root).catch(() => []);
  const known = files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
  return `There is no stack "${stack}" (no file Pulumi.${stack}.yaml). There are: ${known.join(", ") || "none"}.`;
}

/**
 * Writes the stack's file as this machine needs it into the state folder, so that committed files never change; beside it
 * a copy of `Pulumi.yaml`, which makes the folder a place where the CLI may create the stack and keep its salt.
 */
export async function writeEffectiveStack(
  machine: Machine,
  settings: StackSettings,
  overrides: Overrides,
): Promise<string> {
  const target = join(machine.state, `Pulumi.${settings.stack}.yaml`);
  const committed = await readFile(settings.file, "utf8");
  const document = parseDocument(committed);
  // A salt that seals nothing, as `pulumi new` writes it, would ask for the passphrase that it was made with.
  if (!machine.env.PULUMI_BACKEND_URL && !/\bsecure:/.test(committed)) document.delete("encryptionsalt");
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  for (const [key, value] of Object.entries(overrides)) {
    // Pulumi accepts a project's own keys with and without its name; both at once would be a contradiction.
    document.deleteIn(["config", key]);
    document.setIn(["config", `${settings.project}:${key}`], value);
  }
  const salt = asKeys(await readYaml(target, true)).encryptionsalt;
  if (salt !== undefined && !document.has("encryptionsalt")) document.set("encryptionsalt", salt);
  await prepareState(machine);
  await replaceFile(target, document.toString());
  await replaceFile(join(machine.state, "Pulumi.yaml"), await readFile(join(machine.root, "Pulumi.yaml"), "utf8"));
  return target;
}

/** Makes the state folder, which no git ever sees. */
export async function prepareState(machine: Machine): Promise<void> {
  await mkdir(machine.state, { recursive: true });
  await writeFile(join(machine.state, ".gitignore"), "*\n");
}

/** A reader sees the old text or the new one, also where this process is killed in between. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const half = `${path}.${process.pid}`;
  await writeFile(half, content, { mode: 0o600 });
  await rename(half, path);
}

async function readYaml(path: string, optional = false): Promise<Keys> {
  const content = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    if (optional) return "";
    throw new UserError(`There is no file ${path}.`, `It belongs to the repository: git checkout -- ${path}`);
  });
  try {
    return asKeys(parseYaml(content));
  } catch (error) {
    throw new UserError(`${path} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function asKeys(value: unknown): Keys {
  return typeof value === "object" && value !== null ? (value as Keys) : {};
}

function text(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}

/** A project's own keys may stand with and without its name; those of others, such as Pulumi's own, are not ours to look at. */
export function ownKeys(config: unknown, project: string): (readonly [key: string, value: unknown])[] {
  const own = Object.entries(asKeys(config)).filter(([key]) => !key.includes(":") || key.startsWith(`${project}:`));
  return own.map(([key, value]) => [key.replace(`${project}:`, ""), value] as const);
}
