import { main } from "./support/main.ts";
import { e2e } from "./testing/e2e.ts";

const usage = `Usage: npm run test:e2e [-- --only end-to-end|reliability|engine] [-- <names of test files>]

The end-to-end tests: a deployment from nothing by \`npm run up\` in a clone, used, changed, broken and taken down, on
Minikube or on a sandbox cluster of its own; updates, kills and faults under load, in short; and, where pulumi is on PATH,
what the tables of docs/engine.md promise of the real engine. Ends with "N passed, N failed" and exit code 1 on a failure.`;

await main(usage, e2e);
