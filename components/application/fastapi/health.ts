import type { BackendSettings } from "../settings.ts";
import type { Findings } from "./findings.ts";
import type { AppModule } from "./module.ts";
import { getPaths } from "./routes.ts";
import { argumentsIn, inBrackets, namedArgument, type Source } from "./source.ts";
import { textValue } from "./text.ts";

/** The paths that the chart's probes ask. */
export interface ProbePaths {
  /** Whether the process lives. */
  readonly health: string;
  /** Whether it shall get requests. */
  readonly ready: string;
}

/** The last part of a path that tells of the process, the plainest first. */
const healthNames = [
  /\/(livez?|liveness|alive)\/?$/,
  /\/_?health(z|check|-check|_check)?\/?$/,
  /\/(ping|heartbeat|up|status)\/?$/,
];
const readyName = /\/_?(readyz?|readiness|health[-_]?ready)\/?$/;

/** Chooses what the probes ask: what the configuration names, what the source has, or the description of the API. */
export function probePaths(
  sources: readonly Source[],
  app: AppModule,
  settings: BackendSettings,
  findings: Findings,
): ProbePaths | undefined {
  const paths = getPaths(sources, app).filter((path) => !path.includes("{"));
  const ready = settings.readyPath ?? shortest(paths.filter((path) => readyName.test(path)));
  const health =
    settings.healthPath ?? healthNames.map((name) => shortest(paths.filter((path) => name.test(path)))).find(Boolean);
  if (health !== undefined) {
    const guessed = [
      ...(settings.healthPath === undefined ? [`alive by ${health} (backend.healthPath)`] : []),
      ...(settings.readyPath === undefined ? [`ready by ${ready ?? health} (backend.readyPath)`] : []),
    ];
    if (guessed.length > 0) findings.note(`The probes take it for ${guessed.join(" and ")}.`);
    return { health, ready: ready ?? health };
  }
  const standIn = description(sources, app) ?? (paths.includes("/") ? "/" : undefined);
  if (standIn === undefined) {
    findings.mendByKey(
      "backend.healthPath",
      "no path tells whether it lives: neither a /health nor a description of the API was found",
      "/health",
    );
    return undefined;
  }
  findings.note(
    `No path such as /health was found, so the probes ask ${standIn}; backend.healthPath names another one.`,
  );
  return { health: standIn, ready: ready ?? standIn };
}

function shortest(paths: readonly string[]): string | undefined {
  return [...paths].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
}

/** Where FastAPI describes the API: `/openapi.json` unless the source says otherwise. */
function description(sources: readonly Source[], app: AppModule): string | undefined {
  const main = sources.find(({ path }) => path === app.file)?.code ?? "";
  const makers = /\bFastAPI[ \t]*\(/.test(main) ? [main] : sources.map(({ code }) => code);
  const calls = makers.flatMap((code) =>
    [...code.matchAll(/\bFastAPI[ \t]*\(/g)].map(({ 0: whole, index }) =>
      argumentsIn(inBrackets(code, index + whole.length - 1)),
    ),
  );
  const given = calls.map((args) => namedArgument(args, "openapi_url")).filter((one) => one !== undefined);
  const path = given[0] === undefined ? "/openapi.json" : textValue(given[0], sources);
  return path === "" || calls.some((args) => args.some((one) => one.startsWith("**"))) ? undefined : path;
}
