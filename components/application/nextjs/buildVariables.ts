import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { FrontendSettings } from "../settings.ts";
import { enumerate, setKey } from "./findings.ts";
import { type NextConfig, variablesOf } from "./nextConfig.ts";
import type { SourceFile } from "./sources.ts";

/** The variables of a build, and what there is to say of them. */
export interface BuildVariables {
  readonly variables: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** Files that `next build` reads, the stronger last: https://nextjs.org/docs/app/guides/environment-variables */
const files = [".env", ".env.production"];

/** Variables that are set by Node, Next, the machine, a host that this is not, or by nobody without harm. */
const elsewhere =
  /^(NODE_ENV|CI|ANALYZE|PORT|HOSTNAME|TURBOPACK|npm_.*|NEXT_(?!PUBLIC_).*|(NEXT_PUBLIC_)?VERCEL(_.*)?|SKIP_ENV_VALIDATION)$/;

/** Names of what a browser or everybody with the image must not know. */
const secret = /(SECRET|PASSWORD|PASSWD|PRIVATE_KEY|CREDENTIAL|ACCESS_KEY|_TOKEN$|^TOKEN$)/;

/**
 * The variables that the image is built with: those of the stack configuration, and what the application's own files say of
 * `NEXT_PUBLIC_*`. The files themselves stay out of the image, since they may hold secrets; these names cannot, as Next
 * writes them into the page.
 */
export async function findBuildVariables(
  service: string,
  folder: string,
  { buildEnv = {} }: FrontendSettings,
  application: { readonly sources: readonly SourceFile[]; readonly config: NextConfig },
): Promise<BuildVariables> {
  const own = await publicVariables(folder);
  const taken = Object.keys(own.variables).filter((name) => buildEnv[name] === undefined);
  const variables = { ...own.variables, ...buildEnv };
  const takenNote = `${enumerate(taken)} ${taken.length === 1 ? "is" : "are"} taken from ${enumerate(own.files)} (${service}.buildEnv says otherwise)`;
  return {
    variables,
    notes: [
      ...(taken.length === 0 ? [] : [takenNote]),
      ...missingNotes(service, variables, application),
      ...secretNotes(service, Object.keys(variables)),
    ],
  };
}

async function publicVariables(folder: string) {
  const found = await Promise.all(
    files.map(async (name) => ({ name, values: await readVariables(join(folder, name)) })),
  );
  const used = found.filter(({ values }) => values.length > 0);
  return { files: used.map(({ name }) => name), variables: Object.fromEntries(used.flatMap(({ values }) => values)) };
}

/** Values that refer to others (`$HOST`) are left to `buildEnv`: what they mean depends on variables that are not here. */
async function readVariables(path: string): Promise<readonly (readonly [string, string])[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return Object.entries(parseEnv(text)).flatMap(([name, value]) =>
    name.startsWith("NEXT_PUBLIC_") && value !== undefined && !/(?<!\\)\$/.test(value) ? [[name, value] as const] : [],
  );
}

function missingNotes(
  service: string,
  variables: Readonly<Record<string, string>>,
  { sources, config }: { readonly sources: readonly SourceFile[]; readonly config: NextConfig },
): readonly string[] {
  const isMissing = (name: string): boolean => variables[name] === undefined && !elsewhere.test(name);
  const read = new Set(sources.flatMap(({ text }) => variablesOf(text)));
  const inPage = [...read].filter((name) => name.startsWith("NEXT_PUBLIC_") && isMissing(name)).sort();
  const inConfig = config.variables.filter((name) => isMissing(name) && !inPage.includes(name));
  const command = (name = "", value = "VALUE") => setKey(service, `buildEnv.${name}`, value);
  const notes: string[] = [];
  if (inPage.length > 0)
    notes.push(
      `The sources read ${enumerate(inPage)}, which nothing sets while the image is built: ${command(inPage[0])}`,
    );
  if (inConfig.length > 0) {
    const address = inConfig.find((name) => /(URL|ORIGIN|HOST|BACKEND|API)/.test(name));
    const first = address === undefined ? command(inConfig[0]) : command(address, "'{backendUrl}'");
    notes.push(
      `${config.path} reads ${enumerate(inConfig)} while the image is built, and what it says then stays: ${first}`,
    );
  }
  return notes;
}

function secretNotes(service: string, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => secret.test(name))
    .map((name) => {
      const reader = name.startsWith("NEXT_PUBLIC_") ? "everybody who opens the page" : "whoever has the image";
      const remedy = `pulumi config set --secret --path ${service}SecretEnv.${name.replace(/^NEXT_PUBLIC_/, "")}`;
      return `${name} looks like a secret, and ${reader} can read what an image is built with: ${remedy}`;
    });
}

/** A file that a shell reads, with each value as it is. */
export function shellFile(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
  return lines.map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`).join("");
}
