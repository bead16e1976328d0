import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ApiServer } from "../../support/apiServer.ts";
import type { TestMachine } from "./machine.ts";

/** Puts a stack on a test machine as its last `up` would have left it, on the cluster that a stand-in is. */
export function deployOn(on: TestMachine, server: ApiServer, stack = "local"): void {
  const context = stack === "local" ? "minikube" : "far-away";
  const write = (path: string, content: unknown): void => {
    mkdirSync(dirname(join(on.folder, path)), { recursive: true });
    writeFileSync(join(on.folder, path), JSON.stringify(content));
  };
  write("kubeconfig", {
    contexts: [{ name: context, context: { cluster: "stand-in" } }],
    clusters: [{ name: "stand-in", cluster: { server: server.url } }],
  });
  on.machine.env.KUBECONFIG = join(on.folder, "kubeconfig");
  if (stack === "local") {
    write("checkout/.state/deployed.local.json", {
      program: "runner",
      cluster: "existing",
      configuredContext: context,
    });
  }
}

/** The labels of one part of the release. */
export const labelsOf = (component: string) => ({ "app.kubernetes.io/component": component });
