import * as pulumi from "@pulumi/pulumi";
import type { ChartValue, ChartValues } from "./configuration.ts";

/** Merges as Helm does: maps key by key, everything else as a whole; https://helm.sh/docs/chart_template_guide/values_files/ */
export function mergeValues(base: ChartValues, over: ChartValues): ChartValues {
  const merged = Object.entries(over).map(([key, value]) => {
    const below = base[key];
    return [key, isMap(below) && isMap(value) ? mergeValues(below, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(merged) };
}

function isMap(value: ChartValue | undefined): value is ChartValues {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !pulumi.Output.isInstance(value);
}
