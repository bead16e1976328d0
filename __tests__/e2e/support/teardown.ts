import { rmSync } from "node:fs";
import { Checkout } from "./checkout.ts";

/** Takes away what the suites have left: nothing, where the last of them passed. */
export default async function teardown(): Promise<void> {
  const folder = process.env.E2E_FOLDER;
  if (folder === undefined) return;
  const checkout = new Checkout(folder);
  const { code, output } = await checkout.run("down", "--", "--all", "--yes");
  if (code !== 0) console.log(output);
  checkout.remove();
  const backend = process.env.E2E_BACKEND;
  if (backend !== undefined) rmSync(backend, { recursive: true, force: true });
}
