import { run } from "../commands/support/run.ts";

/** What an application image may weigh at the most, in bytes; measured on the sandbox's base images. */
export interface Budget {
  /** Of the whole image, or without the layers of its base. */
  readonly uncompressed: number;
  /** Of the whole image, each layer by gzip as a registry keeps it; absent: no budget. */
  readonly compressed?: number;
  /** The base image whose layers are not counted; absent: all are. */
  readonly base?: string;
  /** The base image that files are taken from, so that the budget holds for its sandbox's build alone; absent: for every one. */
  readonly weighedOn?: string;
}

const MB = 1_000_000;

/** `npm test` checks the first figure of each, `npm run bench` all of them. */
export const budgets: Readonly<{ [Service in "backend" | "frontend"]: Budget }> = {
  backend: { uncompressed: 80 * MB, compressed: 31 * MB, weighedOn: "python:3.13-slim" },
  frontend: { uncompressed: 1.5 * MB, base: "nginxinc/nginx-unprivileged:1.29-alpine-slim" },
};

/** The size of an image in the engine, in bytes. */
export async function sizeOf(reference: string, env: NodeJS.ProcessEnv): Promise<number> {
  const { stdout } = await run("docker", ["image", "inspect", "--format", "{{.Size}}", reference], { env });
  return Number(stdout.trim());
}

/** What of an image its budget counts, in bytes. */
export async function countedSize(reference: string, { base }: Budget, env: NodeJS.ProcessEnv): Promise<number> {
  const whole = await sizeOf(reference, env);
  return base === undefined ? whole : whole - (await sizeOf(await ensureBase(base, env), env));
}

/** BuildKit pulls a base without keeping its tag: it is pulled once more by name. */
async function ensureBase(base: string, env: NodeJS.ProcessEnv): Promise<string> {
  const present = await run("docker", ["image", "inspect", base], { env, allowFailure: true });
  if (present.code !== 0) await run("docker", ["pull", "--quiet", base], { env });
  return base;
}
