import { main } from "./support/main.ts";
import { test } from "./testing/test.ts";

const usage = `Usage: npm test [-- --only lint|program|frontend|backend]

Every test that needs no cluster, with its own set-up: style, linters and types, the Pulumi program under mocks, the
rendered chart, the page, and the API against a PostgreSQL in a container. Ends with "N passed, N failed" and exit code 1 on
a failure.

  --only ROOM   one part; can be given several times`;

await main(usage, test);
