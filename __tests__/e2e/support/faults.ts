import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { promisify } from "node:util";
import type { Deployment } from "./deployment.ts";
import { applyObjects } from "./probePods.ts";

/** Something that goes wrong, and how that is undone. */
export interface Fault {
  /** The cause that `diagnose` shall name first. */
  readonly code: string;
  /** What is done, for people. */
  readonly what: string;
  /** Texts that the first finding holds: its evidence, and what it says to type. */
  readonly says: readonly string[];
  readonly induce: (on: Deployment) => Promise<unknown>;
  /** Absent where the next fault does not mind, and `npm run up` heals it. */
  readonly heal?: (on: Deployment) => Promise<unknown>;
}

const backend = "deployment/todo-backend";
const undo = (on: Deployment) => on.kubectl("rollout", "undo", backend);
const restart = (on: Deployment, workload = backend) => on.kubectl("rollout", "restart", workload);
const patch = (on: Deployment, what: string, fields: unknown) =>
  on.kubectl("patch", ...what.split("/"), "--patch", JSON.stringify(fields));

/** A fault of the backend's new pods: the old ones go on serving, so that it is undone at once. */
function broken(code: string, what: string, says: readonly string[], pod: unknown): Fault {
  const fields = { spec: { progressDeadlineSeconds: 600, template: { spec: pod } } };
  return { code, what, says, induce: (on) => patch(on, backend, fields), heal: undo };
}

/** The same where it is the backend's container. */
const container = (code: string, what: string, says: readonly string[], fields: object): Fault =>
  broken(code, what, says, { containers: [{ name: "backend", ...fields }] });

const python = (line: string) => ["python", "-c", line];
const quick = {
  periodSeconds: 1,
  failureThreshold: 1,
  httpGet: null,
  exec: { command: python("raise SystemExit(1)") },
};
const variable = (valueFrom: object) => ({ env: [{ name: "EXTRA", valueFrom }] });

/** Faults of the containers that the backend's Deployment asks for. */
const ofContainers: readonly Fault[] = [
  container("setting-refused", "a variable has a value that the backend refuses", ["LOG_LEVEL"], {
    env: [{ name: "LOG_LEVEL", value: "loud" }],
  }),
  container("crash", "the process ends as soon as it starts", ["broken on purpose", "(masked)", " logs "], {
    command: python("import os; raise SystemExit('error: broken on purpose at ' + os.environ['DATABASE_URL'])"),
  }),
  container("command-missing", "the command is not in the image", ["nowhere"], { command: ["/nowhere"] }),
  container("liveness-fails", "the liveness probe fails", ["liveness probe"], { livenessProbe: quick }),
  container("readiness-fails", "the readiness probe fails", ["readiness probe"], { readinessProbe: quick }),
  container("probe-path", "a probe asks for a path that is not there", ["/nope", "404"], {
    readinessProbe: { periodSeconds: 1, httpGet: { path: "/nope" } },
  }),
  container("probe-port", "a probe asks at another port", ["9999", "8000"], {
    readinessProbe: { periodSeconds: 1, httpGet: { port: 9999 } },
  }),
  container("image-not-on-node", "the node does not have the image", ["todo-backend:gone", "lacks it", "npm run up"], {
    image: "todo-backend:gone",
  }),
  container("image-pull", "the registry does not answer", ["127.0.0.1:1"], {
    image: "127.0.0.1:1/todo:1",
    imagePullPolicy: "IfNotPresent",
  }),
  container("out-of-memory", "the process takes more memory than it may", ["OOMKilled", "128Mi"], {
    command: python("print(len(b'x' * 10**9))"),
    resources: { limits: { memory: "128Mi" } },
  }),
  container("read-only-file-system", "the process writes into its image", ["Read-only file system"], {
    command: python("open('/app/file', 'w')"),
  }),
  container(
    "secret-missing",
    "a Secret is not there",
    ["nobodys-secret"],
    variable({ secretKeyRef: { name: "nobodys-secret", key: "KEY" } }),
  ),
  container(
    "configmap-missing",
    "a ConfigMap is not there",
    ["nobodys-settings"],
    variable({ configMapKeyRef: { name: "nobodys-settings", key: "KEY" } }),
  ),
  container(
    "key-missing",
    "a ConfigMap lacks a key",
    ["NO_SUCH_KEY"],
    variable({ configMapKeyRef: { name: "todo-backend", key: "NO_SUCH_KEY" } }),
  ),
  container("no-room", "the requests are greater than any node", ["Insufficient cpu"], {
    resources: { requests: { cpu: "64" }, limits: { cpu: "64" } },
  }),
  container("pod-security", "a container is privileged", ["restricted"], {
    securityContext: { privileged: true, allowPrivilegeEscalation: true },
  }),
  broken("migration-failed", "the migration fails", ["relation exists"], {
    initContainers: [{ name: "migrate", command: python("raise SystemExit('error: relation exists')") }],
  }),
];

