import { diagnoseCommand } from "./diagnose/command.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run diagnose [-- --stack NAME] [--json]

Looks at a deployment that does not work - machine, cluster, release, pods, database, page - and names the likely cause
first, with what shows it and the command to type next. Changes nothing, and shows no secret. docs/diagnose.md has the causes.

  --stack NAME   the stack, default local
  --json         the findings, and the facts that they were concluded from, as JSON

Ends with 0 where nothing is wrong that can be seen from here, 1 where something was found, 2 where it was called wrongly.`;

await main(usage, diagnoseCommand);
