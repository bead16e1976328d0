import { main } from "./support/main.ts";
import { audit } from "./testing/audit.ts";

const usage = `Usage: npm run audit

Asks npm, pnpm and uv whether known vulnerabilities are in the production dependencies of the program, the page, the API
and the examples. Where nobody answers, that counts as skipped. Ends with "N passed, N failed" and exit code 1 where one is found.`;

await main(usage, audit);
