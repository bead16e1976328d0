import { docs } from "./docs/docs.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run docs [-- --check]

Writes the generated parts of the documentation anew: the keys of docs/configuration.md, the values of chart/README.md, the
commands of docs/commands.md, and the editors' schema of the stack files in docs/schemas/. It names each file that it changed.

  --check   changes nothing; ends with exit code 1 where a file is stale`;

await main(usage, docs);
