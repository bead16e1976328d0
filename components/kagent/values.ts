import type { Output } from "@pulumi/pulumi";
import type { ChartValues, KagentConfiguration } from "../configuration/configuration.ts";
import { kagentNamespace } from "../configuration/kagent.ts";

/** The agents that come with the chart. All can change what they look after; ours cannot. */
const bundledAgents = [
  "k8s-agent",
  "kgateway-agent",
  "istio-agent",
  "promql-agent",
  "observability-agent",
  "argo-rollouts-agent",
  "helm-agent",
  "cilium-policy-agent",
  "cilium-manager-agent",
  "cilium-debug-agent",
] as const;

/** Servers of other tools, which nothing here uses. */
const unusedServers = ["kmcp", "grafana-mcp", "querydoc"] as const;

/**
 * The values of kagent's chart: helm/kagent/values.yaml of its repository.
 *
 * @param keySecret - The name of the Secret with the provider's key, under the name that the chart expects; absent for Ollama.
 */
export function kagentValues(kagent: KagentConfiguration, keySecret: Output<string> | undefined): ChartValues {
  const { provider, model, endpoint } = kagent;
  const config = endpoint === undefined ? {} : { config: { [provider === "ollama" ? "host" : "baseUrl"]: endpoint } };
  const off = [...bundledAgents, ...unusedServers].map((name) => [name, { enabled: false }] as const);
  return {
    ...Object.fromEntries(off),
    providers: {
      default: provider,
      [provider]: {
        ...(model === undefined ? {} : { model }),
        ...config,
        ...(keySecret === undefined ? {} : { apiKeySecretRef: keySecret }),
      },
    },
    // The controller, which makes the pods of agents, is held to its own namespace.
    rbac: { namespaces: [kagentNamespace] },
    "kagent-tools": {
      // Without --read-only the server offers tools that write; without create: false its account is an administrator's.
      tools: { enabledTools: ["k8s"], args: ["--read-only"], loglevel: "info" },
      rbac: { create: false },
    },
  };
}

/** The entry of the Secret, by the chart's own names. */
export const keyNames: Readonly<Record<KagentConfiguration["provider"], string>> = {
  openAI: "OPENAI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
  gemini: "GOOGLE_API_KEY",
  ollama: "",
};
