import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureOnNodes } from "../../../components/node/presence.ts";
import { readChart } from "../../../components/release/chart.ts";
import { installDebianPackages } from "../../../sandbox/index.ts";
import type { Deployment } from "../../e2e/support/deployment.ts";
import { targetOf } from "../../reliability/support/processes.ts";

const execute = promisify(execFile);
const docker = (...args: string[]) => execute("docker", args);

/** What production brings along, beside the cluster of the suites. */
export interface Surroundings {
  /** A registry that this machine and the node reach by the same name. */
  readonly registry: string;
  /** A PostgreSQL outside of the cluster that takes encrypted connections alone. */
  readonly database: OutsideDatabase;
  readonly remove: () => Promise<void>;
}

/** How to reach that database. */
export interface OutsideDatabase {
  /** As a role that may use the tables, and make none. */
  readonly url: string;
  /** By another name, and as the role that owns the tables. */
  readonly directUrl: string;
  /** The certificate of the authority that signed the server's, in PEM. */
  readonly authority: string;
  /** The answer to a statement, as the superuser. */
  readonly ask: (statement: string) => Promise<string>;
}

/** Where the database is: on the same cluster, since there is no other one, and in a namespace that is not the stack's. */
const outside = "outside";

/** Starts a registry and a database for the cluster of this name. */
export async function startSurroundings(on: Deployment, port: number): Promise<Surroundings> {
  const [registry, database] = await Promise.all([startRegistry(on.context, port), startDatabase(on)]);
  const remove = async (): Promise<void> => void (await on.kubectl("delete", "namespace", outside));
  return { registry, database, remove };
}

/** The one login of a registry that wants one, and what a registry keeps of it: bcrypt by Perl's `crypt`. */
export const registryLogin = { username: "suites", password: "of-the-registry" };
const htpasswd = "suites:$2y$05$abcdefghijklmnopqrstuuuAKnz7CAEWp9AUyodnTmSQNojTp07Ge";

/**
 * It runs in the node, on a port that the node publishes: `localhost` is the same registry to the engine and to the node.
 *
 * @param locked - Whether it wants `registryLogin`. Default: everybody may push.
 */
export async function startRegistry(cluster: string, port: number, locked = false): Promise<string> {
  await installDebianPackages(
    { packages: ["docker-registry"], why: "push images as production does" },
    () => undefined,
  );
  const folder = mkdtempSync(join(tmpdir(), "todo-stack-registry-"));
  const place = `/etc/registry-${port}`;
  const storage = { filesystem: { rootdirectory: `/var/lib/registry-${port}` }, delete: { enabled: true } };
  const auth = locked ? { auth: { htpasswd: { realm: "suites", path: `${place}/htpasswd` } } } : {};
  const settings = { version: 0.1, storage, http: { addr: `:${port}` }, ...auth };
  writeFileSync(join(folder, "config.yml"), JSON.stringify(settings));
  writeFileSync(join(folder, "htpasswd"), `${htpasswd}\n`);
  await docker("cp", "/usr/bin/docker-registry", `${cluster}:/usr/local/bin/docker-registry`);
  await docker("cp", folder, `${cluster}:${place}`);
  rmSync(folder, { recursive: true });
  await resumeRegistry(cluster, port);
  return `localhost:${port}`;
}

/** Starts a registry that was stopped, with all that it had. */
export async function resumeRegistry(cluster: string, port: number): Promise<void> {
  const start = `echo $$ >/run/registry-${port}.pid; exec docker-registry serve /etc/registry-${port}/config.yml`;
  await docker("exec", "--detach", cluster, "sh", "-c", start);
}

/** Ends a registry, as an outage would. */
export async function stopRegistry(cluster: string, port: number): Promise<void> {
  await docker("exec", cluster, "sh", "-c", `kill $(cat /run/registry-${port}.pid)`);
}

/** The names of the server: what the backend connects to, and what migrations do. */
const hosts = ["database", "direct"].map((service) => `${service}.${outside}.svc`);

