import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ensureDebian } from "../bases/debian.ts";
import { docker, inspect } from "../engine/docker.ts";
import { cacheFolder } from "../support/cache.ts";
import { keyOf } from "../support/hash.ts";
import { type Log, withProgress } from "../support/log.ts";
import { attempt, type RunOptions, run } from "../support/run.ts";

/** From 1.21 on `go` fetches by itself, through the module proxy, the newer toolchain that a module asks for. */
const FIRST_THAT_SWITCHES = [1, 21] as const;

/** Settings of a person's Go that a compiler in a container needs as well. */
const PASSED_ON = ["GOPROXY", "GOSUMDB", "GONOSUMDB", "GOPRIVATE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

/** Runs `go` with these arguments in a module's folder; `output` is the folder it may write binaries to. */
export type Go = (args: readonly string[], moduleFolder: string, output: string, options?: RunOptions) => Promise<void>;

/** Whether a `go version` answer is of a Go that can compile any module, by fetching the toolchain it asks for. */
export function isUsableGo(answer: string): boolean {
  const match = /go version go(\d+)\.(\d+)/.exec(answer);
  if (!match) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > FIRST_THAT_SWITCHES[0] || (major === FIRST_THAT_SWITCHES[0] && minor >= FIRST_THAT_SWITCHES[1]);
}

/** The machine's own Go where it is recent enough, else Debian's in a container (nothing is installed for it). */
export async function findGo(log: Log): Promise<Go> {
  const answer = await attempt(["go", "version"], { env: { GOTOOLCHAIN: "local" } });
  if (answer.code === 0 && isUsableGo(answer.stdout)) return goOfThisMachine;
  const why = answer.code === 0 ? `the machine has ${answer.stdout}, which is too old` : "the machine has no Go";
  log(`${why}: compiling with Debian's in a container`);
  return goInContainer(await ensureGoImage(log));
}

const settings = {
  CGO_ENABLED: "0",
  // The pinned go.sum is the truth: a build that would have to change it fails.
  GOFLAGS: "-mod=readonly -buildvcs=false",
  GOTOOLCHAIN: "auto",
  GOWORK: "off",
};

const goOfThisMachine: Go = async (args, moduleFolder, _output, options) => {
  await run(["go", ...args], { ...options, cwd: moduleFolder, env: settings });
};

function goInContainer(image: string): Go {
  return async (args, moduleFolder, output, options) => {
    const caches = join(cacheFolder(), "go");
    await mkdir(caches, { recursive: true });
    const environment = { ...settings, GOMODCACHE: "/go/mod", GOCACHE: "/go/build", HOME: "/tmp" };
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const passedOn = PASSED_ON.filter((name) => process.env[name]);
    const command = ["run", "--rm", "--user", `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`];
    const mounts = [`${caches}:/go`, `${output}:${output}`, `${moduleFolder}:${moduleFolder}:ro`];
    await docker(
      [
        ...command,
        ...mounts.flatMap((mount) => ["--volume", mount]),
        ...[...variables, ...passedOn].flatMap((variable) => ["--env", variable]),
        ...["--workdir", moduleFolder, image, "go", ...args],
      ],
      options,
    );
  };
}

async function ensureGoImage(log: Log): Promise<string> {
  const debian = await ensureDebian(log);
  const folder = join(dirname(import.meta.filename), "go");
  const image = `todo-sandbox-go:${keyOf(debian)}`;
  if (await inspect("image", image)) return image;
  await withProgress(log, "installing Debian's Go in an image", "1 min", () =>
    docker(["build", "--quiet", "--build-arg", `DEBIAN_IMAGE=${debian}`, "--tag", image, folder]),
  );
  return image;
}
