/** What one case under load came to. */
export interface LoadFigures {
  /** Requests, each counted once however often it was sent. */
  readonly requests: number;
  /** Requests whose last attempt had no answer or a status of 400 or more, or that were unfinished at the end. */
  readonly failed: number;
  /** Requests answered with another status or content than is right. */
  readonly wrong: number;
  /** How often a request was sent again because its connection broke without an answer. */
  readonly resent: number;
  /** Requests that the load generator could not send for want of virtual users: the load was less than it should be. */
  readonly dropped: number;
  /** Confirmed writes that cannot be read back as they were confirmed. */
  readonly lost: number;
  /** Writes that are there more than once: sent again, and done again. */
  readonly doubled: number;
  /**
   * Latencies in milliseconds, from the start of a request's first attempt to the end of its last one. Percentiles cannot be
   * merged: with several generators each figure is that of the slower one.
   */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** What went wrong, each kind once with its number and time, the most frequent first; empty where nothing did. */
  readonly errors: readonly string[];
}

/** A todo as the service confirmed it. */
export interface Todo {
  readonly id: string;
  readonly title: string;
  readonly completed: boolean;
}

/** What a generator counts by itself. */
export type Counted = Omit<LoadFigures, "lost" | "doubled" | "errors">;

/** What a generator printed. */
export interface Printed {
  /** Absent where it did not come to its end. */
  readonly figures: Counted | undefined;
  /** The confirmed writes in their order. */
  readonly wrote: readonly Todo[];
  readonly errors: readonly { readonly error: string; readonly at: number }[];
  /** When each scenario had its first answer, in milliseconds since 1970. */
  readonly running: readonly number[];
  /** k6's own words. */
  readonly said: readonly string[];
}

/** What a generator printed that came to its end. */
export type Complete = Printed & { readonly figures: Counted };

/** Kinds of errors that are told. */
const toldKinds = 10;

/** Reads what a generator printed: one JSON object a line, between lines of k6 itself. */
export function readPrinted(output: string): Printed {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const objects = lines.map(parseLine).filter((object) => object !== undefined);
  const all = <T>(key: string) => objects.flatMap((object) => (key in object ? [object[key] as T] : []));
  return {
    figures: all<Counted>("figures").at(-1),
    wrote: all<Todo>("wrote"),
    errors: objects.filter((object) => "error" in object) as unknown as Printed["errors"],
    running: objects.filter((object) => "running" in object).map(({ at }) => Number(at)),
    said: lines.filter((line) => parseLine(line) === undefined),
  };
}

/** k6's own lines are no objects, and the last line may be half while more is printed. */
function parseLine(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Puts the figures of all generators together with what was found in the end. */
export function mergeFigures(
  generators: readonly Pick<Complete, "figures" | "errors">[],
  found: { readonly lost: readonly string[]; readonly doubled: readonly string[] },
): LoadFigures {
  const sum = (key: keyof Counted) => generators.reduce((total, { figures }) => total + figures[key], 0);
  const worst = (key: keyof Counted) => Math.max(...generators.map(({ figures }) => figures[key]));
  return {
    requests: sum("requests"),
    failed: sum("failed"),
    wrong: sum("wrong"),
    resent: sum("resent"),
    dropped: sum("dropped"),
    lost: found.lost.length,
    doubled: found.doubled.length,
    p50: worst("p50"),
    p95: worst("p95"),
    p99: worst("p99"),
    max: worst("max"),
    errors: [
      ...kindsOf(generators.flatMap(({ errors }) => errors)),
      ...found.lost.slice(0, 3),
      ...found.doubled.slice(0, 3),
    ],
  };
}

function kindsOf(errors: Printed["errors"]): string[] {
  const kinds = Map.groupBy(errors, ({ error }) => error);
  return [...kinds]
    .sort(([, one], [, other]) => other.length - one.length)
    .slice(0, toldKinds)
    .map(([error, all]) => {
      const times = all.map(({ at }) => at);
      return `${error}: ${all.length} times, ${clock(Math.min(...times))} to ${clock(Math.max(...times))}`;
    });
}

/** `11:45:02.123`, UTC like the logs of the pods. */
const clock = (at: number): string => new Date(at).toISOString().slice(11, -1);

/**
 * The confirmed writes that are not there as they were confirmed, in words. A todo may be completed though only its creation
 * was confirmed: then the answer to the change was lost, not the change.
 */
export function lostWrites(confirmed: readonly Todo[], stored: readonly Todo[]): string[] {
  const there = new Map(stored.map((todo) => [todo.id, todo]));
  return confirmed.flatMap((todo) => {
    const found = there.get(todo.id);
    if (found === undefined) return [`lost: the todo ${todo.id}, confirmed with completed ${todo.completed}, is gone`];
    if (found.title !== todo.title) return [`lost: the title of the todo ${todo.id} is "${found.title}"`];
    if (todo.completed && !found.completed) return [`lost: the todo ${todo.id}, confirmed as completed, is not`];
    return [];
  });
}

/** The titles that are there more than once, in words; the load gives each todo a title of its own. */
export function doubledWrites(stored: readonly Todo[]): string[] {
  const titles = Map.groupBy(stored, ({ title }) => title);
  return [...titles].flatMap(([title, all]) => (all.length > 1 ? [`written ${all.length} times: "${title}"`] : []));
}
