import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Deployment, eventually } from "./support/deployment.ts";
import { applyObjects, type Probe, probeAddresses, probePod, probePort, reaches } from "./support/probePods.ts";

const deployment = new Deployment();
const { checkout } = deployment;
const outside = "todo-outside";
const listener: Probe = { namespace: outside, name: "listener" };
const stranger: Probe = { namespace: outside, name: "stranger" };

/** How long a network may take to obey a new policy, in seconds. */
const obeysWithin = 5;

const image = (await deployment.pods("backend"))[0]?.image ?? "";
const address = await startOutside();
const enforces = await enforcesPolicies();
if (!enforces)
  console.log(
    "Skipped: this cluster's network does not enforce NetworkPolicies; what they allow is tested by __tests__/chart.",
  );

/** Two pods that are not of the release, in a namespace that no policy of it reaches. */
async function startOutside(): Promise<string> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: outside } };
  await applyObjects(deployment, outside, [namespace, probePod(listener, image), probePod(stranger, image)]);
  return (await probeAddresses(deployment, [listener, stranger]))[0] ?? "";
}

/** Whether a policy that denies everything ends what was possible before it. */
async function enforcesPolicies(): Promise<boolean> {
  if (!(await reaches(deployment, stranger, [address, probePort])))
    throw new Error("pods do not reach each other at all");
  const metadata = { name: "deny-all", namespace: outside };
  const spec = { podSelector: {}, policyTypes: ["Ingress"] };
  await applyObjects(deployment, outside, [
    { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec },
  ]);
  const refused = async () => expect(await reaches(deployment, stranger, [address, probePort])).toBe(false);
  const obeyed = await eventually(refused, obeysWithin).then(
    () => true,
    () => false,
  );
  await deployment.kubectl("--namespace", outside, "delete", "networkpolicy", "deny-all");
  return obeyed;
}

afterAll(() => deployment.kubectl("delete", "namespace", outside, "--wait=false"));

test("without a policy, pods of other namespaces reach each other", async () => {
  await eventually(
    async () => expect(await reaches(deployment, stranger, [address, probePort])).toBe(true),
    obeysWithin,
  );
});

(enforces ? describe : describe.skip)("with network policies, on a cluster that enforces them", () => {
  const { namespace } = deployment;
  // They carry a component's labels, so that its policies hold for them, and are never ready, so that no Service finds them.
  const probes = Object.fromEntries(
    ["frontend", "backend", "database", "test"].map((component) => {
      const own = { name: "todo-stack", instance: "todo", component };
      const labels = Object.fromEntries(Object.entries(own).map(([key, value]) => [`app.kubernetes.io/${key}`, value]));
      const probe: Probe = { namespace, name: `probe-${component}`, labels, ready: false };
      return [component, probe];
    }),
  );
  const all = [...Object.values(probes)];

  beforeAll(async () => {
    checkout.configure({ values: { networkPolicy: { enabled: true } } });
    await checkout.succeed("up");
    await applyObjects(
      deployment,
      namespace,
      all.map((probe) => probePod(probe, image)),
    );
    await probeAddresses(deployment, all);
  });
  afterAll(async () => {
    await deployment.kubectl("delete", "pods", ...all.map(({ name }) => name));
    checkout.configure({ values: undefined });
    await checkout.succeed("up");
  });

  const targets = {
    "the page": [`todo-frontend.${namespace}.svc`, 80],
    "the backend": [`todo-backend.${namespace}.svc`, 8000],
    "the database": [`todo-database.${namespace}.svc`, 5432],
    "the API server": ["kubernetes.default.svc", 443],
    "a pod outside of the release": [address, probePort],
  } as const;
  const from = (name: string): Probe => (name === "stranger" ? stranger : (probes[name] as Probe));

  test("the page, the backend and the database work together", async () => {
    await eventually(async () => expect((await deployment.fetch("/api/todos")).status).toBe(200), 30);
  });

  test.each([
    ["stranger", "the page"],
    ["test", "the page"],
    ["frontend", "the backend"],
    ["backend", "the database"],
  ] as const)("%s reaches %s", async (name, target) => {
    expect(await reaches(deployment, from(name), targets[target])).toBe(true);
  });

  test.each([
    ["stranger", "the backend"],
    ["stranger", "the database"],
    ["test", "the backend"],
    ["test", "the database"],
    ["test", "a pod outside of the release"],
    ["frontend", "the database"],
    ["frontend", "the API server"],
    ["frontend", "a pod outside of the release"],
    ["backend", "the page"],
    ["backend", "the API server"],
    ["backend", "a pod outside of the release"],
    ["database", "a pod outside of the release"],
  ] as const)("%s does not reach %s", async (name, target) => {
    expect(await reaches(deployment, from(name), targets[target])).toBe(false);
  });
});
