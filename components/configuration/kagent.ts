import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { KagentConfiguration } from "./configuration.ts";
import { type Problem, setCommand, setSecretCommand } from "./problems.ts";

/** The providers of kagent's chart that this program sets up, by the chart's own names. */
export const kagentProviders = ["openAI", "anthropic", "gemini", "ollama"] as const;

/** kagent's own namespace. */
export const kagentNamespace = "kagent";

/** `pulumi config set --path` writes a boolean or its word. */
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")]);

/** The key `kagent`. */
export const kagentSchema = z.strictObject({
  enabled: flag.default(false).describe("Whether it is there"),
  provider: z.enum(kagentProviders).default("openAI"),
  model: z.string().min(1, "must not be empty").optional(),
  endpoint: z.url({ protocol: /^https?$/, message: "must look like http://ollama.example.com:11434" }).optional(),
});

/** What is asked of the keys about kagent. */
interface KagentKeys {
  readonly kagent: z.infer<typeof kagentSchema>;
  readonly kagentApiKey?: string | undefined;
  readonly namespace: string;
}

/** What is wrong with them; nothing, where kagent is off. */
export function kagentProblems({ kagent, kagentApiKey, namespace }: KagentKeys, stack: string): Problem[] {
  const { enabled, provider, endpoint } = kagent;
  if (!enabled) return [];
  const problems: Problem[] = [];
  if (provider !== "ollama" && kagentApiKey === undefined) {
    const message = `is missing: the key of ${provider}, because kagent.enabled is true`;
    problems.push({ key: "kagentApiKey", message, remedy: setSecretCommand(stack, "kagentApiKey") });
  }
  if (provider === "ollama" && endpoint === undefined) {
    const remedy = setCommand(stack, "--path kagent.endpoint", "http://ollama.example.com:11434");
    problems.push({ key: "kagent", message: "endpoint: is missing, Ollama's address as pods reach it", remedy });
  }
  if (provider === "gemini" && endpoint !== undefined) {
    const remedy = `pulumi config rm --stack ${stack} --path kagent.endpoint`;
    problems.push({ key: "kagent", message: "endpoint: kagent has none for gemini", remedy });
  }
  if (namespace === kagentNamespace) {
    const message = `is ${kagentNamespace}, which is kagent's own`;
    problems.push({ key: "namespace", message, remedy: setCommand(stack, "namespace", "todo") });
  }
  return problems;
}

/** kagent as it is wanted; `undefined` where it is off. */
export function kagentOf({ kagent, kagentApiKey }: KagentKeys): KagentConfiguration | undefined {
  const { enabled, provider, model, endpoint } = kagent;
  if (!enabled) return undefined;
  return {
    provider,
    ...(model === undefined ? {} : { model }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(kagentApiKey === undefined || provider === "ollama" ? {} : { apiKey: pulumi.secret(kagentApiKey) }),
  };
}
