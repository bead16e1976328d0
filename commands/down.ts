import { down } from "./deploy/down.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run down [-- --stack local|prod] [--all] [--yes] [-- <arguments of pulumi destroy>]

Takes the deployment and its data away; the cluster stays.

  --stack NAME   the stack, default local
  --all          also removes the cluster if \`npm run up\` made it, and the stack's local state
  --yes          does not ask`;

await main(usage, down);
