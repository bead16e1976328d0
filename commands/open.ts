import { openPage } from "./open/open.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run open [-- options]

Waits until the stack's page answers, shows it in the browser and prints its URL. Where there is no browser, it only prints.

  --print        only prints the URL, at once
  --stack NAME   the stack, default local`;

await main(usage, openPage);
