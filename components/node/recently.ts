import type { CommandRunner } from "./process.ts";
import type { Command } from "./target.ts";

/** How long an answer serves, in milliseconds: one preview asks the same for each image, within a second. */
const freshness = 2000;

/**
 * A runner that asks the same question once: what it printed serves all who ask within two seconds. Whatever is piped or fed
 * may change the answers, and ends them all.
 */
export function askingOnce(run: CommandRunner, now: () => number = Date.now): CommandRunner {
  const answers = new Map<string, { readonly at: number; readonly answer: Promise<string> }>();
  const changing = async (act: () => Promise<string>): Promise<string> => {
    answers.clear();
    const said = await act();
    answers.clear();
    return said;
  };
  return {
    output: (command: Command) => {
      const key = JSON.stringify(command);
      const known = answers.get(key);
      if (known !== undefined && now() - known.at < freshness) return known.answer;
      const answer = run.output(command);
      answers.set(key, { at: now(), answer });
      // A failure is nobody else's answer.
      answer.catch(() => answers.delete(key));
      return answer;
    },
    pipe: (from, to) => changing(() => run.pipe(from, to)),
    feed: (input, to) => changing(() => run.feed(input, to)),
  };
}
