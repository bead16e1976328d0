import type { StackConfiguration } from "../../sandbox/runner/configuration.ts";
import type { MockRun } from "../../sandbox/runner/mocks.ts";
import type { RunnerOptions, RunnerResult } from "../../sandbox/runner/types.ts";

/** Takes one line of progress. */
type LineLog = (line: string) => void;

/** What the commands need of `sandbox/`; it is loaded only where it is needed. */
export interface Sandbox {
  readonly ensureEngine: (log: LineLog) => Promise<{ readonly docker: string; readonly started: boolean }>;
  readonly ensureBaseImages: (log: LineLog) => Promise<unknown>;
  readonly ensureCluster: (wanted: { name: string; nodePort: number }, log: LineLog) => Promise<SandboxCluster>;
  /** Whether engine, base images and cluster are as these would leave them; changes nothing. */
  readonly isStanding: (wanted: { name: string; nodePort: number }) => Promise<boolean>;
  readonly removeCluster: (name: string, log: LineLog) => Promise<unknown>;
  readonly removeAll: (log: LineLog) => Promise<unknown>;
  readonly installDebianPackages: (wanted: { packages: string[]; why: string }, log: LineLog) => Promise<unknown>;
  readonly toolFromSource: (tool: "kubectl" | "helm3" | "helm4" | "k6" | "actionlint", log: LineLog) => Promise<string>;
  readonly toolImageFromSource: (tool: "k6", reference: string, log: LineLog) => Promise<unknown>;
}

/** A running sandbox cluster. */
export interface SandboxCluster {
  readonly name: string;
  readonly context: string;
  readonly kubeconfig: string;
}

/** What the commands need of `sandbox/runner/`: the same program without the Pulumi CLI. */
export interface Runner {
  readonly runProgram: (options: RunnerOptions) => Promise<RunnerResult>;
  readonly previewProgram: (options: RunnerOptions) => Promise<RunnerResult>;
  readonly destroyProgram: (options: RunnerOptions) => Promise<RunnerResult>;
  /** The program with answers of another's choice; gives back its outputs. */
  readonly runOnMocks: (run: MockRun) => Promise<Record<string, unknown>>;
  readonly readStackConfiguration: (stackFile: string, unseal?: (sealed: string) => string) => StackConfiguration;
}
