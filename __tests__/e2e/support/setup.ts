import { Checkout } from "./checkout.ts";
import teardown from "./teardown.ts";

/** Beside a person's own sandbox (30080-30089, its API server at 30180), so that a test run disturbs nothing. */
const port = 30280;

/** Clones the repository and deploys it. */
export default async function setup(): Promise<void> {
  process.env.TODO_STACK_SANDBOX = "todo-e2e";
  process.env.TODO_STACK_SANDBOX_PORT = String(port);
  const checkout = Checkout.clone();
  checkout.configure({ nodePort: port });
  await deployFirst(checkout, port);
}

/** Deploys a clone by the README's command and remembers where, and what that printed. */
export async function deployFirst(checkout: Checkout, port: number): Promise<void> {
  process.env.E2E_FOLDER = checkout.folder;
  process.env.E2E_URL = `http://127.0.0.1:${port}`;
  const started = Date.now();
  const up = checkout.start("up");
  const progress = setInterval(() => console.log(`deploying ... ${lastLine(up.printed())}`), 15_000);
  const { code, output } = await up.finished.finally(() => clearInterval(progress));
  console.log(`${output}\nThe first "npm run up" took ${Math.round((Date.now() - started) / 1000)} s.`);
  if (code !== 0) {
    // jest tears nothing down after a set-up that failed.
    await teardown();
    throw new Error(`npm run up ended with ${code}`);
  }
  process.env.E2E_FIRST_UP = output;
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
