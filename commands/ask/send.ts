import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Masks } from "../diagnose/mask.ts";
import { UserError } from "../support/errors.ts";
import { withCleanup } from "../support/interrupt.ts";
import type { Machine } from "../support/machine.ts";
import { ensureTool } from "../tools/install.ts";
import { openGate } from "./gate.ts";
import { type AskOptions, askKubectlAi } from "./kubectlAi.ts";
import type { Place } from "./place.ts";
import { againAfter } from "./prompt.ts";
import type { ChosenProvider } from "./providers.ts";
import {
  accountName,
  makeReadingAccount,
  readingKubeconfig,
  removeLeftovers,
  removeReadingAccount,
} from "./readingAccount.ts";

/** A question that is ready to be sent. */
export interface Question {
  readonly place: Place;
  readonly chosen: ChosenProvider;
  /** kubectl-ai. */
  readonly program: string;
  readonly prompt: string;
  readonly masks: Masks;
}

/** How often a model is asked that goes on wanting more than to read. */
const attempts = 3;

/**
 * Sends a question with an account made for it, which is removed however this ends.
 *
 * @throws UserError where there is no answer.
 */
export async function send(machine: Machine, question: Question): Promise<void> {
  const { api, context, settings } = question.place;
  const { namespace } = settings;
  const kubectl = await ensureTool(machine, "kubectl");
  const folder = await mkdtemp(join(tmpdir(), "todo-stack-ask-"));
  const name = accountName();
  const cleanUp = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    await removeReadingAccount(api, namespace, name);
  };
  await withCleanup(async () => {
    await mkdir(join(folder, "bin"));
    await removeLeftovers(api, namespace);
    const account = await makeReadingAccount(api, namespace, name);
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, await readingKubeconfig(context, namespace, account), { mode: 0o600 });
    const refused = (command: string): void => machine.log(`Refused, because only reading is allowed: ${command}`);
    const gate = await openGate({ kubectl, kubeconfig, folder, masks: question.masks, refused });
    // kubectl-ai colours what it says wherever that goes.
    const print = (line: string): void => machine.log(machine.colours ? line : stripVTControlCharacters(line));
    try {
      await converse(machine, { ...question, kubeconfig, path: gate.path, folder, env: machine.env, print });
    } finally {
      gate.close();
    }
  }, cleanUp);
}

/** kubectl-ai ends at a command of which it cannot tell that it only reads; then the model is told so, and asked again. */
async function converse(machine: Machine, options: AskOptions): Promise<void> {
  let prompt = options.prompt;
  for (let attempt = 1; ; attempt++) {
    const { code, stoppedAt } = await askKubectlAi({ ...options, prompt });
    if (code === 0) return;
    for (const command of stoppedAt) machine.log(`Refused, because only reading is allowed: ${command}`);
    if (stoppedAt.length === 0) throw new UserError(`kubectl-ai ended with exit code ${code}.`, failed);
    if (attempt === attempts) throw new UserError("The model does not stop at reading. Nothing was changed.", byHand);
    prompt = againAfter(options.prompt, stoppedAt);
  }
}

const byHand = "By hand: npm run diagnose";
const failed = `It says why above: a wrong key or model, or no answer. ${byHand}`;
