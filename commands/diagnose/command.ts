import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Machine } from "../support/machine.ts";
import { collectFacts } from "./collectFacts.ts";
import { diagnose } from "./diagnose.ts";
import { tell } from "./tell.ts";

/** `npm run diagnose`: 0 where nothing is wrong, 1 where something was found, 2 where there is no such stack. */
export async function diagnoseCommand(args: readonly string[], machine: Machine): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string", short: "s", default: "local" },
      json: { type: "boolean", default: false },
    },
  });
  if (!existsSync(join(machine.root, `Pulumi.${values.stack}.yaml`))) {
    machine.log(`There is no stack "${values.stack}": no file Pulumi.${values.stack}.yaml.`);
    return 2;
  }
  const facts = await collectFacts(machine, values.stack);
  const findings = diagnose(facts);
  if (values.json) machine.log(JSON.stringify({ findings, facts }, null, 2));
  else for (const line of tell(facts, findings)) machine.log(line);
  return findings.length === 0 ? 0 : 1;
}
