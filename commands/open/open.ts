import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { asking, type DeployedStack, openDeployed, stackUrl } from "../deploy/deployed.ts";
import { startForward } from "../deploy/forward.ts";
import { waitForPage } from "../deploy/page.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { isOccupied } from "../support/ports.ts";
import { ensureTool } from "../tools/install.ts";
import { findBrowser } from "./browser.ts";

/** How long the page may take to answer, in milliseconds. */
const PAGE_TIMEOUT_MS = 60_000;

/** `npm run open`: the page in the browser; the URL is the last line printed. */
export async function openPage(args: readonly string[], machine: Machine): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string", short: "s", default: "local" },
      print: { type: "boolean", default: false },
    },
  });
  const deployed = await openDeployed(machine, values.stack);
  const url = stackUrl(deployed.settings);
  if (!values.print) await show(machine, deployed, url);
  machine.log(url);
  return 0;
}

async function show(machine: Machine, deployed: DeployedStack, url: string): Promise<void> {
  if ((await waitForPage(machine, { url, own: deployed.settings.own }, 1000)) !== undefined)
    await awaitPage(machine, deployed, url);
  const browser = findBrowser(machine);
  if (browser === undefined) {
    machine.log("There is no browser to be started from here; open this address by hand:");
    return;
  }
  const child = spawn(browser.command, [...browser.args, url], { env: machine.env, detached: true, stdio: "ignore" });
  child.on("error", () => undefined);
  child.unref();
}

/** A port-forward ends with the machine's session, and is begun again; a cluster that is stopped is told. */
async function awaitPage(machine: Machine, deployed: DeployedStack, url: string): Promise<void> {
  const { settings, api } = deployed;
  await asking(deployed, () => api.get("/version"));
  if (!settings.production && !(await isOccupied(settings.nodePort)))
    await startForward(machine, settings, await ensureTool(machine, "kubectl"));
  const missing = await machine.log.step("Waiting for the page", () =>
    waitForPage(machine, { url, own: settings.own }, PAGE_TIMEOUT_MS),
  );
  if (missing === undefined) return;
  const status = settings.stack === "local" ? "npm run status" : `npm run status -- --stack ${settings.stack}`;
  throw new UserError(`The page is not there: ${missing}.`, `What runs: ${status}`);
}
