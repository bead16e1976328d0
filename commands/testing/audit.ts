import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { type RunResult, run } from "../support/run.ts";
import { inContainer } from "./container.ts";
import { ensurePnpm } from "./frontend.ts";
import { buildLintImage, lintImage } from "./lint.ts";
import { oneCheck } from "./report.ts";
import type { Outcome, TestStep } from "./step.ts";
import { runLanes } from "./test.ts";

/** One lockfile, and the package manager's own command that asks whether known vulnerabilities are in it. */
export interface Audit {
  readonly name: string;
  /** From the checkout's root. */
  readonly folder: string;
  /** Without what only tests and linters use: it meets no input but our own, and is not deployed. */
  readonly command: readonly [string, ...string[]];
  /** What it prints where its question got no answer; the first group is the reason. */
  readonly unanswered: RegExp;
}

/** Those of the program, the page and the API: what is deployed, or deploys. */
export const audits: Readonly<Record<"npm" | "pnpm" | "uv", Audit>> = {
  npm: {
    name: "npm audit",
    folder: ".",
    // At this level it prints the reason, whatever level the outer npm was given.
    command: ["npm", "audit", "--omit=dev", "--loglevel=warn"],
    unanswered: /^npm warn audit (.+)$[\s\S]*audit endpoint returned an error/im,
  },
  pnpm: {
    name: "pnpm audit",
    folder: "apps/frontend",
    command: ["pnpm", "audit", "--prod"],
    unanswered: /(ERR_PNPM_AUDIT_(?:BAD_RESPONSE|ENDPOINT_NOT_EXISTS))/,
  },
  uv: {
    name: "uv audit",
    folder: "apps/backend",
    command: ["uv", "audit", "--frozen", "--no-dev", "--preview-features", "audit-command"],
    unanswered: /^(?:error| {2}cause): ((?:HTTP status|error sending request|error decoding response).*)$/m,
  },
};

/** The folders of the examples that have a lockfile: people start from them. */
export const exampleFolders: Readonly<Record<keyof typeof audits, string>> = {
  npm: "examples/library/frontend",
  pnpm: "examples/oracle/frontend",
  uv: "examples/library/backend",
};

/** `npm run audit`: known vulnerabilities in production dependencies; ends with the sum over all lockfiles. */
export async function audit(args: readonly string[], machine: Machine): Promise<number> {
  parseArgs({ args: [...args] });
  return runLanes(machine, [[...both("npm", runHere), ...both("pnpm", runPnpm), ...both("uv", runUv)]]);
}

type Ask = (machine: Machine, subject: Audit, log: Log) => Promise<RunResult>;

function both(manager: keyof typeof audits, ask: Ask): TestStep[] {
  const subject = audits[manager];
  const example = { ...subject, name: `example ${subject.name}`, folder: exampleFolders[manager] };
  return [step(subject, ask), step(example, ask)];
}

function step(subject: Audit, ask: Ask): TestStep {
  return {
    name: subject.name,
    room: "program",
    run: async (machine, log) => judge(subject, await ask(machine, subject, log), log),
  };
}

/** Tells a finding, and whatever else is wrong here, from a question that nobody answers: that one is skipped. */
export function judge({ folder, command, unanswered }: Audit, result: RunResult, log: (line: string) => void): Outcome {
  const output = result.stdout + result.stderr;
  const reason = result.code === 0 ? undefined : unanswered.exec(output)?.[1];
  if (reason === undefined) return { counts: oneCheck(result.code === 0), output };
  const elsewhere = `${folder === "." ? "" : `cd ${folder} && `}${command.join(" ")}`;
  log(`no audit can be had here (${reason}); where one can: ${elsewhere}`);
  return { counts: { passed: 0, failed: 0, skipped: 1 }, output };
}

function runHere(machine: Machine, { folder, command: [program, ...args] }: Audit): Promise<RunResult> {
  return run(program, args, { cwd: join(machine.root, folder), env: machine.env, allowFailure: true });
}

async function runPnpm(machine: Machine, subject: Audit, log: Log): Promise<RunResult> {
  const [, ...args] = subject.command;
  return runHere(machine, { ...subject, command: [await ensurePnpm(machine, log), ...args] });
}

async function runUv(machine: Machine, { folder, command }: Audit, log: Log): Promise<RunResult> {
  await buildLintImage(machine, log);
  return inContainer(machine, lintImage, { folder: join(machine.root, folder), target: "/repository" }, command);
}
