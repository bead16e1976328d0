import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";

const checkout = resolve(import.meta.dirname, "../..");
const folder = join(checkout, ".github", "workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly "timeout-minutes"?: number;
  readonly "runs-on": string;
  readonly environment?: string;
  readonly if?: string;
  readonly needs?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
const text = (name: string): string => readFileSync(join(folder, name), "utf8");
const workflow = (name: string): Workflow => parse(text(name)) as Workflow;
const jobs = files.flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => [file, name, job] as const),
);
const job = (file: string, name: string): Job => {
  const found = workflow(file).jobs[name];
  if (found === undefined) throw new Error(`${file} has no job "${name}"`);
  return found;
};

/** What the jobs' steps and the actions of this repository are made of. */
const sources = [...files.map((name) => `workflows/${name}`), "actions/prepare/action.yml"].map(
  (path) => [path, readFileSync(join(checkout, ".github", path), "utf8")] as const,
);

test("there are workflows for a pull request, Minikube and production", () => {
  expect(files.sort()).toEqual(["deploy.yml", "end-to-end.yml", "pull-request.yml"]);
});

test.each(sources)("%s takes each action at a commit, with its version beside it", (_path, source) => {
  const uses = [...source.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, what = ""]) => what);
  expect(uses.length).toBeGreaterThan(0);
  for (const what of uses) {
    if (what.startsWith("./")) expect(existsSync(join(checkout, what, "action.yml"))).toBe(true);
    else expect(what).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

test("one version of an action has one commit everywhere", () => {
  const pins = sources.flatMap(([, source]) => [...source.matchAll(/uses: (\S+)@(\S+) # (\S+)/g)]);
  const byVersion = new Map(pins.map(([, name, commit, version]) => [`${name} ${version}`, commit]));
  for (const [, name, commit, version] of pins) expect(byVersion.get(`${name} ${version}`)).toBe(commit);
  expect(new Set([...byVersion.keys()].map((key) => key.split(" ")[0])).size).toBe(byVersion.size);
});

test.each(files)("%s gives nothing to all jobs, and never runs a fork's code beside secrets", (file) => {
  const { on, permissions } = workflow(file);
  expect(permissions).toEqual({});
  expect(Object.keys(on)).not.toContain("pull_request_target");
  expect(Object.keys(on)).not.toContain("workflow_run");
});

test.each(jobs)("%s, job %s: an end in time, permissions of its own, a runner by its version", (_file, _name, job) => {
  expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
  expect(typeof job.permissions).toBe("object");
  expect(job["runs-on"]).toMatch(/^ubuntu-\d/);
  for (const step of job.steps) {
    if (step.uses?.startsWith("actions/checkout@")) expect(step.with?.["persist-credentials"]).toBe(false);
  }
});

test("a job may write nothing but what it is there for", () => {
  const writes = jobs.flatMap(([file, name, { permissions }]) =>
    Object.entries(permissions ?? {}).flatMap(([what, level]) =>
      level === "write" ? [`${file} ${name} ${what}`] : [],
    ),
  );
  expect(writes.sort()).toEqual([
    "deploy.yml preview id-token",
    "deploy.yml up id-token",
    "deploy.yml up packages",
    "pull-request.yml comment pull-requests",
    "pull-request.yml preview id-token",
  ]);
});

test("the job that writes the comment runs nothing of the pull request's", () => {
  const { steps } = job("pull-request.yml", "comment");
  expect(
    steps.filter(({ run, uses }) => run !== undefined || uses?.startsWith("./") || /checkout/.test(uses ?? "")),
  ).toEqual([]);
});

test.each(jobs)(
  "%s, job %s: secrets reach steps by their environment, and only jobs with an environment of GitHub's",
  (_file, _name, job) => {
    const given = (step: Step) => Object.values(step.env ?? {}).join();
    for (const step of job.steps) {
      const { env: _env, ...rest } = step;
      expect(JSON.stringify(rest)).not.toMatch(/secrets\.|github\.token/);
      // An expression in a script is filled in before the shell reads it.
      expect(step.run ?? "").not.toContain("${{");
      if (given(step).includes("secrets.")) expect(["preview", "production"]).toContain(job.environment);
      expect(step.run ?? "").not.toMatch(/set -[a-z]*x|\benv\b|printenv|echo .*(PASSPHRASE|CONTENT|PASSWORD)/);
    }
  },
);

test("a preview is for pull requests of the repository's own branches alone", () => {
  expect(job("pull-request.yml", "preview").if).toContain(
    "github.event.pull_request.head.repo.full_name == github.repository",
  );
});

test("up waits for tests, preview and approval, alone and unbroken, on main", () => {
  const { on, concurrency } = workflow("deploy.yml");
  expect(on.push).toEqual({ branches: ["main"] });
  expect(concurrency).toEqual({ group: "production", "cancel-in-progress": false });
  const up = job("deploy.yml", "up");
  expect([up.environment, up.needs, job("deploy.yml", "preview").needs]).toEqual(["production", "preview", "test"]);
  expect(up.steps.map(({ run = "" }) => run).join("\n")).toContain("npm run up -- --stack prod");
});

test("every npm script and every script of .github that they name is there", () => {
  const { scripts } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as { scripts: object };
  const shell = ["preview.sh", "with-kubeconfig.sh"].map((name) =>
    readFileSync(join(checkout, ".github", name), "utf8"),
  );
  const all = [...files.map(text), ...shell].join("\n");
  const named = [...all.matchAll(/npm (?:run (?:--silent )?([\w:]+)|(test))/g)].map(([, script, own]) => script ?? own);
  expect(new Set(named)).toEqual(new Set(["up", "preview", "down", "test", "test:e2e"]));
  for (const name of named) expect(Object.keys(scripts)).toContain(name);
  for (const [path] of all.matchAll(/\.github\/[\w-]+\.sh/g)) expect(existsSync(join(checkout, path))).toBe(true);
});

describe("the preview's comment", () => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "todo-stack-workflows-"));
    mkdirSync(join(place, "bin"));
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  /** Runs the script with a stand-in for npm. */
  function comment(npm: string, env: Readonly<Record<string, string>> = {}): { code: number; text: string } {
    writeFileSync(join(place, "bin", "npm"), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
    const path = [join(place, "bin"), process.env.PATH].join(delimiter);
    const file = join(place, "out", "preview.md");
    let code = 0;
    try {
      execFileSync(join(checkout, ".github", "preview.sh"), [file], { env: { PATH: path, ...env }, stdio: "pipe" });
    } catch (error) {
      code = (error as { status: number }).status;
    }
    return { code, text: readFileSync(file, "utf8") };
  }

  test("holds what the preview prints, and its exit code is the preview's", () => {
    const good = comment('echo "npm $*"; echo "19 objects would be added."');
    expect(good.code).toBe(0);
    expect(good.text).toMatch(/^### What this would change in production\n/);
    expect(good.text).toContain(
      "~~~~~~~~diff\nnpm run --silent preview -- --stack prod\n19 objects would be added.\n~~~~~~~~\n",
    );
    const bad = comment("echo refused >&2; exit 3");
    expect(bad.code).toBe(3);
    expect(bad.text).toMatch(/^### The preview of production fails\n.*\nrefused\n/s);
  });

  test("fits into one, with its end", () => {
    const { text } = comment("yes 'an object of the cluster that would change' | head -n 5000; echo the-summary");
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("Its beginning is left out");
    expect(text).toContain("the-summary");
  });

  test("the kubeconfig is a file for the command alone, and what is empty is not set", () => {
    const script =
      'cat "$KUBECONFIG"; stat -c %a "$KUBECONFIG"; echo "$KUBECONFIG" > "$KEPT"; echo "[$KUBECONFIG_CONTENT]"; printenv PULUMI_CONFIG_PASSPHRASE || echo unset';
    const kept = join(place, "kept");
    const { text } = comment(script, {
      KUBECONFIG_CONTENT: "apiVersion: v1",
      PULUMI_CONFIG_PASSPHRASE: "",
      KEPT: kept,
    });
    expect(text).toContain("apiVersion: v1\n600\n[]\nunset\n");
    expect(existsSync(readFileSync(kept, "utf8").trim())).toBe(false);
    expect(
      comment('printenv KUBECONFIG || echo none; echo "$PULUMI_CONFIG_PASSPHRASE"', { PULUMI_CONFIG_PASSPHRASE: "x" })
        .text,
    ).toContain("none\nx\n");
  });
});
