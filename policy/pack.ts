import { type EnforcementLevel, type Policies, PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import { Config, getStack } from "@pulumi/pulumi";
import { thisMachine } from "../commands/support/machine.ts";
import { chosenProfile } from "../components/configuration/parse.ts";
import { checkResource, checkTogether, type Findings, type Stack, unreadable } from "./check.ts";
import { readProperties } from "./properties.ts";
import { describeViolation } from "./rule.ts";
import { logLevel } from "./rules/logLevel.ts";
import { replicas } from "./rules/replicas.ts";
import { rules } from "./rules.ts";

const configuration = new Config();
const stack: Stack = {
  stack: getStack(),
  production: chosenProfile(configuration.get("profile") || undefined, getStack()) === "production",
  env: Object.keys(configuration.getObject<object>("env") ?? {}),
};
const machine = thisMachine();

/** What a remediation has been told is encrypted, by the resource's name for the engine. */
const encrypted = new Map<string, readonly string[]>();

/** The chart is rendered once for all policies: the same inputs have the same findings. */
const findings = new Map<string, Promise<Findings>>();

/** Production is refused; a local stack is told. */
const level: EnforcementLevel = stack.production ? "mandatory" : "advisory";

/** A debug level may be allowed for one update, as the program itself allows it. */
function levelOf(name: string): EnforcementLevel {
  const allowed = (process.env.TODO_STACK_ALLOW ?? "").split(",").map((word) => word.trim());
  return name === logLevel.name && allowed.includes("debug") ? "advisory" : level;
}

const policies: Policies = [
  {
    name: "encrypted-inputs",
    description: "Changes nothing: only here an input tells whether Pulumi holds it encrypted.",
    enforcementLevel: "remediate",
    remediateResource: ({ urn, props }) => {
      encrypted.set(urn, readProperties(props).encrypted);
      return undefined;
    },
  },
  ...[...rules, { name: unreadable, description: "A release must be one that can be looked into." }].map(
    ({ name, description }): ResourceValidationPolicy => ({
      name,
      description,
      enforcementLevel: levelOf(name),
      validateResource: async ({ urn, type, props }, report) => {
        if (!type.startsWith("kubernetes:")) return;
        const { plain } = readProperties(props);
        const found = await find(urn, type, plain);
        for (const violation of found.get(name) ?? []) report(describeViolation(violation), urn);
      },
    }),
  ),
  {
    name: `${replicas.name}-together`,
    description: replicas.description,
    enforcementLevel: level,
    validateStack: ({ resources }, report) => {
      const checked = resources.map(({ type, props }) => ({ type, ...readProperties(props) }));
      const found = checkTogether(stack, checked);
      for (const violation of found.get(replicas.name) ?? []) report(describeViolation(violation));
    },
  },
];

new PolicyPack("todo-stack", { enforcementLevel: level, policies });

function find(urn: string, type: string, plain: unknown): Promise<Findings> {
  const key = `${urn} ${JSON.stringify(plain)}`;
  const known = findings.get(key);
  if (known !== undefined) return known;
  const fresh = checkResource(machine, stack, { type, plain, encrypted: encrypted.get(urn) ?? [] });
  findings.set(key, fresh);
  return fresh;
}
