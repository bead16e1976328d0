/** Where progress goes. It is a function of one line, so that it can be handed to whatever takes a plain line logger. */
export interface Log {
  (line: string): void;
  /**
   * Runs one named piece of work: says that it begins, shows the last line of its progress where the output is a terminal
   * (all lines where it is not), that it still runs, and how long it took.
   */
  step<T>(title: string, work: (log: Log) => Promise<T>): Promise<T>;
}

/** The part of a terminal or a file that is needed here. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How often a quiet step says that it is still there, in milliseconds, where the output is no terminal. */
const HEARTBEAT_MS = 30_000;

/** How long a step may take without saying that it began, in milliseconds. */
const QUIET_MS = 1000;

/** Makes a log that writes to the given sink. */
export function makeLog(sink: Sink): Log {
  const log = (line: string): void => void sink.write(`${line}\n`);
  const step = sink.isTTY === true ? terminalStep(sink) : plainStep(log);
  return Object.assign(log, { step });
}

/** The time since a moment, for people: `0.4 s`, `12 s`, `2 min 5 s`. */
export function elapsed(since: number, now: number = Date.now()): string {
  const seconds = (now - since) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A step that is done at once takes one line. */
function plainStep(log: (line: string) => void): Log["step"] {
  return async (title, work) => {
    const since = Date.now();
    let begun = false;
    const begin = (): void => {
      if (!begun) log(`${title} ...`);
      begun = true;
    };
    const first = setTimeout(begin, QUIET_MS);
    const heartbeat = setInterval(() => log(`  ${title}: still running (${elapsed(since)})`), HEARTBEAT_MS);
    const inner = (line: string): void => {
      begin();
      log(`  ${line}`);
    };
    try {
      const result = await work(Object.assign(inner, { step: plainStep(inner) }));
      log(`${title}: done (${elapsed(since)}).`);
      return result;
    } finally {
      clearTimeout(first);
      clearInterval(heartbeat);
    }
  };
}

/** One line that is rewritten; a failed step leaves the lines that it printed, because they tell why. */
function terminalStep(sink: Sink): Log["step"] {
  return async (title, work) => {
    const since = Date.now();
    const lines: string[] = [];
    const draw = (): void => {
      const text = [`${title} (${elapsed(since)})`, ...lines.slice(-1)].join("  ");
      sink.write(`\r\u001b[K${text.slice(0, Math.max(20, (sink.columns ?? 80) - 1))}`);
    };
    const clock = setInterval(draw, 500);
    draw();
    const inner = (line: string): void => {
      lines.push(line);
      draw();
    };
    try {
      const nested: Log["step"] = (name, inside) => {
        inner(name);
        return inside(Object.assign(inner, { step: nested }));
      };
      const result = await work(Object.assign(inner, { step: nested }));
      sink.write(`\r\u001b[K${title}: done (${elapsed(since)}).\n`);
      return result;
    } catch (error) {
      sink.write(
        `\r\u001b[K${title}: failed (${elapsed(since)}).\n${lines
          .slice(-40)
          .map((line) => `  ${line}\n`)
          .join("")}`,
      );
      throw error;
    } finally {
      clearInterval(clock);
    }
  };
}
