import { docker, tryDocker } from "../engine/docker.ts";
import type { Log } from "../support/log.ts";
import { CommandError } from "../support/run.ts";
import { UserError } from "../support/userError.ts";

/** Cold starts take 15 s, on a busy machine a minute. */
const START_TIMEOUT = 180_000;

/** How many characters of a reason are shown: Kubernetes' own can fill a screen. */
const SHOWN_REASON = 160;

/** Whether API server, node and DNS answer right now; if not, the reason. */
export async function unreadiness(name: string, waitSeconds = 0): Promise<string | undefined> {
  const answer = await tryDocker(["exec", name, "sandbox-node", "-wait", `${waitSeconds}s`, "check"]);
  return answer.code === 0 ? undefined : answer.lastLines.at(-1)?.slice(0, SHOWN_REASON) || "it does not answer";
}

/**
 * Follows a node that was just started and passes on what it says, until it is ready.
 * @param since the moment before it was started
 * @throws `UserError` with the node's last words when it ends or needs more than three minutes
 */
export async function followStart(name: string, since: Date, log: Log): Promise<void> {
  const enough = new AbortController();
  const timeout = setTimeout(() => enough.abort(), START_TIMEOUT);
  let ready = false;
  let problem: string | undefined;
  const onLine = (line: string): void => {
    const message = /sandbox \[ *\d+s\] (.*)$/.exec(line)?.[1];
    if (!message) return;
    if (/^(FAILED|not ready)/.test(message)) problem = message;
    ready ||= message === "ready";
    log(`${name}: ${message}`);
    if (ready || problem) enough.abort();
  };
  const finished = await tryDocker(["logs", "--follow", "--since", since.toISOString(), name], {
    onLine,
    signal: enough.signal,
  });
  clearTimeout(timeout);
  if (ready) return;
  if (problem === undefined && finished.code !== 0 && !enough.signal.aborted) {
    throw new CommandError(["docker", "logs", name], finished);
  }
  throw new UserError(`The sandbox "${name}" did not start: ${problem ?? "it ended or took more than 3 minutes"}.
Its words: docker logs ${name}; its programs' words: docker exec ${name} ls /var/log/sandbox
A new one: npm run down -- --all, then npm run up`);
}

/** Starts a stopped container. Throws `CommandError`. */
export async function startContainer(name: string): Promise<void> {
  await docker(["start", name]);
}
