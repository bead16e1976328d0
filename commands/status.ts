import { status } from "./status/status.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run status [-- options]

One screen of what runs: the cluster, Helm's revision and its age, each service with its pods, restarts and image, each
scheduled job with its last run, the page, and whether the sources are what runs. Ends with exit code 0 where all is well,
and 1 where not. It changes nothing.

  --watch, -w    shows it again every two seconds, until Ctrl-C
  --json         the same as JSON
  --stack NAME   the stack, default local`;

await main(usage, status, { lasts: true });
