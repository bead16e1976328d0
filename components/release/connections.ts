import type { ChartValue, ChartValues, Configuration } from "../configuration/configuration.ts";
import { ConfigurationError, setCommand } from "../configuration/problems.ts";

/** The server's own default: `DATABASE_POOL_SIZE` in apps/backend/README.md. */
const defaultPoolSize = 5;

/** The chart's own default, for further services: `chart/files/service.yaml`. */
const defaultMaxReplicas = 5;

/** What there is beside the wanted pods: one more during an update (`maxSurge`), and one that is ending. */
const furtherPods = 2;

/**
 * Refuses values whose pods may open more connections than the database has; the chart does the same for those who use it
 * alone (`chart/templates/validate.yaml`), but would be asked after the images were built.
 *
 * @param values - All values of the release but the chart's own defaults.
 * @throws ConfigurationError with the sum.
 */
export function checkConnections({ stack, externalDatabase }: Configuration, values: ChartValues): void {
  const most = externalDatabase?.maxConnections;
  if (most === undefined) return;
  const { poolSize, pods, place, needed } = demandOf(values.backend);
  const further = Object.values((values.services ?? {}) as ChartValues)
    .filter((service) => readsDatabase(service, values))
    .reduce<number>((sum, service) => sum + demandOf(service, values).needed, 0);
  const own = at(values, "backend", "database") === false ? 0 : needed;
  // A size that is no number is the server's to refuse, with all it knows of it.
  if (!(own + further > most)) return;
  const rest = further === 0 ? "" : `, and those of further services ${further} more`;
  const message =
    `${most} are too few: ${poolSize} connections of each of ${pods} pods, of one more during an update and of one that is ` +
    `ending make ${needed}${rest}; raise it if the database has them, or lower env.DATABASE_POOL_SIZE or values.backend.${place.join(".")}`;
  const key = "databaseMaxConnections";
  throw new ConfigurationError(stack, [{ key, message, remedy: setCommand(stack, key, String(own + further)) }]);
}

/** How many connections a component's pods may open at most, and of what that is made. */
function demandOf(component: ChartValue | undefined, lender?: ChartValues) {
  const lent = lender !== undefined && at(component, "imageOf") === "backend" ? lender.backend : undefined;
  const size = at(component, "env", "DATABASE_POOL_SIZE") ?? at(lent, "env", "DATABASE_POOL_SIZE");
  const poolSize = Number(size ?? defaultPoolSize);
  const scales = at(component, "autoscaling", "enabled") === true;
  const place = scales ? ["autoscaling", "maxReplicas"] : ["replicaCount"];
  const pods = Number(at(component, ...place) ?? (scales ? defaultMaxReplicas : 1));
  // A scheduled job has one pod at a time.
  const isScheduled = (at(component, "schedule") ?? "") !== "";
  return { poolSize, pods, place, needed: poolSize * (isScheduled ? 1 : pods + furtherPods) };
}

/** Whether a further service is given the database: where it says nothing, whoever's image it runs decides. */
function readsDatabase(service: ChartValue, values: ChartValues): boolean {
  const own = at(service, "database") ?? undefined;
  if (own !== undefined) return own === true;
  return at(service, "imageOf") === "backend" && at(values, "backend", "database") !== false;
}

function at(values: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], values);
}
