import { delimiter } from "node:path";
import { kubeconfigPath } from "../../../sandbox/cluster/kubeconfig.ts";
import { Checkout } from "../../e2e/support/checkout.ts";
import { deployFirst } from "../../e2e/support/setup.ts";

/** Beside the other suites' clusters: the page's port; the API server's is a hundred above. */
const port = 30880;

const name = "todo-reliability";

/** Two of each, as whoever wants no failed request has them, and budgets that evictions must heed. */
const twice = () => ({ replicaCount: 2, podDisruptionBudget: { enabled: true, minAvailable: 1 } });

/** Clones the repository and deploys it with two replicas. */
export default async function setup(): Promise<void> {
  process.env.TODO_STACK_SANDBOX = name;
  process.env.TODO_STACK_SANDBOX_PORT = String(port);
  process.env.KUBECONFIG = [kubeconfigPath(name), process.env.KUBECONFIG].filter(Boolean).join(delimiter);
  const checkout = Checkout.clone();
  checkout.configure({ nodePort: port, values: { frontend: twice(), backend: twice() } });
  await deployFirst(checkout, port);
}
