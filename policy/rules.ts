import type { Rule } from "./rule.ts";
import { images } from "./rules/images.ts";
import { logLevel } from "./rules/logLevel.ts";
import { plainSecrets } from "./rules/plainSecrets.ts";
import { replicas } from "./rules/replicas.ts";
import { resources } from "./rules/resources.ts";
import { restricted } from "./rules/restricted.ts";

/** Every rule; docs/policy.md has a row for each. */
export const rules: readonly Rule[] = [images, logLevel, resources, plainSecrets, restricted, replicas];
