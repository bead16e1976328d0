import { ask } from "./ask/ask.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run ask -- [options] "why does the backend restart?"

Asks a model about the deployment, by kubectl-ai. The model gets the question and the facts of the namespace with secrets
masked, can read what runs there, and can neither change anything nor read Secrets. It says first where that goes. Without
kubectl-ai or a provider's key it prints how the same is found out by hand, and ends with 0.

  --show           prints all that would be sent, and sends nothing
  --install        brings kubectl-ai at its pinned version, by the checksum that its release publishes
  --provider NAME  gemini, openai, azopenai, grok, bedrock, ollama or llamacpp; default: the first whose key is set
  --model NAME     the model; default: the provider's usual one
  --stack NAME     the stack, default local

Keys come from the environment and are stored nowhere: GEMINI_API_KEY, OPENAI_API_KEY with OPENAI_ENDPOINT, ... A server of
your own that speaks OpenAI's protocol: OPENAI_API_KEY=none OPENAI_ENDPOINT=http://127.0.0.1:8080/v1. docs/ai-operations.md`;

await main(usage, ask);
