import { chartValues } from "./chartValues.ts";
import { commandPages } from "./commandPages.ts";
import { configurationTable } from "./configurationTable.ts";
import { replacePart } from "./markers.ts";
import { stackSchema } from "./stackSchema.ts";
import { valuesSchema } from "./valuesSchema.ts";

/** A committed file that is made of others, as a whole or between marks. */
interface Generated {
  readonly path: string;
  /** Makes what the file is to hold of the checkout and of what it holds. */
  readonly make: (root: string, current: string) => Promise<string>;
}

/** All of them; `npm test` fails where one is stale. */
export const generated: readonly Generated[] = [
  {
    path: "docs/configuration.md",
    make: async (root, page) => replacePart(page, "keys", await configurationTable(root)),
  },
  { path: "chart/README.md", make: async (root, page) => replacePart(page, "values", await chartValues(root)) },
  { path: "docs/commands.md", make: async (root, page) => replacePart(page, "commands", await commandPages(root)) },
  {
    path: "docs/schemas/stack.schema.json",
    make: async (root) => `${JSON.stringify(await stackSchema(root), null, 2)}\n`,
  },
  {
    path: "docs/schemas/values.schema.json",
    make: async (root) => `${JSON.stringify(await valuesSchema(root), null, 2)}\n`,
  },
];
