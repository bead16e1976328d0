import * as pulumi from "@pulumi/pulumi";
import { kubeconfigPaths } from "../cluster/kubeconfig.ts";
import { dockerConfigFolder } from "../image/registry/login.ts";
import type { Configuration } from "./configuration.ts";
import { parseConfiguration } from "./parse.ts";

/**
 * Reads the configuration of the running stack: the only place that looks at Pulumi's settings and the environment.
 *
 * @throws ConfigurationError with every mistake in it.
 */
export function readConfiguration(): Configuration {
  const namespace = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  return parseConfiguration({
    stack: pulumi.getStack(),
    values: Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), value])),
    encryptedKeys: new Set(encryptedKeys().map((key) => key.slice(namespace.length))),
    machinePlatform: `linux/${process.arch === "arm64" ? "arm64" : "amd64"}`,
    kubeconfigPaths: kubeconfigPaths(process.env.KUBECONFIG),
    dockerConfig: dockerConfigFolder(process.env.DOCKER_CONFIG),
    allowed: (process.env.TODO_STACK_ALLOW ?? "").split(",").map((word) => word.trim()),
  });
}

/** The language host names the encrypted keys to the program in this variable: pulumi/pulumi, sdk/nodejs/runtime/config.ts. */
function encryptedKeys(): string[] {
  return JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS || "[]") as string[];
}
