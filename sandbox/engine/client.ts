import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { attempt } from "../support/run.ts";

/** Clients from this major version on build by the buildx plugin only; older ones have BuildKit built in. */
const FIRST_WITH_BUILDX_ONLY = 23;

/** Where a client may be besides PATH: a distribution's own may be hidden by one without buildx. */
const USUAL_PLACES = ["/usr/bin", "/usr/local/bin"];

/** What is known about a Docker client. */
export interface ClientFacts {
  /** Its absolute path. */
  path: string;
  /** First number of its version, e.g. 28. */
  major: number;
  /** Whether `docker buildx version` works. */
  buildx: boolean;
}

/** The first of the clients that can build with BuildKit. */
export function chooseClient(clients: readonly ClientFacts[]): ClientFacts | undefined {
  return clients.find((client) => client.buildx || client.major < FIRST_WITH_BUILDX_ONLY);
}

/** The first number in the answer of `docker --version`, e.g. 28 of `Docker version 28.2.2, build e6534b4`. */
export function majorVersion(answer: string): number | undefined {
  const match = /version v?(\d+)\./.exec(answer);
  return match ? Number(match[1]) : undefined;
}

/** The path of the first Docker client on PATH, then in the usual places, that can build; the ones behind it are not asked. */
export async function findBuilding(path: string = process.env.PATH ?? ""): Promise<string | undefined> {
  for (const folder of new Set([...path.split(delimiter).filter(Boolean), ...USUAL_PLACES])) {
    const client = await inspectClient(join(folder, "docker"));
    if (client !== undefined && chooseClient([client]) !== undefined) return client.path;
  }
  return undefined;
}

async function inspectClient(path: string): Promise<ClientFacts | undefined> {
  const executable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!executable) return undefined;
  const [version, buildx] = await Promise.all([attempt([path, "--version"]), attempt([path, "buildx", "version"])]);
  const major = majorVersion(version.stdout);
  return major === undefined ? undefined : { path, major, buildx: buildx.code === 0 };
}
