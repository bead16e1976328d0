import type { ChartValues } from "../configuration/configuration.ts";

/** The parts of a connection URL, by the names under which pods read them. */
export interface DatabaseParts {
  /** The URL without its scheme, as it stands: `user:password@host:port/name?query`. */
  readonly DATABASE_LOCATION: string;
  /** Without percent signs' escapes, as the next one and the name. */
  readonly DATABASE_USER: string;
  readonly DATABASE_PASSWORD: string;
  /** An IPv6 address without its brackets. */
  readonly DATABASE_HOST: string;
  readonly DATABASE_PORT: string;
  readonly DATABASE_NAME: string;
}

/** The names of the parts. */
export const databasePartNames = [
  "DATABASE_LOCATION",
  "DATABASE_USER",
  "DATABASE_PASSWORD",
  "DATABASE_HOST",
  "DATABASE_PORT",
  "DATABASE_NAME",
] as const satisfies readonly (keyof DatabaseParts)[];

/** PostgreSQL's port where a URL names none: https://www.postgresql.org/docs/17/libpq-connect.html */
const defaultPort = "5432";

/**
 * Takes a connection URL apart; one reading with `chart/templates/_databaseUrl.tpl`. Not by `URL`, which refuses what drivers
 * accept, and would change what it accepts.
 */
export function databaseParts(url: string): DatabaseParts {
  const location = url.replace(/^[^:/]*:\/\//, "");
  const authority = /^[^/?#]*/.exec(location)?.[0] ?? "";
  const at = authority.lastIndexOf("@");
  const [login, server] = [authority.slice(0, Math.max(at, 0)), authority.slice(at + 1)];
  const user = decoded(/^[^:]*/.exec(login)?.[0] ?? "");
  const path = /^\/([^?#]*)/.exec(location.slice(authority.length))?.[1] ?? "";
  return {
    DATABASE_LOCATION: location,
    DATABASE_USER: user,
    DATABASE_PASSWORD: decoded(login.replace(/^[^:]*:?/, "")),
    DATABASE_HOST: server.replace(/:\d*$/, "").replace(/^\[/, "").replace(/\]$/, ""),
    DATABASE_PORT: /:(\d+)$/.exec(server)?.[1] ?? defaultPort,
    // Who names no database means the one that is called as the user: PostgreSQL's own rule.
    DATABASE_NAME: decoded(path) || user,
  };
}

/** A text without its escapes; as it is where they are none, because a password may hold a bare percent sign. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Whether values of the release ask for the parts: some component has a `databaseEnv`.
 *
 * @param values - All values of the release but the chart's own defaults.
 */
export function wantsDatabaseParts({ backend, services }: ChartValues): boolean {
  const further = Object.values((services ?? {}) as ChartValues);
  return [backend, ...further].some((component) => {
    const { databaseEnv } = (component ?? {}) as { databaseEnv?: ChartValues };
    return Object.keys(databaseEnv ?? {}).length > 0;
  });
}
