import type { Deployment } from "../../e2e/support/deployment.ts";
import { eventually } from "../../e2e/support/deployment.ts";

/** The database's pod; a StatefulSet of one. */
export const databasePod = "todo-database-0";

/** Runs a statement as the superuser, in the database's pod. */
export function sql(deployment: Deployment, statement: string): Promise<string> {
  const psql = ["psql", "--username=todo", "--tuples-only", "--no-align", `--command=${statement}`];
  return deployment.kubectl("exec", databasePod, "--container=database", "--", ...psql);
}

/** Takes the database away: its one pod ends, its volume stays. */
export async function stopDatabase(deployment: Deployment): Promise<void> {
  await deployment.kubectl("scale", "statefulset/todo-database", "--replicas=0");
  await deployment.kubectl("wait", "--for=delete", `pod/${databasePod}`, "--timeout=60s");
}

/** Brings it back, and waits until it takes connections. */
export async function startDatabase(deployment: Deployment): Promise<void> {
  await deployment.kubectl("scale", "statefulset/todo-database", "--replicas=1");
  await eventually(async () => {
    await deployment.kubectl("wait", "--for=condition=Ready", `pod/${databasePod}`, "--timeout=60s");
  }, 60);
}
