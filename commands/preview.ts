import { preview } from "./deploy/preview.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run preview [-- --stack local|prod] [-- <arguments of pulumi preview>]

Shows what \`npm run up\` would change, and changes nothing: each resource of the program, then each object in the cluster
as a unified diff, with masked secrets. A local cluster that does not run is started.

  --stack NAME   the stack, default local`;

await main(usage, preview);
