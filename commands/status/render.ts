import { styleText } from "node:util";
import { roughly } from "../support/duration.ts";
import type { StackStatus } from "./collect.ts";
import { type JobStatus, ranWell } from "./jobs.ts";
import { isWell, type PodStatus, type ServiceStatus } from "./services.ts";

const clusterKinds: Readonly<Record<string, string>> = {
  minikube: "Minikube",
  sandbox: "sandbox",
  existing: "a cluster that others run",
};

/** One screen for people. */
export function renderStatus(status: StackStatus, colours: boolean, now: number = Date.now()): string[] {
  const paint = (style: "green" | "red" | "yellow", text: string): string =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const { stack, healthy, cluster, release, services, jobs, page } = status;
  return [
    `Stack "${stack}" is ${healthy ? paint("green", "healthy") : paint("red", "not healthy")}.`,
    "",
    `Cluster   ${cluster.context} (${clusterKinds[cluster.kind] ?? cluster.kind}), namespace ${cluster.namespace}`,
    `Release   ${release === undefined ? paint("red", "none") : tellRelease(release, now)}`,
    `Page      ${page.url}   ${page.problem === undefined ? "answers" : paint("red", page.problem)}`,
    `Sources   ${tellSources(status)}`,
    "",
    ...tableOf([["SERVICE", "READY", "UPDATED", "RESTARTS", "IMAGE"], ...services.map((service) => rowOf(service))]),
    ...services.flatMap((service) => podLines(service, (text) => paint("yellow", text))),
    ...jobLines(jobs, now, (text) => paint("red", text)),
    ...(healthy ? [] : ["", `Why, and what to do: npm run diagnose${stack === "local" ? "" : ` -- --stack ${stack}`}`]),
  ];
}

function tellRelease({ name, revision, status, since }: NonNullable<StackStatus["release"]>, now: number): string {
  return `${name}, revision ${revision}, ${status} ${roughly(now - Date.parse(since))} ago`;
}

function tellSources({ edited, stack }: StackStatus): string {
  if (edited === undefined) return "not compared";
  if (edited.length === 0) return "are what runs";
  const names = edited.map(({ service, sources }) => `${service} (${sources})`).join(", ");
  return `differ from what runs: ${names}. Deploy them: npm run up${stack === "local" ? "" : ` -- --stack ${stack}`}`;
}

function rowOf({ service, desired, ready, updated, restarts, image }: ServiceStatus): string[] {
  return [service, `${ready}/${desired}`, `${updated}/${desired}`, String(restarts), image];
}

/** Pods are named where they are not what one expects. */
function podLines(service: ServiceStatus, paint: (text: string) => string): string[] {
  const odd = service.pods.filter(({ state, restarts }: PodStatus) => state !== "Ready" || restarts > 0);
  if (isWell(service) && odd.length === 0) return [];
  return odd.map(({ name, state, restarts }) => {
    const again = restarts === 0 ? "" : `, started again ${restarts} ${restarts === 1 ? "time" : "times"}`;
    return `  ${name}: ${state === "Ready" ? state : paint(state)}${again}`;
  });
}

/** Scheduled jobs, each with its newest run. */
function jobLines(jobs: readonly JobStatus[], now: number, paint: (text: string) => string): string[] {
  if (jobs.length === 0) return [];
  const rows = jobs.map((job) => {
    const { service, schedule, last, since, suspended } = job;
    const ago = since === undefined ? "" : ` ${roughly(now - Date.parse(since))} ago`;
    const run = last === "none" ? "none yet" : `${ranWell(job) ? last : paint(last)}${ago}`;
    return [service, suspended ? `${schedule} (suspended)` : schedule, run];
  });
  return ["", ...tableOf([["SCHEDULED", "SCHEDULE", "LAST RUN"], ...rows])];
}

/** Columns as wide as their widest cell. */
function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
