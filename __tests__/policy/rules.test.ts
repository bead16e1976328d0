import { expect, test } from "@jest/globals";
import { describeViolation, type Origin, type Violation } from "../../policy/rule.ts";
import { encryptedValues, secretsInValues, unencrypted } from "../../policy/rules/plainSecrets.ts";
import { rules } from "../../policy/rules.ts";

const digest = `sha256:${"a1".repeat(32)}`;
const production: Origin = { stack: "prod", production: true, env: [], ownChart: true };
const context = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
  capabilities: { drop: ["ALL"] },
};
const container = {
  name: "backend",
  image: `ghcr.io/acme/todo-backend@${digest}`,
  env: [
    { name: "LOG_LEVEL", value: "warning" },
    { name: "TOKEN_FILE", value: "/run/token" },
    { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "database", key: "DATABASE_URL" } } },
  ],
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: 1, memory: "128Mi" } },
  securityContext: context,
};

/** A Deployment that every rule lets through, with changes to its container, its pod and its own fields. */
function deployment(own: object = {}, pod: object = {}, spec: object = {}) {
  const containers = [{ ...container, ...own }];
  return {
    kind: "Deployment",
    metadata: { name: "todo-backend", namespace: "todo", labels: { "app.kubernetes.io/component": "backend" } },
    spec: { replicas: 2, template: { spec: { containers, ...pod } }, ...spec },
  };
}

const configMap = (data: object) => ({ kind: "ConfigMap", metadata: { name: "settings" }, data });

function check(
  name: string,
  objects: readonly ReturnType<typeof deployment | typeof configMap>[],
  origin = production,
) {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`no rule "${name}"`);
  return rule.check(objects, origin);
}

const told = (violations: readonly Violation[]) => violations.map(describeViolation).join("\n");

test("what is as it should be is let through by every rule", () => {
  const data = { LOG_LEVEL: "info", DEBUG: "false", PASSWORD_FILE: "/run/x", "app.conf": "url = https://example.com" };
  for (const rule of rules) expect(told(rule.check([deployment(), configMap(data)], production))).toBe("");
});

const k = "pulumi config set --stack prod --path values.backend";
const unprivileged = { ...context, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } };

test.each([
  ["image-by-digest", { image: "nginx" }, '"nginx" has no tag', `${k}.image.digest sha256:DIGEST`],
  ["image-by-digest", { image: "host:5000/nginx" }, "has no tag", "imagetools inspect host:5000/nginx"],
  ["image-by-digest", { image: "nginx:latest" }, "is latest", `${k}.image.digest`],
  ["image-by-digest", { image: "nginx:1.29" }, "has no digest", `${k}.image.digest`],
  ["image-by-digest", { image: undefined }, "names no image", `${k}.image.digest`],
  [
    "no-debug-level",
    { env: [{ name: "LOG_LEVEL", value: "DEBUG" }] },
    "env LOG_LEVEL",
    "config rm --stack prod --path values.backend.env.LOG_LEVEL",
  ],
  ["no-debug-level", { env: [{ name: "APP_DEBUG", value: "1" }] }, 'APP_DEBUG is "1"', "values.backend.env.APP_DEBUG"],
  ["no-debug-level", { args: ["serve", "--log-level", "debug"] }, "--log-level debug", "remove the argument"],
  [
    "requests-and-limits",
    { resources: { ...container.resources, limits: { cpu: 1 } } },
    "no limits.memory",
    `${k}.resources.limits.memory 256Mi`,
  ],
  ["requests-and-limits", { resources: {} }, "no requests.cpu", `${k}.resources.requests.cpu 100m`],
  [
    "requests-and-limits",
    { resources: { ...container.resources, requests: { cpu: "0", memory: "1Mi" } } },
    "no requests.cpu",
    k,
  ],
  [
    "no-plain-secret",
    { env: [{ name: "JWT_SECRET", value: "x-y-z" }] },
    "env JWT_SECRET",
    "config set --stack prod --secret --path secretEnv.JWT_SECRET",
  ],
  [
    "no-plain-secret",
    { env: [{ name: "DATABASE_URL", value: "postgresql://u:p@h/d" }] },
    "env DATABASE_URL",
    "--secret databaseUrl",
  ],
  [
    "no-plain-secret",
    { env: [{ name: "clientSecret", value: "abcdef" }] },
    "env clientSecret",
    "secretEnv.clientSecret",
  ],
  ["no-plain-secret", { args: ["--url=redis://:pass@cache"] }, "args", "secretEnv.NAME"],
  [
    "restricted-pods",
    { securityContext: { ...context, runAsNonRoot: false } },
    "may run as root",
    "runAsNonRoot: true",
  ],
  [
    "restricted-pods",
    { securityContext: { ...context, allowPrivilegeEscalation: undefined } },
    "gain privileges",
    "set",
  ],
  ["restricted-pods", { securityContext: { ...context, seccompProfile: undefined } }, "no seccomp", "RuntimeDefault"],
  ["restricted-pods", { securityContext: { ...context, seccompProfile: { type: "Unconfined" } } }, "unconfined", "set"],
  ["restricted-pods", { securityContext: { ...context, capabilities: {} } }, "keeps capabilities", "drop: [ALL]"],
  [
    "restricted-pods",
    { securityContext: { ...context, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } } },
    "adds SYS_ADMIN",
    "remove",
  ],
  ["restricted-pods", { securityContext: { ...context, privileged: true } }, "is privileged", "remove"],
  ["restricted-pods", { securityContext: { ...context, procMount: "Unmasked" } }, "/proc", "remove"],
  ["restricted-pods", { securityContext: { ...context, runAsUser: 0 } }, "user 0", "remove"],
  [
    "restricted-pods",
    { securityContext: { ...context, appArmorProfile: { type: "Unconfined" } } },
    "unconfined",
    "remove",
  ],
  ["restricted-pods", { securityContext: { ...context, seLinuxOptions: { type: "spc_t" } } }, "SELinux", "remove"],
  [
    "restricted-pods",
    { securityContext: { ...context, windowsOptions: { hostProcess: true } } },
    "process of the node",
    "remove",
  ],
  ["restricted-pods", { ports: [{ containerPort: 80, hostPort: 80 }] }, "port 80", "remove hostPort"],
  ["restricted-pods", { livenessProbe: { httpGet: { host: "10.0.0.1" } } }, "10.0.0.1", "remove"],
])("%s refuses %j", (name, own, what, remedy) => {
  const violations = check(name, [deployment(own)]);
  expect(violations.length).toBeGreaterThan(0);
  expect(told(violations)).toContain(what);
  expect(told(violations)).toContain(remedy);
  expect(told(violations)).toContain("Deployment todo/todo-backend, container backend");
});

test.each([
  [{ hostNetwork: true }, "hostNetwork"],
  [{ hostPID: true }, "hostPID"],
  [{ hostIPC: true }, "hostIPC"],
  [{ volumes: [{ name: "node", hostPath: { path: "/" } }] }, 'the volume "node" is a hostPath'],
  [{ securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } }, "kernel.msgmax"],
  [{ initContainers: [{ ...container, name: "first", securityContext: {} }] }, "container first"],
])("restricted-pods refuses a pod with %j", (pod, what) => {
  expect(told(check("restricted-pods", [deployment({}, pod)]))).toContain(what);
});

test("restricted-pods takes what a pod says for its containers, and the one capability that is allowed", () => {
  const { runAsNonRoot, seccompProfile, ...rest } = unprivileged;
  const pod = { securityContext: { runAsNonRoot, seccompProfile }, volumes: [{ name: "tmp", emptyDir: {} }] };
  expect(told(check("restricted-pods", [deployment({ securityContext: rest }, pod)]))).toBe("");
  expect(
    told(check("restricted-pods", [deployment({ securityContext: { ...rest, runAsNonRoot: false } }, pod)])),
  ).toContain("root");
});

test("several-replicas counts replicas, or those that an autoscaler keeps", () => {
  const scaler = (minReplicas?: number) => ({
    ...deployment(),
    kind: "HorizontalPodAutoscaler",
    spec: { scaleTargetRef: { kind: "Deployment", name: "todo-backend" }, ...(minReplicas && { minReplicas }) },
  });
  const unset = deployment({}, {}, { replicas: undefined });
  expect(told(check("several-replicas", [deployment({}, {}, { replicas: 1 })]))).toContain(`${k}.replicaCount 2`);
  expect(check("several-replicas", [unset])).toHaveLength(1);
  expect(told(check("several-replicas", [unset, scaler(1) as never]))).toContain(`${k}.autoscaling.minReplicas 2`);
  expect(check("several-replicas", [unset, scaler() as never])).toHaveLength(1);
  expect(check("several-replicas", [unset, scaler(3) as never])).toEqual([]);
});

