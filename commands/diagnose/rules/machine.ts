import type { Facts } from "../facts.ts";
import { type Rule, type Said, secondsSince, setCommand, upCommand } from "../rule.ts";

/** A clock that is off by less breaks nothing; in seconds. */
const tolerableSkew = 60;

/** A kubelet reports every 10 s, and is called dead after 40 to 50; in seconds. https://kubernetes.io/docs/reference/node/node-status/#heartbeats */
const longSilence = 120;

const once = (said: Said | undefined): Said[] => (said === undefined ? [] : [said]);

const isLocalCluster = ({ cluster, stack }: Facts): boolean => !stack.production && cluster.kind !== "other";

/** Engine, cluster and nodes: without them nothing else can be seen, or can be right. */
export const machineRules: readonly Rule[] = [
  {
    code: "engine-stopped",
    find: ({ engine, cluster, objects }) =>
      engine?.problem === undefined || objects !== undefined
        ? []
        : [
            {
              about: "engine",
              title: "The Docker engine does not answer, and the cluster runs in it.",
              evidence: [engine.problem, ...(cluster.problem ? [`the cluster: ${cluster.problem}`] : [])],
              next: "npm run doctor",
              advice: "It says how the engine is started on this machine; then: npm run up",
            },
          ],
  },
  {
    code: "cluster-paused",
    find: (facts) => {
      const paused = facts.cluster.containers.filter(({ state }) => state === "paused").map(({ name }) => name);
      if (paused.length === 0) return [];
      const title = "The cluster is paused.";
      const evidence = [`the container ${paused.join(", ")} is paused`];
      return [{ about: "cluster", title, evidence, next: `docker unpause ${paused.join(" ")}` }];
    },
  },
  {
    code: "cluster-stopped",
    find: (facts) => {
      const { containers } = facts.cluster;
      const stopped = containers.filter(({ state }) => state !== "running" && state !== "paused");
      if (stopped.length === 0 || facts.objects !== undefined) return [];
      const evidence = stopped.map(({ name, state }) => `the container ${name} is ${state}`);
      const advice = "It starts the cluster again; what is deployed in it is still there.";
      return [{ about: "cluster", title: "The cluster is stopped.", evidence, next: upCommand(facts), advice }];
    },
  },
  {
    code: "not-deployed",
    find: (facts) => {
      const { stack, cluster, objects, engine, unread } = facts;
      if (stack.deployedBy !== undefined || (objects?.revisions.length ?? 0) > 0) return [];
      if (engine?.problem !== undefined || cluster.problem !== undefined) return [];
      if (unread.some((one) => one.startsWith("release:"))) return [];
      const seen =
        objects === undefined ? "" : `, and the context "${stack.context}" has no release "${stack.releaseName}"`;
      const evidence = [`no update of this checkout is on record${seen}`];
      const title = `The stack "${stack.name}" is not deployed.`;
      return [{ about: "cluster", title, evidence, next: upCommand(facts) }];
    },
  },
  {
    code: "cluster-missing",
    find: (facts) => {
      const { cluster, stack, engine } = facts;
      const gone = isLocalCluster(facts) && cluster.kind !== "docker-desktop" && cluster.containers.length === 0;
      const unknown = cluster.server === undefined;
      if (facts.objects !== undefined || (!unknown && !gone) || engine?.problem !== undefined) return [];
      if (unknown && !isLocalCluster(facts)) {
        const title = `No kubeconfig names the context "${stack.context}".`;
        const next = "kubectl config get-contexts";
        const advice = `Add it to the kubeconfig, or: ${setCommand(facts, "context", "NAME")}`;
        return [{ about: "cluster", title, evidence: [`stack "${stack.name}" means that context`], next, advice }];
      }
      const evidence = [
        unknown ? `no kubeconfig names "${stack.context}"` : `no container of "${stack.context}" is there`,
      ];
      const advice = "It makes the cluster and deploys; what was in the former one's database is gone.";
      return [{ about: "cluster", title: "The cluster is gone.", evidence, next: upCommand(facts), advice }];
    },
  },
  {
    code: "cluster-refuses",
    find: ({ cluster, stack }) => {
      if (cluster.status !== 401 && cluster.status !== 403) return [];
      const title = "The cluster refuses this machine's credentials.";
      const next = `${stack.kubectl} auth whoami`;
      const advice = "Log in to the cluster again, as its provider says; its entry in the kubeconfig is out of date.";
      return [{ about: "cluster", title, evidence: [cluster.problem ?? ""], next, advice }];
    },
  },
  {
    code: "cluster-unreachable",
    find: (facts) => {
      const { cluster } = facts;
      if (cluster.problem === undefined) return [];
      const title = "The cluster does not answer.";
      const next = isLocalCluster(facts) ? upCommand(facts) : `${facts.stack.kubectl} version`;
      const advice = isLocalCluster(facts) ? "It starts what is stopped." : "Check the network, a VPN and the address.";
      return [{ about: "cluster", title, evidence: [`${cluster.server}: ${cluster.problem}`], next, advice }];
    },
  },
  { code: "node-not-ready", find: findNotReady },
  { code: "node-pressure", find: findPressure },
  { code: "clock-skew", find: findSkew },
];

