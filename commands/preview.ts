import { preview } from "./deploy/preview.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run preview [-- --stack local|prod] [-- <arguments of pulumi preview>]

Shows what \`npm run up\` would change, and changes nothing. A local cluster that does not run is started.

  --stack NAME   the stack, default local`;

await main(usage, preview);
