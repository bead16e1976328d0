import { styleText } from "node:util";
import type { ObjectChange } from "./compare.ts";

const verbs: Readonly<Record<ObjectChange["kind"], string>> = {
  changed: "would change",
  added: "would be added",
  removed: "would be removed",
  "put back": "is not as it was deployed and would be put back",
};

/** Each change with its diff, as lines; then the summary. */
export function tellChanges(changes: readonly ObjectChange[], colours: boolean): string[] {
  const told = changes.flatMap(({ kind, object, patch }) => {
    const title = `${object} ${verbs[kind]}:`;
    return ["", colours ? paint("bold", title) : title, ...(colours ? colour(patch) : patch.split("\n"))];
  });
  return [...told, "", tellSummary(changes)];
}

/** `3 objects would change, 1 would be added.` */
export function tellSummary(changes: readonly ObjectChange[]): string {
  const told = (["changed", "added", "removed", "put back"] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [{ count, verb: kind === "put back" ? "would be put back" : verbs[kind] }];
  });
  if (told.length === 0) return "No object in the cluster would change.";
  const [first, ...rest] = told.map(({ count, verb }, index) => {
    const what = index > 0 ? "" : count === 1 ? " object" : " objects";
    return `${count}${what} ${verb}`;
  });
  return `${[first, ...rest].join(", ")}.`;
}

/** A diff begins with two lines of names; further down, `---` is a removed line that begins with hyphens. */
function colour(patch: string): string[] {
  return patch.split("\n").map((line, index) => (index < 2 ? paint("bold", line) : colourLine(line)));
}

function colourLine(line: string): string {
  if (line.startsWith("@@")) return paint("cyan", line);
  if (line.startsWith("+")) return paint("green", line);
  return line.startsWith("-") ? paint("red", line) : line;
}

/** Whether there are colours is decided by whoever has the terminal. */
function paint(style: "bold" | "cyan" | "green" | "red", text: string): string {
  return styleText(style, text, { validateStream: false });
}
