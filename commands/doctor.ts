import { doctor } from "./doctor/doctor.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run doctor [-- --json]

Looks at what \`npm run up\` needs and at every trap that is known, all at once and in less than three seconds; it changes
nothing. Each line is ok, warn (it works with less) or missing, with why that matters and the remedy for this system.
Ends with exit code 0, or 1 where something is missing. All checks: docs/doctor.md

  --json   the findings as JSON`;

await main(usage, doctor);
