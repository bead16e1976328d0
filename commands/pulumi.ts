import { passThrough } from "./deploy/passThrough.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run pulumi -- <arguments of the Pulumi CLI>

The Pulumi CLI with the state backend and the passphrase that \`npm run up\` uses, for example:

  npm run pulumi -- config set nodePort 30081 --stack local
  npm run pulumi -- config set --secret databaseUrl --stack prod
  npm run pulumi -- stack --stack local`;

await main(usage, passThrough);