const nodeOf = async (on: Deployment) =>
  (await on.kubectl("get", "nodes", "--output", "jsonpath={.items[0].metadata.name}")).trim();
const dns = (on: Deployment, replicas: number) =>
  on.kubectl("--namespace", "kube-system", "scale", "deployment/coredns", "--replicas", String(replicas));

/** Faults of the node, the namespace and what the parts stand on. */
const ofPlaces: readonly Fault[] = [
  {
    code: "node-cordoned",
    what: "the node takes no new pods",
    says: ["uncordon"],
    induce: async (on) => [await on.kubectl("cordon", await nodeOf(on)), await restart(on)],
    heal: async (on) => [await undo(on), await on.kubectl("uncordon", await nodeOf(on))],
  },
  {
    code: "node-tainted",
    what: "the node has a taint",
    says: ["broken=yes:NoSchedule"],
    induce: async (on) => [
      await on.kubectl("taint", "nodes", await nodeOf(on), "broken=yes:NoSchedule"),
      await restart(on),
    ],
    heal: async (on) => [await undo(on), await on.kubectl("taint", "nodes", await nodeOf(on), "broken:NoSchedule-")],
  },
  {
    code: "quota-exceeded",
    what: "a quota leaves no room",
    says: ["exceeded quota: tight", "describe resourcequota tight"],
    induce: async (on) => {
      await on.kubectl("create", "quota", "tight", "--hard", "pods=1");
      await on.kubectl("wait", "resourcequota/tight", "--for", "jsonpath={.status.used.pods}", "--timeout", "20s");
      await restart(on);
    },
    heal: async (on) => [await undo(on), await on.kubectl("delete", "resourcequota", "tight")],
  },
  {
    code: "service-selector",
    what: "a Service selects no pod",
    says: ["app.kubernetes.io/component=nobody", "npm run up"],
    induce: (on) =>
      patch(on, "service/todo-backend", { spec: { selector: { "app.kubernetes.io/component": "nobody" } } }),
    heal: (on) =>
      patch(on, "service/todo-backend", { spec: { selector: { "app.kubernetes.io/component": "backend" } } }),
  },
  {
    code: "service-port",
    what: "a Service leads to a port where nobody listens",
    says: ["9999", "8000 (http)"],
    induce: (on) => patch(on, "service/todo-backend", { spec: { ports: [{ port: 8000, targetPort: 9999 }] } }),
    heal: (on) => patch(on, "service/todo-backend", { spec: { ports: [{ port: 8000, targetPort: "http" }] } }),
  },
  {
    code: "dns-down",
    what: "the cluster's DNS is scaled to 0",
    says: ["kube-dns"],
    induce: (on) => dns(on, 0),
    heal: (on) => dns(on, 1),
  },
  {
    code: "release-pending",
    what: "an update was killed",
    says: ["pending-upgrade", "npm run up"],
    induce: (on) => labelRelease(on, "pending-upgrade"),
    heal: (on) => labelRelease(on, "deployed"),
  },
];

async function labelRelease(on: Deployment, status: string): Promise<void> {
  const name = `sh.helm.release.v1.todo.v${await on.revision()}`;
  await on.kubectl("label", "secret", name, `status=${status}`, "--overwrite");
}

const databaseSecret = async (on: Deployment): Promise<string> => {
  const path = `jsonpath={.spec.template.spec.containers[0].env[?(@.name=="DATABASE_URL")].valueFrom.secretKeyRef.name}`;
  return (await on.kubectl("get", backend, "--output", path)).trim();
};