/** Plain connections find no line here; psql comes by the socket. */
const rules = "local all all trust\nhostssl all all all scram-sha-256\n";

/** As an operator sets them up: `app` lives on what `owner` makes. */
const roles = `
CREATE ROLE owner LOGIN PASSWORD 'owner-of-the-suites';
CREATE ROLE app LOGIN PASSWORD 'app-of-the-suites';
GRANT CREATE ON SCHEMA public TO owner;
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app;
`;

async function startDatabase(on: Deployment): Promise<OutsideDatabase> {
  // The local stack puts it on the node too, and takes it away again at its end.
  const { databaseImage } = await readChart("local");
  await ensureOnNodes(targetOf(on.context), databaseImage);
  const folder = mkdtempSync(join(tmpdir(), "todo-stack-authority-"));
  const authority = await makeCertificates(folder);
  writeFileSync(join(folder, "pg_hba.conf"), rules);
  const items = [databasePod(databaseImage), ...["database", "direct"].map(serviceNamed)];
  writeFileSync(join(folder, "objects.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await on.kubectl("create", "namespace", outside);
  const files = ["server.key", "server.crt", "pg_hba.conf"].map((file) => `--from-file=${join(folder, file)}`);
  await on.kubectl("--namespace", outside, "create", "secret", "generic", "server", ...files);
  await on.kubectl("--namespace", outside, "create", "--filename", join(folder, "objects.json"));
  rmSync(folder, { recursive: true });
  await on.kubectl("--namespace", outside, "wait", "--for=condition=Ready", "pod/database", "--timeout=60s");
  const ask = (statement: string) => {
    const psql = ["psql", "--username=postgres", "--dbname=app", "--no-psqlrc", "--tuples-only", "--no-align"];
    return on.kubectl("--namespace", outside, "exec", "database", "--", ...psql, "--command", statement);
  };
  await ask(roles);
  const url = (role: string, host = "") =>
    `postgresql://${role}:${role}-of-the-suites@${host}:5432/app?sslmode=verify-full`;
  return { url: url("app", hosts[0]), directUrl: url("owner", hosts[1]), authority, ask };
}

/** A private authority, and what it signed for the server's names. */
async function makeCertificates(folder: string): Promise<string> {
  const openssl = (...args: string[]) => execute("openssl", args, { cwd: folder });
  const fresh = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl(...fresh, "-x509", "-days", "2", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt");
  const names = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}`;
  await openssl(...fresh, "-subj", "/CN=database", "-addext", names, "-keyout", "server.key", "-out", "server.csr");
  const sign = ["x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-days", "2"];
  await openssl(...sign, "-copy_extensions", "copy", "-out", "server.crt");
  return readFileSync(join(folder, "ca.crt"), "utf8");
}

const settings = {
  ssl: "on",
  ssl_cert_file: "/server/server.crt",
  ssl_key_file: "/server/server.key",
  hba_file: "/server/pg_hba.conf",
};

/** The server may read its key, and nobody else: it is user 70 of the image. */
const databasePod = (image: string): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "database", namespace: outside, labels: { app: "database" } },
  spec: {
    securityContext: { runAsUser: 70, runAsGroup: 70, fsGroup: 70 },
    containers: [
      {
        name: "database",
        image,
        imagePullPolicy: "Never",
        args: ["postgres", ...Object.entries(settings).map(([name, value]) => `-c${name}=${value}`)],
        env: Object.entries({ POSTGRES_DB: "app", POSTGRES_USER: "postgres", POSTGRES_PASSWORD: "of-the-suites" }).map(
          ([name, value]) => ({ name, value }),
        ),
        readinessProbe: { exec: { command: ["pg_isready", "--host=127.0.0.1"] }, periodSeconds: 1 },
        volumeMounts: [{ name: "server", mountPath: "/server" }],
      },
    ],
    volumes: [{ name: "server", secret: { secretName: "server", defaultMode: 0o440 } }],
  },
});

const serviceNamed = (name: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: outside },
  spec: { selector: { app: "database" }, ports: [{ port: 5432 }] },
});