function findNotReady({ objects, stack }: Facts): Said[] {
  return (objects?.nodes ?? []).flatMap(({ metadata: { name }, status }) => {
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    if (ready === undefined || ready.status === "True") return [];
    const evidence = [`Ready is ${ready.status}: ${ready.reason ?? ""} ${ready.message ?? ""}`.trim()];
    const local = !stack.production;
    const next = local ? "npm run up" : `${stack.kubectl} describe node ${name}`;
    const advice = "Its kubelet does not report: what ran there goes on unseen or is moved. Restart the node.";
    return [{ about: `node ${name}`, title: `The node ${name} is not ready.`, evidence, next, advice }];
  });
}

function findPressure({ objects, stack }: Facts): Said[] {
  const kinds = ["DiskPressure", "MemoryPressure", "PIDPressure"];
  return (objects?.nodes ?? []).flatMap(({ metadata: { name }, status }) => {
    const under = status?.conditions?.find(({ type, status: is }) => kinds.includes(type) && is === "True");
    if (under === undefined) return [];
    const title = `The node ${name} runs out of ${under.type === "DiskPressure" ? "disk" : under.type === "PIDPressure" ? "process numbers" : "memory"}.`;
    const next =
      under.type === "DiskPressure" && !stack.production
        ? "docker system df"
        : `${stack.kubectl} describe node ${name}`;
    const advice = "It evicts pods and takes no new ones until there is room again.";
    return [{ about: `node ${name}`, title, evidence: [`${under.type}: ${under.message ?? ""}`], next, advice }];
  });
}

/** A kubelet's report from the future, or an old one of a node that is ready all the same. */
function findSkew(facts: Facts): Said[] {
  const { objects, cluster } = facts;
  const [container] = cluster.containers;
  const off = Object.entries(objects?.heartbeats ?? {}).flatMap(([node, moment]) => {
    const age = secondsSince(facts, moment);
    const known = objects?.nodes.find(({ metadata }) => metadata.name === node);
    const ready = known?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
    const skewed = Number.isFinite(age) && (age < -tolerableSkew || (age > longSilence && ready === true));
    return skewed ? [{ node, age }] : [];
  });
  return once(
    off.map(({ node, age }) => ({
      about: "clock",
      title: `The clocks of this machine and of the node ${node} differ.`,
      evidence: [`the node's last report is ${Math.round(Math.abs(age))} s ${age < 0 ? "in the future" : "old"}`],
      next: container === undefined ? "date -u" : `date -u && docker exec ${container.name} date -u`,
      advice:
        "Certificates and tokens seem expired or not yet valid. Set the clock by NTP, or restart the engine's machine.",
    }))[0],
  );
}
