import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { docker } from "../engine/docker.ts";
import { sandboxCache } from "../support/cache.ts";
import { apiPort, type ClusterSettings } from "./settings.ts";

const ANSWER_TIMEOUT = 3_000;

/** Where a sandbox's kubeconfig is. */
export function kubeconfigPath(name: string): string {
  return join(sandboxCache(name), "kubeconfig");
}

/** Writes the kubeconfig of a running sandbox, readable by this user only; its one context has the sandbox's name. */
export async function writeKubeconfig(settings: ClusterSettings): Promise<string> {
  const path = kubeconfigPath(settings.name);
  const admin = await docker(["exec", settings.name, "cat", "/var/lib/sandbox/conf/admin.conf"]);
  await mkdir(sandboxCache(settings.name), { recursive: true, mode: 0o700 });
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, kubeconfigFor(settings, admin), { mode: 0o600 });
  await rename(partial, path);
  return path;
}

/** The administrator's kubeconfig from inside the node, with this machine's address and the sandbox's name. */
export function kubeconfigFor(settings: ClusterSettings, admin: string): string {
  const { name } = settings;
  return `apiVersion: v1
kind: Config
current-context: ${name}
contexts:
  - name: ${name}
    context: { cluster: ${name}, user: ${name} }
clusters:
  - name: ${name}
    cluster:
      server: https://127.0.0.1:${apiPort(settings)}
      certificate-authority-data: ${field(admin, "certificate-authority-data")}
users:
  - name: ${name}
    user:
      client-certificate-data: ${field(admin, "client-certificate-data")}
      client-key-data: ${field(admin, "client-key-data")}
`;
}

function field(kubeconfig: string, name: string): string {
  const value = new RegExp(`^\\s*${name}: (\\S+)$`, "m").exec(kubeconfig)?.[1];
  if (!value) throw new Error(`the node's kubeconfig has no ${name}`);
  return value;
}

/** Whether the API server answers this machine at the published port, with the certificate that the kubeconfig knows. */
export async function answersHere(settings: ClusterSettings): Promise<boolean> {
  const kubeconfig = await readFile(kubeconfigPath(settings.name), "utf8").catch(() => "");
  if (!kubeconfig.includes(`https://127.0.0.1:${apiPort(settings)}`)) return false;
  const ca = Buffer.from(field(kubeconfig, "certificate-authority-data"), "base64");
  const options = { host: "127.0.0.1", port: apiPort(settings), path: "/readyz", ca, timeout: ANSWER_TIMEOUT };
  return new Promise((resolve) => {
    const question = request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    question.once("timeout", () => question.destroy());
    question.once("error", () => resolve(false));
    question.end();
  });
}
