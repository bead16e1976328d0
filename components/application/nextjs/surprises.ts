import { enumerate, ownDockerfile } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import type { Output } from "./rendering.ts";
import { type SourceFile, withoutComments } from "./sources.ts";

/** A literal address of this machine; group 1 holds it. */
const localAddress = /["'`](https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?)\b/;

/**
 * Notes on addresses of the machine of whoever wrote the application: in a pod they are the pod, in a browser the visitor's
 * machine. Beside `process.env` they are what holds where nothing is set, of which other notes tell.
 */
export function localAddressNotes(sources: readonly SourceFile[]): readonly string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = withoutComments(text)
      .split("\n")
      .filter((line) => !/\bprocess\.env\b/.test(line));
    const address = lines.flatMap((line) => localAddress.exec(line)?.[1] ?? [])[0];
    return address === undefined
      ? []
      : [
          `${path} asks ${address}, which is another machine once it is deployed: read it from a variable, or ask a path such as /api`,
        ];
  });
}

/** A start by Next alone, with variables before it and options behind it. */
const plainStart =
  /^\s*(cross-env(-shell)?\s+)?(\w+=\S+\s+)*(next start\b[^&|;]*|node \.next\/standalone\/server\.js)\s*$/;

/** The note on a server of its own, or on a step before Next's: the image starts Next's server and nothing else. */
export function startNotes(service: string, { scripts: { start } }: Manifest, output: Output): readonly string[] {
  if (output === "export" || start === undefined || plainStart.test(start)) return [];
  return [
    `Its script "start" (${start}) is not run, the image starts Next's own server; where that is not enough: ${ownDockerfile(service)}`,
  ];
}

/** What Next does not read although it looks as if it did. */
export function ignoredConfigNotes(paths: readonly string[]): readonly string[] {
  const ignored = paths.filter((path) => /^(src\/)?next\.config\.(cjs|json|cts)$/.test(path));
  if (ignored.length === 0) return [];
  return [`Next.js does not read ${enumerate(ignored)}: name it next.config.js, next.config.mjs or next.config.ts`];
}
