import { sbom } from "./sbom/sbom.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run sbom [-- --stack local] [--output FOLDER]

Builds both images as the stack has them, from the cache where they have been built, and writes what each consists of: one
CycloneDX file an image, with the packages of its lockfile and those of its base. --output: where to, .state/sbom by default.`;

await main(usage, sbom);
