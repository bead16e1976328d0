import { existsSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Machine } from "../support/machine.ts";
import { prepareState, replaceFile } from "./settings.ts";

/** How the last `up` of a stack deployed, so that `down` and the next `up` go the same way. */
export interface DeploymentRecord {
  readonly program: "pulumi" | "runner";
  readonly cluster: "minikube" | "existing" | "sandbox";
  /** The context in the committed stack file at that time. */
  readonly configuredContext: string;
}

/** What `up` made besides the deployment, so that `down --all` removes nothing that was there before. */
export interface MadeClusters {
  readonly minikubeProfiles: readonly string[];
}

const recordFile = (machine: Machine, stack: string): string => join(machine.state, `deployed.${stack}.json`);
const madeFile = (machine: Machine): string => join(machine.state, "clusters.json");

/** The record of a stack, `undefined` where it is not deployed. */
export function readRecord(machine: Machine, stack: string): Promise<DeploymentRecord | undefined> {
  return readJson<DeploymentRecord>(recordFile(machine, stack));
}

/** When that record was written, in milliseconds since 1970. */
export async function readRecordTime(machine: Machine, stack: string): Promise<number | undefined> {
  return (await stat(recordFile(machine, stack)).catch(() => undefined))?.mtimeMs;
}

/** Notes how a stack is about to be deployed. */
export async function writeRecord(machine: Machine, stack: string, record: DeploymentRecord): Promise<void> {
  await prepareState(machine);
  await replaceFile(recordFile(machine, stack), `${JSON.stringify(record)}\n`);
}

/** Forgets a deployment that is gone. */
export function removeRecord(machine: Machine, stack: string): Promise<void> {
  return rm(recordFile(machine, stack), { force: true });
}

/** The Minikube profiles that were made from this checkout. */
export async function readMadeProfiles(machine: Machine): Promise<readonly string[]> {
  return (await readJson<MadeClusters>(madeFile(machine)))?.minikubeProfiles ?? [];
}

/** Notes the Minikube profiles that were made from this checkout. */
export async function writeMadeProfiles(machine: Machine, profiles: readonly string[]): Promise<void> {
  await prepareState(machine);
  await replaceFile(madeFile(machine), `${JSON.stringify({ minikubeProfiles: [...new Set(profiles)] })}\n`);
}

async function readJson<T>(path: string): Promise<T | undefined> {
  return existsSync(path) ? (JSON.parse(await readFile(path, "utf8")) as T) : undefined;
}
