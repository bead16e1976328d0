import { bench } from "../bench/run.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run bench [-- --only image,serving,node,update,edit,first] [-- --runs <each>] [-- --quick] [-- --write] [-- --json]

The speed figures, each beside its floor: the shortest sequence of plain commands that does the same. On a cluster of its
own and in a copy of this checkout, all of which it takes away again; about 25 minutes.

  --only GROUPS   some of the groups, with commas
  --runs N        so many runs of each, in place of each figure's own number
  --quick         few runs and nothing that takes long, for CI: about four minutes
  --write         also puts the figures into bench/record.json and docs/performance.md
  --json          prints the record in place of the table; .state/bench.json has it in any case`;

await main(usage, bench);
