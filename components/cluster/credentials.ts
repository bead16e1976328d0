import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { ContextFacts, ExecPlugin } from "./kubeconfig.ts";

/** What a request to an API server needs beside its address. */
export interface Credentials {
  /** Options of the TLS connection. */
  readonly tls: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** The `Authorization` header. */
  readonly authorization?: string;
}

/** What a credential plugin prints: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
interface ExecCredential {
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
  };
}

/**
 * The credentials of a context: certificates, tokens, passwords and credential plugins. Read here and not by the official
 * client, whose import takes longer than all that this program asks of the cluster.
 *
 * @throws Error when a file is missing, a plugin fails, or the context asks for a proxy.
 */
export async function readCredentials({ name, cluster, user, folders }: ContextFacts): Promise<Credentials> {
  if (cluster["proxy-url"] !== undefined)
    throw new Error(`The context "${name}" asks for a proxy, which is unsupported`);
  const [ca, cert, key, tokenFile, plugin] = await Promise.all([
    content(cluster["certificate-authority-data"], cluster["certificate-authority"], folders.cluster),
    content(user["client-certificate-data"], user["client-certificate"], folders.user),
    content(user["client-key-data"], user["client-key"], folders.user),
    content(undefined, user.tokenFile, folders.user),
    user.exec === undefined ? undefined : runPlugin(user.exec),
  ]);
  const token = plugin?.token ?? tokenFile?.toString("utf8").trim() ?? user.token;
  const basic = Buffer.from(`${user.username}:${user.password}`).toString("base64");
  const authorization =
    token !== undefined ? `Bearer ${token}` : user.username === undefined ? undefined : `Basic ${basic}`;
  const tls = {
    ca,
    cert: plugin?.clientCertificateData ?? cert,
    key: plugin?.clientKeyData ?? key,
    servername: cluster["tls-server-name"],
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] === true ? false : undefined,
  };
  return { tls: present(tls), ...present({ authorization }) };
}

/** Data wins over a file, as with kubectl. */
async function content(data: string | undefined, file: string | undefined, folder: string) {
  if (data !== undefined) return Buffer.from(data, "base64");
  return file === undefined ? undefined : readFile(resolve(folder, file));
}

async function runPlugin({ apiVersion, command, args, env }: ExecPlugin): Promise<ExecCredential["status"]> {
  const asked = JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive: false } });
  const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const { stdout } = await promisify(execFile)(command, [...(args ?? [])], {
    env: { ...process.env, ...own, KUBERNETES_EXEC_INFO: asked },
    timeout: 30_000,
  });
  return (JSON.parse(stdout) as ExecCredential).status;
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without the entries that hold nothing, which TLS would take for settings. */
function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
