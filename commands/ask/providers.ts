import { UserError } from "../support/errors.ts";

/** Where kubectl-ai gets its answers, by the environment variables that it reads itself. */
export interface Provider {
  /** Its name for `--llm-provider`. */
  readonly id: string;
  /** The variables without which it cannot be asked. */
  readonly needs: readonly string[];
  /** Other variables that it reads. */
  readonly reads: readonly string[];
  /** The model where none is named; absent where there is no usual one. */
  readonly model?: (env: NodeJS.ProcessEnv) => string;
  /** Where a question goes. */
  readonly address: (env: NodeJS.ProcessEnv) => string;
}

/** Who is asked, and what for. */
export interface ChosenProvider {
  readonly provider: Provider;
  readonly model: string;
  /** Where the question goes, without what may be secret in an address. */
  readonly address: string;
}

/** kubectl-ai's providers, in the order in which their keys are looked for: its gollm/ folder has their variables. */
export const providers: readonly Provider[] = [
  {
    id: "gemini",
    needs: ["GEMINI_API_KEY"],
    reads: [],
    // kubectl-ai's own default: cmd/main.go.
    model: () => "gemini-2.5-pro",
    address: () => "https://generativelanguage.googleapis.com",
  },
  {
    id: "openai",
    needs: ["OPENAI_API_KEY"],
    reads: ["OPENAI_ENDPOINT", "OPENAI_API_BASE", "OPENAI_MODEL", "OPENAI_USE_RESPONSES_API"],
    // gollm/openai.go
    model: (env) => env.OPENAI_MODEL || "gpt-4.1",
    address: (env) => env.OPENAI_ENDPOINT || env.OPENAI_API_BASE || "https://api.openai.com/v1",
  },
  {
    id: "azopenai",
    needs: ["AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY"],
    reads: [],
    address: (env) => env.AZURE_OPENAI_ENDPOINT ?? "",
  },
  {
    id: "grok",
    needs: ["GROK_API_KEY"],
    reads: ["GROK_ENDPOINT"],
    address: (env) => env.GROK_ENDPOINT || "https://api.x.ai/v1",
  },
  {
    id: "bedrock",
    needs: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    reads: ["AWS_SESSION_TOKEN", "AWS_REGION", "BEDROCK_MODEL"],
    // gollm/bedrock.go
    model: (env) => env.BEDROCK_MODEL || "us.anthropic.claude-sonnet-4-20250514-v1:0",
    address: (env) => `AWS Bedrock${env.AWS_REGION ? `, ${env.AWS_REGION}` : ""}`,
  },
  { id: "ollama", needs: ["OLLAMA_HOST"], reads: [], address: (env) => env.OLLAMA_HOST ?? "" },
  { id: "llamacpp", needs: ["LLAMACPP_HOST"], reads: [], address: (env) => env.LLAMACPP_HOST ?? "" },
];

/** What every provider's client reads: proxies and certificate authorities. */
const connections = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/** The terminal's own, by which output is drawn. */
const terminal = ["TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "COLUMNS"];

/**
 * The provider that a person names, or the first whose variables are set.
 *
 * @returns `undefined` where none is named and none is set up.
 * @throws UserError where the named one is unknown or not set up, or no model is named where there is no usual one.
 */
export function chooseProvider(
  env: NodeJS.ProcessEnv,
  wanted: { readonly provider?: string | undefined; readonly model?: string | undefined },
): ChosenProvider | undefined {
  const provider = wanted.provider === undefined ? providers.find((one) => isSetUp(one, env)) : named(wanted.provider);
  if (provider === undefined) return undefined;
  const missing = provider.needs.filter((name) => !env[name]);
  if (missing.length > 0)
    throw new UserError(
      `The provider ${provider.id} needs ${missing.join(" and ")} in the environment.`,
      `Set it for this shell alone, not in a file: read -rs ${missing[0]} && export ${missing[0]}`,
    );
  const model = wanted.model ?? provider.model?.(env);
  if (model === undefined)
    throw new UserError(
      `The provider ${provider.id} has no usual model.`,
      `Name one: npm run ask -- --provider ${provider.id} --model NAME "..."`,
    );
  return { provider, model, address: withoutLogin(provider.address(env)) };
}

/** What kubectl-ai gets of the environment: its provider's variables, and none of another program's keys. */
export function providerEnvironment({ provider }: ChosenProvider, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const lower = connections.map((name) => name.toLowerCase());
  const names = [...provider.needs, ...provider.reads, ...connections, ...lower, ...terminal];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

const isSetUp = ({ needs }: Provider, env: NodeJS.ProcessEnv): boolean => needs.every((name) => env[name]);

function named(id: string): Provider {
  const found = providers.find((provider) => provider.id === id);
  if (found !== undefined) return found;
  throw new UserError(`There is no provider "${id}".`, `These are there: ${providers.map((one) => one.id).join(", ")}`);
}

const withoutLogin = (address: string): string => address.replace(/\/\/[^/@]*@/, "//");
