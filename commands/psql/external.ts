import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeployedStack } from "../deploy/deployed.ts";
import { UserError } from "../support/errors.ts";

/** Where a container's variable comes from, as far as it is looked at here. */
interface Variable {
  readonly name: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

interface Backend {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { name: string; env?: readonly Variable[] }[] };
    };
  };
}

/** libpq's variables for a URL's parameters: https://www.postgresql.org/docs/17/libpq-envars.html */
const parameterVariables: Readonly<Record<string, string>> = {
  sslmode: "PGSSLMODE",
  channel_binding: "PGCHANNELBINDING",
  connect_timeout: "PGCONNECT_TIMEOUT",
  options: "PGOPTIONS",
  sslnegotiation: "PGSSLNEGOTIATION",
  target_session_attrs: "PGTARGETSESSIONATTRS",
};

/**
 * The login of a stack's external database as libpq's variables: an environment is seen by nobody but this user.
 *
 * @throws UserError where the backend names no Secret, or the Secret lacks the URL.
 */
export async function readExternalLogin({ api, settings }: DeployedStack): Promise<Record<string, string>> {
  const { namespace, releaseName } = settings;
  const backend = await api.get<Backend>(`/apis/apps/v1/namespaces/${namespace}/deployments/${releaseName}-backend`);
  const variables = backend?.spec.template.spec.containers.flatMap(({ env }) => env ?? []) ?? [];
  const source = variables.find(({ name }) => name === "DATABASE_URL")?.valueFrom?.secretKeyRef;
  if (source === undefined) throw new UserError(`The backend of ${releaseName} has no DATABASE_URL.`, "npm run status");
  const [secret, authority] = await Promise.all([
    api.get<{ data?: Record<string, string> }>(`/api/v1/namespaces/${namespace}/secrets/${source.name}`),
    api.get<{ data?: Record<string, string> }>(
      `/api/v1/namespaces/${namespace}/configmaps/${releaseName}-backend-database-authority`,
    ),
  ]);
  const url = Buffer.from(secret?.data?.[source.key] ?? "", "base64").toString("utf8");
  if (url === "") throw new UserError(`The Secret ${source.name} has no ${source.key}.`, "npm run up makes it again");
  return { ...loginOf(url), ...trusting(Object.values(authority?.data ?? {})[0], url) };
}

/**
 * Takes a database's URL apart into libpq's variables.
 *
 * @throws UserError that does not repeat the URL.
 */
export function loginOf(url: string): Record<string, string> {
  if (!URL.canParse(url)) throw new UserError("The database's URL in the Secret cannot be read as one.");
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const plain = {
    PGHOST: decodeURIComponent(hostname).replace(/^\[|\]$/g, ""),
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
  const parameters = [...searchParams].map(([key, value]) => [parameterVariables[key], value] as const);
  const known = [...Object.entries(plain), ...parameters].filter(([name, value]) => name !== undefined && value !== "");
  return { PGAPPNAME: "npm run psql", ...Object.fromEntries(known) };
}

/** The certificate is no secret, but libpq reads it from a file alone. */
function trusting(authority: string | undefined, url: string): Record<string, string> {
  if (authority === undefined) return /[?&]sslmode=verify-/.test(url) ? { PGSSLROOTCERT: "system" } : {};
  const folder = mkdtempSync(join(tmpdir(), "todo-stack-psql-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "ca.pem"), authority);
  return { PGSSLROOTCERT: join(folder, "ca.pem") };
}
