/** What the engine says of itself: https://docs.docker.com/reference/api/engine/version/v1.43/#tag/System/operation/SystemInfo */
export interface EngineFacts {
  readonly ServerVersion: string;
  readonly NCPU?: number;
  /** In bytes. */
  readonly MemTotal?: number;
  readonly DockerRootDir?: string;
  readonly Driver?: string;
  readonly CgroupVersion?: string;
  readonly OperatingSystem?: string;
  readonly OSType?: string;
  readonly Architecture?: string;
  readonly SystemTime?: string;
  readonly Name?: string;
  readonly SecurityOptions?: readonly string[];
  readonly Warnings?: readonly string[] | null;
}

/** How the engine answers: with itself, or with why it does not. */
export type EngineView = { readonly engine: EngineFacts } | { readonly problem: string };

/** Reads `docker info --format '{{json .}}'`, which in some versions ends with 0 also where there is no engine. */
export function readInfo(stdout: string, stderr: string): EngineView {
  try {
    const info = JSON.parse(stdout) as Partial<EngineFacts> & { readonly ServerErrors?: readonly string[] };
    if (info.ServerVersion) return { engine: { ...info, ServerVersion: info.ServerVersion } };
    return { problem: info.ServerErrors?.[0] ?? lastLine(stderr) };
  } catch {
    return { problem: lastLine(stderr) };
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() || "it does not answer";
}
