import { parseArgs } from "node:util";
import type { StackSettings } from "../deploy/settings.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { catalog } from "../tools/catalog.ts";
import { ensureTool, findTool } from "../tools/install.ts";
import { type CollectFacts, collectFacts } from "./facts.ts";
import { manualWay } from "./manual.ts";
import { makeMasks, readSecrets } from "./mask.ts";
import { findPlace } from "./place.ts";
import { promptOf } from "./prompt.ts";
import { type ChosenProvider, chooseProvider, providers } from "./providers.ts";
import { send } from "./send.ts";

/**
 * `npm run ask`: a question about the deployment, answered by a model that can read and do nothing else. Without kubectl-ai or
 * a provider's key it says how the same is found out by hand.
 */
export async function ask(
  args: readonly string[],
  machine: Machine,
  collect: CollectFacts = collectFacts,
): Promise<number> {
  const { question, values } = parse(args);
  if (values.install) {
    const path = await ensureTool(machine, "kubectl-ai");
    machine.log(`kubectl-ai ${catalog["kubectl-ai"].version}: ${path}`);
    if (question === "") return 0;
  }
  if (question === "") throw new UserError("There is no question.", 'npm run ask -- "why does the backend restart?"');
  const chosen = chooseProvider(machine.env, values);
  const program = await findKubectlAi(machine);
  const place = await findPlace(machine, values.stack);
  const sends = values.show || (chosen !== undefined && program !== undefined);
  if (!sends) return tell(machine, manualWay(place, lacking(chosen, program)));
  const secrets = await reached(place.settings, readSecrets(place.api, place.settings.namespace));
  const masks = makeMasks(secrets ?? []);
  const facts = masks.everywhere(await reached(place.settings, collect(machine, values.stack)));
  const prompt = promptOf({ question: masks.inText(question), settings: place.settings, facts });
  if (values.show)
    return tell(machine, [prompt, "Nothing was sent; this is what would be, beside kubectl-ai's own instructions."]);
  if (chosen === undefined || program === undefined) throw new Error("what lacks was told already");
  for (const line of announcement(chosen, place.settings, facts, secrets !== undefined)) machine.log(line);
  await send(machine, { place, chosen, program, prompt, masks });
  return tell(machine, ["Judge it before you act on it: docs/ai-operations.md says what to check."]);
}

function parse(args: readonly string[]) {
  const options = {
    stack: { type: "string", short: "s", default: "local" },
    show: { type: "boolean", default: false },
    install: { type: "boolean", default: false },
    provider: { type: "string" },
    model: { type: "string" },
  } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  return { question: positionals.join(" ").trim(), values };
}

/** Its version is asked without any key in reach: another program of that name would take the word for a question. */
function findKubectlAi(machine: Machine): Promise<string | undefined> {
  const { PATH, HOME } = machine.env;
  return findTool({ ...machine, env: { PATH, HOME } }, "kubectl-ai");
}

function lacking(chosen: ChosenProvider | undefined, program: string | undefined): string[] {
  const { version } = catalog["kubectl-ai"];
  const keys = providers.map(({ id, needs }) => `${needs.join(" and ")} (${id})`).join(", ");
  return [
    ...(program === undefined
      ? [`There is no kubectl-ai ${version} here; bring it with: npm run ask -- --install`]
      : []),
    ...(chosen === undefined ? [`No model is set up; one of these says which: ${keys}`] : []),
  ];
}

function tell({ log }: Machine, lines: readonly string[]): number {
  for (const line of lines) log(line);
  return 0;
}

async function reached<T>({ context }: StackSettings, asked: Promise<T>): Promise<T> {
  return asked.catch((error: Error) => {
    throw new UserError(
      `The cluster of context "${context}" cannot be asked: ${error.message}`,
      "Nothing was sent. See: npm run diagnose",
    );
  });
}

function announcement(
  { provider, model, address }: ChosenProvider,
  { namespace }: StackSettings,
  facts: string,
  known: boolean,
): string[] {
  const size = `${(Buffer.byteLength(facts) / 1000).toFixed(1)} kB`;
  const line =
    `To ${provider.id} (${model}, ${address}) go your question, ${size} of facts about the namespace ${namespace}, and what ` +
    "the model reads there by kubectl; secrets are masked. See it first: npm run ask -- --show ...";
  return known ? [line] : [line, "You may not read the Secrets of the namespace: they are masked by their form alone."];
}