let kept = "";
/** A password that nobody has; the suite looks for it in what is printed. */
export const wrongPassword = randomBytes(16).toString("hex");

/** Faults of the database, which the backend and the page follow. */
const ofDatabase: readonly Fault[] = [
  {
    code: "database-password",
    what: "the Secret has another password than the database",
    says: ["password authentication failed"],
    induce: async (on) => {
      const secret = await databaseSecret(on);
      kept = (await on.kubectl("get", "secret", secret, "--output", "jsonpath={.data.DATABASE_URL}")).trim();
      const url = Buffer.from(kept, "base64")
        .toString()
        .replace(/:[^:@]*@/, `:${wrongPassword}@`);
      await patch(on, `secret/${secret}`, { stringData: { DATABASE_URL: url } });
      await restart(on);
    },
    heal: async (on) => {
      await patch(on, `secret/${await databaseSecret(on)}`, { data: { DATABASE_URL: kept } });
      await undo(on);
    },
  },
  {
    code: "volume-pending",
    what: "a volume's storage class is not there",
    says: ["no-such-class"],
    induce: async (on) => {
      const claim = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "extra" },
        spec: {
          storageClassName: "no-such-class",
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "1Mi" } },
        },
      };
      await applyObjects(on, on.namespace, [claim]);
      const volumes = [{ name: "extra", persistentVolumeClaim: { claimName: "extra" } }];
      await patch(on, "statefulset/todo-database", { spec: { template: { spec: { volumes } } } });
    },
    heal: async (on) => {
      await on.kubectl("rollout", "undo", "statefulset/todo-database");
      await on.kubectl("delete", "persistentvolumeclaim", "extra", "--wait=false");
    },
  },
  {
    code: "scaled-to-zero",
    what: "the database is down",
    says: ["StatefulSet todo-database", "--replicas 1"],
    induce: (on) => on.kubectl("scale", "statefulset/todo-database", "--replicas", "0"),
    heal: (on) => on.kubectl("scale", "statefulset/todo-database", "--replicas", "1"),
  },
];

const docker = (...args: string[]) => promisify(execFile)("docker", args);
const takenPort = 30291;
const squatter = createServer((socket) => socket.destroy());

/** Faults of the machine. What the last ones leave behind, `npm run up` mends. */
const ofMachine: readonly Fault[] = [
  {
    code: "port-taken",
    what: "another program has the page's port",
    says: [String(takenPort), "nodePort"],
    induce: async ({ checkout }) => {
      await new Promise<void>((resolve) => squatter.listen(takenPort, "127.0.0.1", resolve));
      checkout.configure({ nodePort: takenPort });
    },
    heal: async ({ checkout, url }) => {
      checkout.configure({ nodePort: Number(new URL(url).port) });
      await new Promise((resolve) => squatter.close(resolve));
    },
  },
  {
    code: "cluster-paused",
    what: "the cluster is paused",
    says: ["docker unpause"],
    induce: (on) => docker("pause", on.context),
    heal: (on) => docker("unpause", on.context),
  },
  {
    code: "object-missing",
    what: "a Service was deleted",
    says: ["Service todo-backend", "npm run up"],
    induce: (on) => on.kubectl("delete", "service", "todo-backend"),
  },
  {
    code: "release-gone",
    what: "the release was uninstalled",
    says: ['"todo" is not there', "npm run up"],
    induce: (on) => on.helm("uninstall", "todo"),
  },
  {
    code: "cluster-stopped",
    what: "the cluster is stopped",
    says: ["exited", "npm run up"],
    induce: (on) => docker("stop", "--time", "5", on.context),
  },
];

/** Waits until what was undone is so, and no pod of a fault is left to be taken for the next one's. */
export async function settled(on: Deployment): Promise<void> {
  const wait = (...what: string[]) => on.kubectl(...what, "--timeout", "60s");
  const workloads = [backend, "statefulset/todo-database"];
  const coredns = ["--namespace", "kube-system", "rollout", "status", "deployment/coredns"];
  await Promise.all([wait(...coredns), ...workloads.map((one) => wait("rollout", "status", one))]);
}

/** The faults that are induced on a real cluster, in this order. */
export const faults: readonly Fault[] = [...ofContainers, ...ofPlaces, ...ofDatabase, ...ofMachine];
