import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment } from "./deployment.ts";

/** The port that a probe listens on. */
export const probePort = 8000;

/** A pod of the suites' own that listens, and tries connections. */
export interface Probe {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether Services may lead to it; a probe that borrows a component's labels must not take its requests. */
  readonly ready?: boolean;
}

/** A host and its port. */
export type Target = readonly [host: string, port: number];

/** Applies objects of a namespace. */
export async function applyObjects(on: Deployment, namespace: string, items: readonly unknown[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "todo-stack-objects-"));
  const file = join(folder, "objects.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await on
    .kubectl("--namespace", namespace, "apply", "--filename", file)
    .finally(() => rmSync(folder, { recursive: true }));
}

/** A probe as a Kubernetes object; it keeps the restricted standard and runs the backend's Python. */
export function probePod({ namespace, name, labels = {}, ready = true }: Probe, image: string): unknown {
  const securityContext = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext,
      containers: [
        {
          name: "probe",
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["python", "-m", "http.server", String(probePort), "--directory", "/tmp"],
          startupProbe: { exec: { command: ["python", "-c", listens] }, periodSeconds: 1 },
          readinessProbe: { exec: { command: ["python", "-c", ready ? "" : "raise SystemExit(1)"] } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  };
}

/** Waits until probes listen, and gives back their addresses. */
export async function probeAddresses(on: Deployment, probes: readonly Probe[]): Promise<string[]> {
  return Promise.all(
    probes.map(async ({ namespace, name }) => {
      const started = "jsonpath={.status.containerStatuses[0].started}=true";
      await on.kubectl("--namespace", namespace, "wait", `pod/${name}`, "--for", started, "--timeout", "60s");
      return on.kubectl("--namespace", namespace, "get", "pod", name, "--output", "jsonpath={.status.podIP}");
    }),
  );
}

/** Whether a connection from a probe is accepted within two seconds. */
export async function reaches(on: Deployment, { namespace, name }: Probe, [host, port]: Target): Promise<boolean> {
  const command = ["python", "-c", connect, host, String(port)];
  return (await on.kubectl("--namespace", namespace, "exec", name, "--", ...command)).trim() === "True";
}

const listens = `import socket; socket.create_connection(("127.0.0.1", ${probePort}), 1)`;

const connect = `
import socket, sys
address = socket.getaddrinfo(sys.argv[1], int(sys.argv[2]), type=socket.SOCK_STREAM)[0][4]
try:
    socket.create_connection(address, 2).close()
    print(True)
except OSError:
    print(False)
`;
