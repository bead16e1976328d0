import { down } from "./deploy/down.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run down [-- --stack local|prod] [--all] [--yes] [-- <arguments of pulumi destroy>]

Takes the deployment and its data away; the cluster stays. It asks first. Where nobody can be asked, as in CI, a local stack is
taken away and a production stack is refused.

  --stack NAME, -s   the stack, default local
  --all              also removes the cluster if \`npm run up\` made it, and the stack's local state
  --yes, -y          does not ask`;

await main(usage, down);
