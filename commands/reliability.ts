import { reliability } from "../bench/reliability/run.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run bench:reliability [-- --write] [-- --rate <requests a second>] [-- --requests <in each case>]
                                 [-- -- -t "<a test's name>"]

Everything that may happen to a deployment, under load on a cluster of its own, with at least 20,000 requests in each case;
then the faults. Takes about 40 minutes and ends with the tables of docs/reliability.md; --write puts them there.`;

await main(usage, reliability);
