import type { ApplicationProblem } from "../recipe.ts";

/** What a look at the application has shown, beside its result. */
export interface Findings {
  /** What is in the way. */
  readonly problems: readonly ApplicationProblem[];
  /** What was guessed, a sentence each, with the key that says otherwise. */
  readonly notes: readonly string[];
}

/** The command that sets one key of a component, such as `frontend`. */
export function setKey(service: string, key: string, value: string): string {
  return `pulumi config set --path ${service}.${key} ${value}`;
}

/** Where no recipe fits, the application says itself how it is built. */
export function ownDockerfile(service: string): string {
  return `${setKey(service, "dockerfile", "Dockerfile")}   (after writing one into its folder)`;
}

/** `a`, `a and b`, `a, b and c`; of more than the limit the first ones and how many there are besides. */
export function enumerate(names: readonly string[], limit = 6): string {
  const shown = names.slice(0, limit);
  const rest = names.length - shown.length;
  const all = rest === 0 ? shown : [...shown, `${rest} more`];
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
