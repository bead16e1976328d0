import { startUp } from "../bench/startUp.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run bench

The speed figures, each beside its floor. Needs the Pulumi CLI and the stack "local" deployed from this checkout; takes
about two minutes and changes nothing.`;

await main(usage, startUp);
