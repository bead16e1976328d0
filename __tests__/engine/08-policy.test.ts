import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Checkout } from "../e2e/support/checkout.ts";
import { describeEngine } from "./support/stack.ts";

const address = "postgresql://of-the-suites:password@db.example.com/todo?sslmode=require";

/** The SDK's own class encrypts whatever it is given; other ways to make a Secret do not. */
const plainSecret = `
import { CustomResource } from "@pulumi/pulumi";
const inputs = { metadata: { name: "plain" }, stringData: { OWN: "text" } };
class Plain extends CustomResource {}
new Plain("kubernetes:core/v1:Secret", "plain", inputs, { provider });
`;

describeEngine("a fresh clone, before anything of production exists", () => {
  let checkout: Checkout;

  beforeAll(() => {
    checkout = Checkout.clone();
    // A state of its own, as a newcomer's commands make it.
    Object.assign(checkout.environment, { PULUMI_BACKEND_URL: undefined, PULUMI_CONFIG_PASSPHRASE: undefined });
  });
  afterAll(() => checkout.remove());

  const preview = () => checkout.run("preview", "--", "--stack", "prod");
  const pulumi = (...args: readonly string[]) => checkout.run("pulumi", "--", ...args, "--stack", "prod");

  test("is told all that is to be set, by commands that work as they stand, and then shows the whole plan", async () => {
    const { code, output } = await preview();
    expect(code).toBe(1);
    const commands = [...output.matchAll(/mend it with: npm run (pulumi -- .*)/g)].map(([, command = ""]) => command);
    expect(commands).toHaveLength(4);
    for (const command of commands) {
      const set = await checkout.feed(address, ...command.split(" ")).finished;
      expect(set).toEqual({ code: 0, output: "" });
    }
    const plan = (await preview()).output;
    expect(plan).toMatch(/Policy Packs run:.*todo-stack/s);
    expect(plan).not.toMatch(/\[(mandatory|advisory)]/);
    for (const kind of ["Namespace", "Deployment", "HorizontalPodAutoscaler", "Ingress", "NetworkPolicy"])
      expect(plan).toMatch(new RegExp(`^${kind} todo.* would be added:$`, "m"));
    expect(plan).not.toContain("of-the-suites");
  });

  test("is refused what the policies refuse, in a preview and before an update changes anything", async () => {
    await pulumi("config", "set", "--path", "values.backend.autoscaling.minReplicas", "1");
    checkout.append("index.ts", plainSecret);
    const updated = await pulumi("up", "--yes", "--policy-pack", "policy");
    for (const { code, output } of [await preview(), updated]) {
      expect(code).not.toBe(0);
      expect(output).toContain("HorizontalPodAutoscaler todo/todo-backend, spec.minReplicas: minReplicas is 1");
      expect(output).toContain("pulumi config set --stack prod --path values.backend.autoscaling.minReplicas 2");
      expect(output).toContain("Secret plain, stringData OWN: it is not encrypted in Pulumi's state");
    }
    const state = JSON.parse((await pulumi("stack", "export")).output) as { deployment: { resources?: unknown[] } };
    expect(state.deployment.resources ?? []).toEqual([]);
  });
});
