import { asking, type DeployedStack, openDeployed } from "../deploy/deployed.ts";
import { UsageError, UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { ensureTool, findOnPath } from "../tools/install.ts";
import { readExternalLogin } from "./external.ts";
import { runInTerminal } from "./terminal.ts";

/** `npm run psql`: a psql in the stack's database; its exit code is psql's. */
export async function psql(args: readonly string[], machine: Machine): Promise<number> {
  const { stack, own } = parsePsqlArgs(args);
  const deployed = await openDeployed(machine, stack);
  const pod = await asking(deployed, () => findDatabasePod(deployed));
  return pod === undefined ? againstExternal(machine, deployed, own) : inPod(machine, deployed, pod, own);
}

/** The stack's name, which stands first, and what is psql's own. */
export function parsePsqlArgs(args: readonly string[]): { stack: string; own: readonly string[] } {
  const [first = "", second, ...rest] = args;
  if (first === "--") return { stack: "local", own: args.slice(1) };
  if (first.startsWith("--stack=")) return { stack: first.slice("--stack=".length), own: args.slice(1) };
  if (first !== "--stack") return { stack: "local", own: args };
  if (second === undefined) throw new UsageError("--stack needs the stack's name.");
  return { stack: second, own: rest };
}

/** A StatefulSet's pods are numbered; the chart's database has one. */
async function findDatabasePod({ api, settings }: DeployedStack): Promise<string | undefined> {
  const { namespace, releaseName } = settings;
  const name = `${releaseName}-database`;
  const [set, backend] = await Promise.all([
    api.get(`/apis/apps/v1/namespaces/${namespace}/statefulsets/${name}`),
    api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${releaseName}-backend`),
  ]);
  if (set !== undefined) return `${name}-0`;
  if (backend !== undefined) return undefined;
  throw new UserError(`The release ${releaseName} is not there.`, "Deploy it: npm run up");
}

/**
 * Inside the pod the login comes from the container's own environment, and not through this machine. The history goes where
 * the container may write.
 */
const inside = [
  'export PGUSER="$POSTGRES_USER" PGDATABASE="$POSTGRES_DB" PGPASSWORD="$POSTGRES_PASSWORD"',
  'export PSQL_HISTORY=/tmp/psql_history PGAPPNAME="npm run psql"',
  'exec psql "$@"',
].join("; ");

async function inPod(
  machine: Machine,
  { settings: { context, namespace } }: DeployedStack,
  pod: string,
  args: readonly string[],
): Promise<number> {
  const kubectl = await ensureTool(machine, "kubectl");
  const where = ["--context", context, "--namespace", namespace, "exec", "--stdin", "--quiet"];
  const terminal = machine.interactive ? ["--tty"] : [];
  const shell = ["--container", "database", pod, "--", "sh", "-c", inside, "psql"];
  return runInTerminal(kubectl, [...where, ...terminal, ...shell, ...args], machine.env);
}

async function againstExternal(machine: Machine, deployed: DeployedStack, args: readonly string[]): Promise<number> {
  const login = await asking(deployed, () => readExternalLogin(deployed));
  const local = findOnPath(machine.env, "psql");
  if (local === undefined) {
    const install =
      machine.platform === "darwin"
        ? "brew install libpq && brew link --force libpq"
        : "apt-get install postgresql-client";
    throw new UserError(
      `The stack "${deployed.settings.stack}" has an external database, and this machine has no psql.`,
      `Install it: ${install}   (or your database's own console)`,
    );
  }
  return runInTerminal(local, args, { ...machine.env, ...login });
}
