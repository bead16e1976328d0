import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeploymentRecord } from "../../../commands/deploy/record.ts";
import { readSettings, type StackSettings } from "../../../commands/deploy/settings.ts";
import { type Finding, runCheck } from "../../../commands/doctor/check.ts";
import { checks } from "../../../commands/doctor/checks.ts";
import type { EngineFacts } from "../../../commands/doctor/engineFacts.ts";
import type { Examination } from "../../../commands/doctor/examination.ts";
import { tellSystem } from "../../../commands/doctor/operatingSystem.ts";
import type { Machine } from "../../../commands/support/machine.ts";
import { ClusterApi } from "../../../components/cluster/api.ts";
import type { TestMachine } from "../support/machine.ts";

/** /etc/os-release of some distributions, as far as it is read. */
export const releases = {
  debian: 'PRETTY_NAME="Debian GNU/Linux 13"\nID=debian\n',
  ubuntu: 'PRETTY_NAME="Ubuntu 24.04"\nID=ubuntu\nID_LIKE=debian\n',
  fedora: 'PRETTY_NAME="Fedora Linux 43"\nID=fedora\n',
  alpine: 'PRETTY_NAME="Alpine Linux"\nID=alpine\n',
  arch: 'PRETTY_NAME="Arch Linux"\nID=arch\n',
} as const;

/** What a machine says. Whatever is left out is as on a machine where all is well. */
export interface Given {
  readonly release?: keyof typeof releases;
  readonly kernel?: string;
  /** Program to its path. */
  readonly programs?: Readonly<Record<string, string>>;
  /** The command line, or its beginning, to what it prints; a number is the exit code of one that fails. */
  readonly answers?: Readonly<Record<string, string | number>>;
  readonly files?: Readonly<Record<string, string>>;
  /** What the engine says; a text is why it does not answer. */
  readonly engine?: Partial<EngineFacts> | string;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly settings?: Partial<StackSettings>;
  readonly record?: DeploymentRecord;
  /** The address of an API server, where a kubeconfig names the context. */
  readonly server?: string;
}

const healthyEngine: EngineFacts = {
  ServerVersion: "28.0.0",
  NCPU: 8,
  MemTotal: 16e9,
  Driver: "overlay2",
  CgroupVersion: "2",
  Architecture: "x86_64",
};

/** What the checks see of a machine that is made up. */
export function fakeExamination({ machine, folder }: TestMachine, given: Given): Examination {
  const { release = "debian", kernel, files = {}, programs = {}, answers = {}, engine = {}, names, record } = given;
  const settings = async () => ({ ...(await readSettings(machine.root, "local")), ...given.settings });
  const facts = (server: string) => ({
    name: "minikube",
    server,
    cluster: { server },
    user: {},
    folders: { cluster: "", user: "" },
  });
  return {
    machine,
    system: tellSystem(machine.platform, { release: releases[release], kernel, isRoot: machine.isRoot }),
    ask: async (command, args) => answer(answers, [command, ...args].join(" ")),
    read: async (path) =>
      files[path] ?? (path.startsWith(folder) ? readFile(path, "utf8").catch(() => undefined) : undefined),
    exists: (path) => path in files,
    find: (command) => programs[command],
    resolve: async (name) => {
      const found = { localhost: ["127.0.0.1"], "registry-1.docker.io": ["192.0.2.1"], ...names }[name] ?? [];
      if (found.length === 0) throw Object.assign(new Error("not found"), { code: "ENOTFOUND" });
      return found;
    },
    engine: async () =>
      typeof engine === "string" ? { problem: engine } : { engine: { ...healthyEngine, ...engine } },
    stack: async () => ({ settings: await settings(), record }),
    cluster: async () =>
      given.server === undefined
        ? undefined
        : { facts: facts(given.server), api: await ClusterApi.of(facts(given.server)) },
  };
}

function answer(answers: Readonly<Record<string, string | number>>, line: string) {
  const key = Object.keys(answers).find((beginning) => line.startsWith(beginning));
  const told = key === undefined ? 127 : answers[key];
  return typeof told === "string"
    ? { code: 0, stdout: told, stderr: "" }
    : { code: told ?? 127, stdout: "", stderr: "" };
}

/** Lets one check look at a machine that is made up. */
export async function findingOf(on: TestMachine, name: string, given: Given = {}): Promise<Finding> {
  const check = checks.find((known) => known.name === name);
  if (check === undefined) throw new Error(`there is no check "${name}"`);
  return runCheck(fakeExamination(on, given), check);
}

/** A machine's environment, without what the test's own has. */
export function withEnv({ machine }: TestMachine, env: NodeJS.ProcessEnv): Pick<Machine, "env"> {
  return { env: { ...machine.env, ...env } };
}

/** A path in the checkout of a test machine. */
export const inCheckout = (on: TestMachine, path: string): string => join(on.machine.root, path);
