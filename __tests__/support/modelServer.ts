import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** What the stand-in for a model says next: words, or a command that it wants a tool to run. */
export type Turn = { readonly text: string } | { readonly tool: string; readonly command: string };

/** A request as it was made: https://platform.openai.com/docs/api-reference/chat */
export interface ChatRequest {
  readonly authorization: string | undefined;
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
}

/** A stand-in for a model, which speaks OpenAI's protocol on this machine and follows a script. */
export class ModelServer {
  readonly requests: ChatRequest[] = [];
  private script: Turn[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async start(): Promise<ModelServer> {
    const stand = new ModelServer();
    await new Promise<void>((resolve) => stand.server.listen(0, "127.0.0.1", resolve));
    stand.server.unref();
    return stand;
  }

  /** The address that clients are given. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** What it will say, one after the other; the last words again and again. */
  follow(script: readonly Turn[]): void {
    this.requests.length = 0;
    this.script = [...script];
  }

  /** All that it was told, as text. */
  heard(): string {
    return JSON.stringify(this.requests.map(({ messages }) => messages));
  }

  /** What the tools came to, in the last request. */
  toolResults(): string[] {
    const results = (this.requests.at(-1)?.messages ?? []).filter(({ role }) => role === "tool");
    return results.map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await json(request)) as ChatRequest;
    this.requests.push({ ...body, authorization: request.headers.authorization });
    const turn = (this.script.length > 1 ? this.script.shift() : this.script[0]) ?? { text: "" };
    const [message, reason] = messageOf(turn, this.requests.length);
    const common = { id: "chatcmpl-1", created: 0, model: body.model };
    if (body.stream !== true) {
      response.setHeader("content-type", "application/json");
      const choice = { index: 0, message: { role: "assistant", ...message }, finish_reason: reason };
      response.end(JSON.stringify({ ...common, object: "chat.completion", choices: [choice] }));
      return;
    }
    response.setHeader("content-type", "text/event-stream");
    const say = (delta: object, finish: string | null): void => {
      const choices = [{ index: 0, delta, finish_reason: finish }];
      response.write(`data: ${JSON.stringify({ ...common, object: "chat.completion.chunk", choices })}\n\n`);
    };
    say({ role: "assistant", ...message }, null);
    say({}, reason);
    response.end("data: [DONE]\n\n");
  }
}

function messageOf(turn: Turn, number: number): [object, string] {
  if ("text" in turn) return [{ content: turn.text }, "stop"];
  const args = JSON.stringify({ command: turn.command, modifies_resource: "no" });
  const call = { index: 0, id: `call_${number}`, type: "function", function: { name: turn.tool, arguments: args } };
  return [{ content: null, tool_calls: [call] }, "tool_calls"];
}
