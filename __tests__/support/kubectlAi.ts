import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

/** A tool call of a model: https://platform.openai.com/docs/guides/function-calling */
interface ToolCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

interface Message {
  readonly role: string;
  readonly content?: string | null;
  readonly tool_calls?: readonly ToolCall[];
}

const execute = promisify(execFile);

/**
 * A stand-in for kubectl-ai where that is not to be had: the question by standard input, OpenAI's protocol, each command as
 * `bash -c` by the first bash on PATH, as in its pkg/tools. It has none of kubectl-ai's own checks, and one tool that goes past the
 * gate: what holds it is what the command under test makes around it.
 */
export function installStandIn(folder: string, version: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "kubectl-ai");
  const start = `'${process.execPath}' --disable-warning=ExperimentalWarning '${import.meta.filename}'`;
  writeFileSync(path, `#!/bin/sh\n[ "$1" = version ] && { echo "version: ${version}"; exit; }\nexec ${start} "$@"\n`);
  chmodSync(path, 0o755);
}

async function converse(args: readonly string[]): Promise<void> {
  const option = (name: string): string => args[args.indexOf(name) + 1] ?? "";
  const env = { ...process.env, KUBECONFIG: option("--kubeconfig") };
  const messages: object[] = [{ role: "user", content: await text(process.stdin) }];
  for (;;) {
    const { content, tool_calls: calls = [] } = await complete(option("--model"), messages);
    messages.push({ role: "assistant", content, tool_calls: calls });
    if (content) console.log(content);
    if (calls.length === 0) return;
    for (const call of calls) {
      messages.push({ role: "tool", tool_call_id: call.id, content: JSON.stringify(await runTool(call, env)) });
    }
  }
}

async function complete(model: string, messages: readonly object[]): Promise<Message> {
  const response = await fetch(`${process.env.OPENAI_ENDPOINT}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.OPENAI_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages }),
  });
  const { choices } = (await response.json()) as { choices: { message: Message }[] };
  return choices[0]?.message ?? { role: "assistant" };
}

/** What a command came to; a failure is told to the model as well. */
function runTool({ function: { name, arguments: given } }: ToolCall, env: NodeJS.ProcessEnv): Promise<unknown> {
  const { command } = JSON.parse(given) as { command: string };
  const [program = "", ...words] = name === "past-the-gate" ? command.split(" ") : ["bash", "-c", command];
  return execute(program, words, { env }).catch((error: unknown) => error);
}

if (process.argv[1] === import.meta.filename) await converse(process.argv.slice(2));
