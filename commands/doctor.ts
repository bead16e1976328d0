import { doctor } from "./doctor/doctor.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run doctor [-- --json]

Looks at what \`npm run up\` needs and changes nothing: ok, warn (works with less) or missing, each with its remedy.
Ends with exit code 1 where something is missing.

  --json   the findings as JSON`;

await main(usage, doctor);
