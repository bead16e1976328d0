import { ClusterApi } from "../../components/cluster/api.ts";
import { guardCluster } from "../../components/cluster/guard.ts";
import { findContext } from "../../components/cluster/kubeconfig.ts";
import type { LocalConfiguration } from "../../components/configuration/configuration.ts";
import { buildCommand } from "../../components/image/buildCommand.ts";
import { lastLines } from "../../components/image/buildFailure.ts";
import type { ImagePlan } from "../../components/image/plan.ts";
import { LayerPush } from "../../components/node/delta/push.ts";
import { askAhead, ensureOnNodes } from "../../components/node/presence.ts";
import { type CommandRunner, commandsIn } from "../../components/node/process.ts";
import { nodeTarget } from "../../components/node/target.ts";
import { addRevision, readRevisions } from "../../components/release/history.ts";
import { type Deployment, deploymentPath, imagePatch, waitForRollout } from "../../rollout/deployment.ts";
import { podsOf } from "../../rollout/pods.ts";
import { watchRollout } from "../../rollout/watch.ts";
import { UserError } from "../support/errors.ts";
import { type Company, keepCompany } from "./company.ts";

/** One image to be deployed. */
export interface Edit {
  /** The component, such as `backend`. */
  readonly service: string;
  readonly plan: ImagePlan;
  /** The tag that runs. */
  readonly from: string;
  /** The tag that the sources ask for. */
  readonly to: string;
}

/** The seconds that the parts of one deployment took. */
export interface Took {
  readonly build: number;
  readonly send: number;
  readonly rollout: number;
}

/**
 * The short way of an edited image into the cluster: build, send, set the image, and tell Helm of it. It is made of the
 * functions that the program is made of, and starts no engine; what it leaves, the next `up` takes for its own.
 */
export class Lane {
  private readonly configuration: LocalConfiguration;
  private readonly api: ClusterApi;
  private readonly run: CommandRunner;

  private constructor(configuration: LocalConfiguration, api: ClusterApi, run: CommandRunner) {
    this.configuration = configuration;
    this.api = api;
    this.run = run;
  }

  /**
   * Opens the lane to a stack's cluster.
   *
   * @throws Error where the context is unknown or does not lead to a cluster on this machine.
   */
  static async open(configuration: LocalConfiguration, env: NodeJS.ProcessEnv): Promise<Lane> {
    const { context, kubeconfigPaths } = configuration;
    guardCluster(configuration, findContext(kubeconfigPaths, context), false);
    const api = await ClusterApi.named(kubeconfigPaths, context);
    return new Lane(configuration, api, commandsIn({ ...env, DOCKER_BUILDKIT: "1" }));
  }

  /** Shows what the services write and where their pods stand, for as long as the process lives. */
  keepCompany(company: Company): Promise<void> {
    return keepCompany(this.api, this.configuration, company, new AbortController().signal);
  }

  /** Has the engine compress the layers of what runs, so that the first edit does not wait for it. */
  async prime({ name, tag }: ImagePlan): Promise<void> {
    const reference = `${name}:${tag}`;
    const id = await this.run.output(["docker", "image", "inspect", "--format", "{{.Id}}", reference]);
    const push = new LayerPush(reference, this.run);
    await push.prime(id.trim()).finally(() => push.close());
  }

  /**
   * Deploys one edited image. What served before serves on where anything fails, and is what the Deployment asks for again.
   *
   * @throws UserError with the words of the build, or with what keeps the new pods from serving.
   */
  async deploy(edit: Edit): Promise<Took> {
    const begun = performance.now();
    const reference = `${edit.plan.name}:${edit.to}`;
    const target = nodeTarget(this.configuration);
    const ahead = askAhead(target, reference).catch(() => undefined);
    await this.build(edit.plan, reference);
    const built = performance.now();
    await ahead;
    await ensureOnNodes(target, reference);
    const sent = performance.now();
    await this.roll(edit, reference);
    const rolled = performance.now();
    return { build: (built - begun) / 1000, send: (sent - built) / 1000, rollout: (rolled - sent) / 1000 };
  }

  /** Tells Helm what runs now: its history is true, and nothing of it looks as if changed by hand. */
  async record(edits: readonly Edit[]): Promise<void> {
    if (edits.length === 0) return;
    const last = (await readRevisions(this.api, this.configuration)).at(-1);
    if (last?.status !== "deployed") return;
    await addRevision(this.api, this.configuration, last, (json) =>
      edits.reduce((text, { from, to }) => text.replaceAll(from, to), json),
    );
  }

  private async build({ source }: ImagePlan, reference: string): Promise<void> {
    try {
      await this.run.output(buildCommand(source, reference));
    } catch (error) {
      throw new UserError(`The image ${reference} was not built:\n${lastLines(error as Error)}`);
    }
  }

  private async roll({ service, plan, from }: Edit, reference: string): Promise<void> {
    const { namespace, releaseName } = this.configuration;
    const name = `${releaseName}-${service}`;
    const path = deploymentPath(namespace, name);
    const deployment = await this.api.get<Deployment>(path);
    if (deployment === undefined) throw new UserError(`There is no Deployment ${name}.`, "npm run up");
    const set = (image: string) => this.api.mergeByName(path, imagePatch(deployment, service, image));
    const failure = new AbortController();
    const watch = await watchRollout(podsOf(this.api, namespace, releaseName), {
      report: (problem) => failure.abort(new UserError(`The new ${service} does not serve:\n${problem}`)),
    });
    await set(reference);
    const timeout = AbortSignal.timeout(this.configuration.timeoutSeconds * 1000);
    try {
      await waitForRollout(this.api, { namespace, name }, AbortSignal.any([failure.signal, timeout]));
      await watch.stop();
    } catch (error) {
      const seen = await watch.stop();
      await set(`${plan.name}:${from}`);
      if (failure.signal.aborted) throw failure.signal.reason;
      throw timeout.aborted ? new UserError(`The new ${service} did not roll out in time.\n${seen}`) : error;
    }
  }
}
