import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ClusterApi, KubernetesObject } from "../../components/cluster/api.ts";
import type { ContextFacts } from "../../components/cluster/kubeconfig.ts";
import { readingRules } from "../../components/readingRules.ts";

/** The shortest life that a token may have, in seconds: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/ */
const tokenSeconds = 600;

/** Marks what is made for one question, so that what a killed run left behind is found. */
const label = ["app.kubernetes.io/managed-by", "todo-stack-ask"] as const;

/** The kinds that are made, in this order, and where they live. */
const collections = (namespace: string) =>
  [
    `/api/v1/namespaces/${namespace}/serviceaccounts`,
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
  ] as const;

/** An account that may read a namespace, and no more. */
export interface ReadingAccount {
  readonly name: string;
  /** Valid for ten minutes, or until the account is removed. */
  readonly token: string;
}

/**
 * Makes a ServiceAccount that may read what runs in a namespace, its Secrets excepted, and a token for it.
 *
 * @throws ApiError where the person who asks may not do so.
 */
export async function makeReadingAccount(api: ClusterApi, namespace: string, name: string): Promise<ReadingAccount> {
  const [accounts, roles, bindings] = collections(namespace);
  const metadata = { name, namespace, labels: { [label[0]]: label[1] } };
  const rbac = "rbac.authorization.k8s.io";
  await api.create(accounts, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata,
    automountServiceAccountToken: false,
  });
  await api.create(roles, { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules: readingRules });
  await api.create(bindings, {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: rbac, kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  });
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: tokenSeconds },
  };
  const made = await api.create<{ status: { token: string } }>(`${accounts}/${name}/token`, request);
  return { name, token: made.status.token };
}

/** A name that no other question has. */
export function accountName(): string {
  return `${label[1]}-${randomBytes(4).toString("hex")}`;
}

/** Removes an account with its Role; one that is gone, or was never made, is no error. */
export async function removeReadingAccount(api: ClusterApi, namespace: string, name: string): Promise<void> {
  for (const path of collections(namespace).toReversed()) await api.delete(`${path}/${name}`);
}

/** Removes what runs that were killed have left: accounts that are older than any token. */
export async function removeLeftovers(api: ClusterApi, namespace: string, now = Date.now()): Promise<void> {
  const selector = encodeURIComponent(label.join("="));
  const [accounts] = collections(namespace);
  const found = await api.get<{ items: readonly KubernetesObject[] }>(`${accounts}?labelSelector=${selector}`);
  const isOld = ({ metadata }: KubernetesObject): boolean =>
    now - Date.parse(metadata.creationTimestamp ?? "") > tokenSeconds * 1000;
  for (const { metadata } of (found?.items ?? []).filter(isOld))
    await removeReadingAccount(api, namespace, metadata.name);
}

/** A kubeconfig with the reading account alone; JSON, which is YAML too. */
export async function readingKubeconfig(
  facts: ContextFacts,
  namespace: string,
  account: ReadingAccount,
): Promise<string> {
  const { "certificate-authority": file, ...cluster } = facts.cluster;
  const authority = file === undefined ? undefined : await readFile(resolve(facts.folders.cluster, file));
  const data = authority === undefined ? {} : { "certificate-authority-data": authority.toString("base64") };
  const name = account.name;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { ...data, ...cluster } }],
    users: [{ name, user: { token: account.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    "current-context": name,
  });
}
