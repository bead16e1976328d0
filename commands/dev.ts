import { dev } from "./dev/dev.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run dev [-- --stack local] [--page] [--quiet]

Deploys as \`npm run up\` does, then watches the sources: an edited image is built, its new layers are put on the node and the
pods are rolled, without a start of the engine. An edit to the chart or to the stack's configuration is deployed as by
\`npm run up\`. A build or a rollout that fails is shown, what served before serves on, and the watch goes on.

What both services write is shown as it comes, and each change of a pod's state. Ctrl-C ends the watch; the deployment stays,
and the next \`npm run up\` finds nothing wrong with it. At a terminal, a second Ctrl-C takes the deployment down when it is
asked for.

  --stack NAME   the stack, default local; it must be a local one
  --page         also starts the page's own development server against the deployed API: an edit of the page is seen at once. It is
                 not what runs in the cluster: no nginx, no content security policy, no static export; \`npm run up\` deploys it
  --quiet        without logs and pods`;

await main(usage, dev);
