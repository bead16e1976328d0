import { containersOf, fieldsOf, placeOf } from "../manifest.ts";
import { mendBySetting, type Rule } from "../rule.ts";

/** What a container must be given, with the chart's own figures for the backend as examples. */
const needed = [
  ["requests", "cpu", "100m"],
  ["requests", "memory", "128Mi"],
  ["limits", "cpu", "500m"],
  ["limits", "memory", "256Mi"],
] as const;

/** CPU and memory, asked for and bounded. */
export const resources: Rule = {
  name: "requests-and-limits",
  description: "Without requests a node is overfilled; without limits one container takes it from all others.",
  check: (objects, origin) =>
    objects.flatMap((object) =>
      containersOf(object).flatMap((container) => {
        const given = fieldsOf(container.resources);
        const missing = needed.filter(([kind, resource]) => !isGiven(fieldsOf(given[kind])[resource]));
        return missing.map(([kind, resource, example]) => ({
          what: `it has no ${kind}.${resource}`,
          where: placeOf(object, container.name, `resources.${kind}.${resource}`),
          remedy: mendBySetting(
            object,
            origin,
            [`resources.${kind}.${resource}`, example],
            `resources: { ${kind}: { ${resource}: ${example} } }`,
          ),
        }));
      }),
    ),
};

function isGiven(quantity: unknown): boolean {
  return (typeof quantity === "string" && quantity !== "" && quantity !== "0") || Number(quantity) > 0;
}
