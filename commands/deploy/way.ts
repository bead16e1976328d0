import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { findTool, reachTool } from "../tools/install.ts";
import { reachDockerHub } from "../tools/reach.ts";
import { type DeploymentRecord, readRecord } from "./record.ts";
import type { StackSettings } from "./settings.ts";

/** What deploys, and onto what. */
export interface Way {
  /** The Pulumi CLI, or where it cannot be had, the runner of the sandbox. */
  readonly program: DeploymentRecord["program"];
  /** A Minikube that is started here, a cluster that somebody else runs, or the sandbox. */
  readonly cluster: DeploymentRecord["cluster"];
  /** The choice and its reason, in one line. */
  readonly line: string;
}

/**
 * Chooses between the official tools and the sandbox. `TODO_STACK_WAY=official|sandbox` forces it; what is deployed already
 * keeps its way until `down`.
 *
 * @throws UserError where production lacks the Pulumi CLI, or the environment variable is neither of its words.
 */
export async function decideWay(machine: Machine, settings: StackSettings): Promise<Way> {
  const forced = machine.env.TODO_STACK_WAY || undefined;
  if (forced !== undefined && forced !== "official" && forced !== "sandbox") {
    throw new UserError(`TODO_STACK_WAY is "${forced}"; it can be official or sandbox.`);
  }
  if (settings.production) return productionWay(machine, settings, forced);
  if (forced === "official") return { ...official(settings), line: "Official way, as TODO_STACK_WAY says." };
  if (forced === "sandbox") return forcedSandbox(machine);
  const record = await readRecord(machine, settings.stack);
  if (record?.configuredContext === settings.context) return kept(record);
  return freeChoice(machine, settings);
}

async function productionWay(machine: Machine, settings: StackSettings, forced: string | undefined): Promise<Way> {
  const pulumi = await pulumiCan(machine);
  if (!pulumi.ok && forced !== "official") {
    throw new UserError(
      `The stack "${settings.stack}" needs the Pulumi CLI: it is not on PATH, and ${pulumi.reason}.`,
      "Install it: https://www.pulumi.com/docs/install/   (a mirror of the downloads: TODO_STACK_DOWNLOADS=https://...)",
    );
  }
  return { program: "pulumi", cluster: "existing", line: `Production: the cluster of context "${settings.context}".` };
}

async function forcedSandbox(machine: Machine): Promise<Way> {
  const present = (await findTool(machine, "pulumi")) !== undefined;
  return { program: present ? "pulumi" : "runner", cluster: "sandbox", line: "Sandbox, as TODO_STACK_WAY says." };
}

function kept({ program, cluster }: DeploymentRecord): Way {
  const names = {
    minikube: "Minikube",
    existing: "the cluster of the stack's context",
    sandbox: "the sandbox cluster",
  };
  const by = program === "pulumi" ? "the Pulumi CLI" : "the sandbox's runner";
  return { program, cluster, line: `As in the last run: ${names[cluster]}, deployed by ${by}.` };
}

async function freeChoice(machine: Machine, settings: StackSettings): Promise<Way> {
  const [pulumi, minikube] = await Promise.all([pulumiCan(machine), minikubeCan(machine, settings)]);
  const { cluster } = official(settings);
  if (pulumi.ok && (cluster === "existing" || minikube.ok)) {
    const where = cluster === "existing" ? `the cluster of context "${settings.context}"` : "Minikube";
    return { program: "pulumi", cluster, line: `Official way: the Pulumi CLI and ${where}.` };
  }
  if (cluster === "existing") return { program: "runner", cluster, line: `Without the Pulumi CLI (${pulumi.reason}).` };
  const missing = pulumi.ok ? minikube.reason : minikube.ok ? pulumi.reason : bothMissing;
  const line = `Sandbox: ${missing} from here; using a sandbox cluster built from package registries.`;
  return { program: pulumi.ok ? "pulumi" : "runner", cluster: "sandbox", line };
}

const bothMissing = "the Pulumi and Minikube downloads are not reachable";

function official(settings: StackSettings): Pick<Way, "program" | "cluster"> {
  if (settings.target === "sandbox") return { program: "pulumi", cluster: "sandbox" };
  const minikube =
    settings.target === "minikube" || (settings.target === "auto" && settings.context.includes("minikube"));
  return { program: "pulumi", cluster: minikube ? "minikube" : "existing" };
}

/** Whether something can be had, and if not, why. */
interface Can {
  readonly ok: boolean;
  readonly reason: string;
}

async function pulumiCan(machine: Machine): Promise<Can> {
  if ((await findTool(machine, "pulumi")) !== undefined) return { ok: true, reason: "" };
  const { ok } = await reachTool(machine, "pulumi");
  return { ok, reason: "the Pulumi download is not reachable" };
}

/** A profile that is there has its images; a new one pulls Minikube's and ours from the internet. */
async function minikubeCan(machine: Machine, settings: StackSettings): Promise<Can> {
  const found = (await findTool(machine, "minikube")) !== undefined;
  if (found && hasProfile(machine, settings.context)) return { ok: true, reason: "" };
  const [tool, hub] = await Promise.all([found || reachTool(machine, "minikube"), reachDockerHub(machine)]);
  if (tool !== true && !tool.ok) return { ok: false, reason: "the Minikube download is not reachable" };
  return { ok: hub.ok, reason: "Docker Hub, which Minikube needs, is not reachable" };
}

/** Whether Minikube knows a profile; its folder is `$MINIKUBE_HOME/.minikube` or `~/.minikube`. */
export function hasProfile({ env }: Machine, profile: string): boolean {
  const home = env.MINIKUBE_HOME || env.HOME || homedir();
  const folder = home.endsWith(".minikube") ? home : join(home, ".minikube");
  return existsSync(join(folder, "profiles", profile, "config.json"));
}