test("only production must have digests, and nobody may have latest", () => {
  const local = { ...production, stack: "local", production: false };
  expect(check("image-by-digest", [deployment({ image: "todo-backend:1.0.0-abc" })], local)).toEqual([]);
  expect(check("image-by-digest", [deployment({ image: "todo-backend:latest" })], local)).toHaveLength(1);
});

test("an image that is pushed by the update itself is not judged before", () => {
  const image = "ghcr.io/acme/todo-backend@04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  expect(check("image-by-digest", [deployment({ image })])).toEqual([]);
});

test.each([
  [{ LOG_LEVEL: "debug" }, "no-debug-level", "ConfigMap settings, data LOG_LEVEL"],
  [{ "api-key": "0123456789abc" }, "no-plain-secret", "data api-key"],
  [{ "app.conf": "url = amqp://u:p@queue" }, "no-plain-secret", "data app.conf"],
  [{ "tls.pem": "-----BEGIN RSA PRIVATE KEY-----\nMII" }, "no-plain-secret", "data tls.pem"],
])("a ConfigMap with %j is refused by %s", (data, name, where) => {
  expect(told(check(name, [configMap(data)]))).toContain(where);
});

test("Helm's values hold no secret, by their names, by their text, or because Pulumi knows them as one", () => {
  const values = {
    backend: { secretEnv: { SIGNING: "plain" }, env: { API_TOKEN: "abcdef" }, existingSecrets: ["named"] },
    database: { url: "postgresql://u:p@h/d", existingSecret: "todo-database", adminSecret: "todo-admin" },
    ingress: { tls: { secretName: "todo-tls" } },
  };
  const found = secretsInValues(values, "Release todo", production);
  expect(found.map(({ where }) => where)).toEqual([
    "Release todo, values.backend.secretEnv.SIGNING",
    "Release todo, values.backend.env.API_TOKEN",
    "Release todo, values.database.url",
  ]);
  expect(told(found)).toContain("--secret databaseUrl && pulumi config rm --stack prod --path values.database.url");
  const env = ["API_TOKEN"];
  expect(told(secretsInValues(values, "", { ...production, env }))).toContain("rm --stack prod --path env.API_TOKEN");
  expect(told(encryptedValues(["values.backend.env.SALT", "description"], "Release todo", "prod"))).toContain(
    "pulumi config set --stack prod --secret --path secretEnv.SALT",
  );
});

test("a debug level is taken out where the stack sets it", () => {
  const own = { ...production, env: ["LOG_LEVEL"] };
  const violations = check("no-debug-level", [deployment({ env: [{ name: "LOG_LEVEL", value: "trace" }] })], own);
  expect(told(violations)).toContain("mend it with: pulumi config rm --stack prod --path env.LOG_LEVEL");
});

test("a Secret is made of what Pulumi holds encrypted", () => {
  const secret = { kind: "Secret", metadata: { name: "own" }, stringData: { A: "1", B: "2" }, data: { C: "Mw==" } };
  expect(unencrypted(secret, ["stringData.A"]).map(({ where }) => where)).toEqual([
    "Secret own, data C",
    "Secret own, stringData B",
  ]);
  expect(unencrypted(secret, ["stringData", "data"])).toEqual([]);
});

test("a further service is mended by its own values, the database's login by the database's", () => {
  const of = (component: string) => ({
    ...deployment({ image: "acme/app:1" }),
    metadata: { name: component, namespace: "todo", labels: { "app.kubernetes.io/component": component } },
  });
  const mended = (component: string) => told(check("image-by-digest", [of(component)], production));
  expect(mended("worker")).toContain("--path values.services.worker.image.digest");
  expect(mended("database-login")).toContain("--path values.database.image.digest");
  expect(mended("test")).toContain("--path values.backend.image.digest");
});

test("what no chart value mends is told by what to write", () => {
  const own = { ...production, ownChart: false };
  expect(told(check("image-by-digest", [deployment({ image: "acme/app:1" })], own))).toContain(
    "where the object is made, write image: acme/app@sha256:DIGEST",
  );
});
