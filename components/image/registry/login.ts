import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** What a registry is shown: a name and a password, or a token that is exchanged for others. */
export type Login = { readonly username: string; readonly password: string } | { readonly identityToken: string };

/** Docker's own configuration: https://docs.docker.com/reference/cli/docker/login/#credential-stores */
interface DockerConfiguration {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** A helper answers at once, or waits for a person who is not there. */
const helperTimeoutMs = 10_000;

/** The folder of Docker's configuration; `setting` is the value of `DOCKER_CONFIG`. */
export function dockerConfigFolder(setting: string | undefined): string {
  return setting || join(homedir(), ".docker");
}

/**
 * The login that `docker login` has left for a registry, in its file or with a credential helper.
 *
 * @param key - The registry's name in Docker's configuration, e.g. `ghcr.io`.
 * @returns None where Docker has none either.
 * @throws Error where the file cannot be read as what it should be, or a helper fails.
 */
export async function dockerLogin(folder: string, key: string): Promise<Login | undefined> {
  const configuration = await readDockerConfiguration(join(folder, "config.json"));
  const helper = configuration.credHelpers?.[key] ?? configuration.credsStore;
  if (helper !== undefined && helper !== "") return askHelper(`docker-credential-${helper}`, key);
  const kept = Object.entries(configuration.auths ?? {}).find(([name]) => hostOf(name) === hostOf(key))?.[1];
  if (kept?.identitytoken) return { identityToken: kept.identitytoken };
  if (!kept?.auth) return undefined;
  const text = Buffer.from(kept.auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

async function readDockerConfiguration(path: string): Promise<DockerConfiguration> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as DockerConfiguration;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    // The parser's message would repeat what stands in the file.
    throw new Error(`${path} cannot be read as Docker's configuration; write it anew with: docker login`);
  }
}

/** Old clients have written the address where new ones write the host. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/(v[12]\/?)?$/, "");
}

/** The helpers' protocol: https://github.com/docker/docker-credential-helpers#development */
async function askHelper(program: string, key: string): Promise<Login | undefined> {
  const { code, output } = await speakWith(program, key);
  // "Not found" goes to standard output, and is no failure: an image may be there for everybody.
  if (code !== 0) {
    if (output.includes("credentials not found")) return undefined;
    throw new Error(`${program} gave no login for ${key}; try: docker login ${key}`);
  }
  const { Username: username, Secret: secret } = parseAnswer(program, output);
  return username === "<token>" ? { identityToken: secret } : { username, password: secret };
}

function parseAnswer(program: string, output: string): { Username: string; Secret: string } {
  try {
    return JSON.parse(output) as { Username: string; Secret: string };
  } catch {
    // The parser's message would repeat a part of the secret.
    throw new Error(`${program} answers otherwise than a credential helper does`);
  }
}

function speakWith(program: string, key: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const helper = spawn(program, ["get"], {
      env: process.env,
      stdio: ["pipe", "pipe", "ignore"],
      signal: AbortSignal.timeout(helperTimeoutMs),
    });
    let output = "";
    helper.stdout.on("data", (data) => {
      output += data;
    });
    helper.on("error", () => reject(new Error(`${program}, which Docker's configuration names, does not answer`)));
    helper.on("close", (code) => resolve({ code, output }));
    // It may have ended before it read.
    helper.stdin.on("error", () => undefined);
    helper.stdin.end(key);
  });
}
