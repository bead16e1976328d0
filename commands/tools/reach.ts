import type { Machine } from "../support/machine.ts";
import { ANSWER_TIMEOUT_MS, reasonOf } from "./download.ts";

/** Whether an address answers, and if not, why. */
export interface Reach {
  readonly ok: boolean;
  /** Whether there was an answer at all, be it a refusal. */
  readonly answers: boolean;
  readonly reason: string;
}

/** Docker Hub's registry; without credentials it answers 401, which is an answer. */
export const dockerHub = "https://registry-1.docker.io/v2/";

const seen = new WeakMap<Machine, Map<string, Promise<Reach>>>();

/** Asks an address for its headers, once a run; at most five seconds. */
export function reach(machine: Machine, url: string, accepted: (status: number) => boolean = isFine): Promise<Reach> {
  const known = seen.get(machine) ?? new Map<string, Promise<Reach>>();
  seen.set(machine, known);
  const answer = known.get(url) ?? ask(machine.fetch, url, accepted);
  known.set(url, answer);
  return answer;
}

/** Whether images can be pulled from Docker Hub. */
export function reachDockerHub(machine: Machine): Promise<Reach> {
  return reach(machine, dockerHub, (status) => status === 200 || status === 401);
}

const isFine = (status: number): boolean => status >= 200 && status < 400;

async function ask(get: typeof fetch, url: string, accepted: (status: number) => boolean): Promise<Reach> {
  try {
    const { status } = await get(url, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return { ok: accepted(status), answers: true, reason: `answers ${status}` };
  } catch (error) {
    return { ok: false, answers: false, reason: reasonOf(error) };
  }
}
