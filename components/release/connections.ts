import type { ChartValues, Configuration } from "../configuration/configuration.ts";
import { ConfigurationError, setCommand } from "../configuration/problems.ts";

/** The server's own default: `DATABASE_POOL_SIZE` in apps/backend/README.md. */
const defaultPoolSize = 5;

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
  const poolSize = Number(at(values, "backend", "env", "DATABASE_POOL_SIZE") ?? defaultPoolSize);
  const scales = at(values, "backend", "autoscaling", "enabled") === true;
  const place = scales ? ["autoscaling", "maxReplicas"] : ["replicaCount"];
  const pods = Number(at(values, "backend", ...place) ?? 1);
  const needed = poolSize * (pods + furtherPods);
  // A size that is no number is the server's to refuse, with all it knows of it.
  if (!(needed > most)) return;
  const message =
    `${most} are too few: ${poolSize} connections of each of ${pods} pods, of one more during an update and of one that is ` +
    `ending make ${needed}; raise it if the database has them, or lower env.DATABASE_POOL_SIZE or values.backend.${place.join(".")}`;
  const key = "databaseMaxConnections";
  throw new ConfigurationError(stack, [{ key, message, remedy: setCommand(stack, key, String(needed)) }]);
}

function at(values: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);
}
