import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { kubeconfigPath } from "../../../sandbox/cluster/kubeconfig.ts";
import { Checkout } from "../../e2e/support/checkout.ts";
import { deployFirst } from "../../e2e/support/setup.ts";

/** Beside a person's own sandbox (30080-30089) and that of the end-to-end suites (30280-30289). */
const port = 30680;

/** The context of the suites' cluster. */
const name = "todo-engine";

/** Deploys a clone by the README's command, with the Pulumi CLI, onto a backend that lives as long as the suites. */
export default async function setup(): Promise<void> {
  if (process.env.PULUMI === undefined) {
    console.log("Skipped: these suites need the Pulumi CLI, and there is no pulumi on PATH.");
    return;
  }
  process.env.TODO_STACK_SANDBOX = name;
  process.env.TODO_STACK_SANDBOX_PORT = String(port);
  const backend = mkdtempSync(join(tmpdir(), "todo-stack-backend-"));
  process.env.E2E_BACKEND = backend;
  process.env.PULUMI_BACKEND_URL = `file://${backend}`;
  process.env.PULUMI_CONFIG_PASSPHRASE = "of the suites alone";
  process.env.KUBECONFIG = [kubeconfigPath(name), process.env.KUBECONFIG].filter(Boolean).join(delimiter);
  const checkout = Checkout.clone();
  // A plain `pulumi up` reads the committed file, and finds there what the commands would have told it.
  checkout.configure({ nodePort: port, context: name, target: "sandbox" });
  await deployFirst(checkout, port);
}
