import { dev } from "./dev/dev.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run dev [-- --stack local]

Deploys as \`npm run up\` does, then watches the sources: an edited image is built, its new layers are put on the node and the
pods are rolled, without a start of the engine. An edit to the chart or to the stack's configuration is deployed as by
\`npm run up\`. Ctrl-C ends the watch; the deployment stays, and the next \`npm run up\` finds nothing wrong with it.`;

await main(usage, dev);
