import type { Facts } from "../facts.ts";
import { oneLine, type Rule, type Said, upCommand } from "../rule.ts";

/** What holds the deployment: the namespace, the release as a whole, and the cluster's own DNS. */
export const namespaceRules: readonly Rule[] = [
  { code: "namespace-terminating", find: findTerminating },
  {
    code: "release-gone",
    find: (facts) => {
      const { objects, stack, unread } = facts;
      const seen = objects !== undefined && !unread.some((one) => /^(release|namespace|deployments):/.test(one));
      if (!seen || objects.revisions.length > 0 || stack.deployedBy === undefined) return [];
      const left = objects.workloads.filter(({ kind }) => kind === "Deployment").length;
      const what =
        objects.namespace === undefined
          ? `the namespace "${stack.namespace}"`
          : `Helm's release "${stack.releaseName}"`;
      const evidence = [
        `${what} is not there, and the last update of this checkout made it`,
        left === 0 ? "nothing of it runs" : `${left} Deployments of it still run, which Helm knows nothing of`,
      ];
      const title = "The release was removed from the cluster.";
      return [{ about: "release", title, evidence, next: upCommand(facts) }];
    },
  },
  {
    code: "dns-down",
    find: ({ objects, stack }) => {
      if (objects?.dns === undefined || objects.dns.ready > 0) return [];
      const { deployment } = objects.dns;
      const kubectl = stack.kubectl.replace(/--namespace \S+$/, "--namespace kube-system");
      const title = "The cluster's DNS is down: no pod finds another one by its name.";
      const evidence = [`the Service kube-dns in kube-system has no ready pod (Deployment ${deployment})`];
      const next = `${kubectl} scale deployment/${deployment} --replicas 1`;
      const advice = `Where it has replicas already: ${kubectl} describe pods --selector k8s-app=kube-dns`;
      return [{ about: "dns", title, evidence, next, advice }];
    },
  },
  {
    code: "object-missing",
    find: (facts) => {
      const gone = (facts.objects?.drift ?? []).filter((one) => one.endsWith(" is missing"));
      if (gone.length === 0) return [];
      const title =
        gone.length === 1
          ? `${gone[0]?.replace(" is missing", "")} was removed.`
          : "Objects of the release were removed.";
      return [{ about: "objects", title, evidence: [oneLine(gone.join("; "))], next: upCommand(facts) }];
    },
  },
];

function findTerminating(facts: Facts): Said[] {
  const { objects, stack } = facts;
  const { metadata, status } = objects?.namespace ?? {};
  if (metadata?.deletionTimestamp === undefined && status?.phase !== "Terminating") return [];
  const held = status?.conditions?.filter(({ status: is }) => is === "True") ?? [];
  const evidence = [
    `it is being deleted since ${metadata?.deletionTimestamp ?? "a while"}`,
    ...held.slice(0, 1).map(({ message = "" }) => oneLine(message)),
  ];
  const next = `${stack.kubectl.replace(/ --namespace \S+$/, "")} wait --for=delete namespace/${stack.namespace} --timeout 120s`;
  const advice = `Nothing can be made in it meanwhile. When it is gone: ${upCommand(facts)}`;
  return [{ about: "release", title: `The namespace "${stack.namespace}" is being deleted.`, evidence, next, advice }];
}
