import { parseArgs } from "node:util";
import type { Machine } from "../support/machine.ts";
import { type Check, type Finding, runCheck } from "./check.ts";
import { checkContext, checkDockerHub, checkPort, checkTool } from "./deployment.ts";
import { checkDisk, checkEngine, checkNode, checkNpm, checkPower } from "./system.ts";

const checks: Readonly<Record<string, Check>> = {
  "Node.js": checkNode,
  npm: checkNpm,
  "Docker engine": checkEngine,
  Disk: checkDisk,
  "CPUs and memory": checkPower,
  Port: checkPort,
  Pulumi: checkTool("pulumi", "Pulumi"),
  Minikube: checkTool("minikube", "Minikube"),
  kubectl: checkTool("kubectl", "kubectl"),
  "Docker Hub": checkDockerHub,
  "Kubernetes context": checkContext,
};

/** `npm run doctor`: looks at everything at once; 1 where something stops `npm run up`. */
export async function doctor(args: readonly string[], machine: Machine): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } } });
  const findings = await Promise.all(Object.entries(checks).map(([name, check]) => runCheck(machine, name, check)));
  if (values.json) machine.log(JSON.stringify(findings, null, 2));
  else report(machine, findings);
  return findings.some(({ status }) => status === "missing") ? 1 : 0;
}

function report(machine: Machine, findings: readonly Finding[]): void {
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const { name, status, found, remedy } of findings) {
    machine.log(`${status.padEnd(7)}  ${name.padEnd(width)}  ${found}`);
    if (remedy !== undefined)
      machine.log(`${" ".repeat(width + 11)}${remedy.replaceAll("\n", `\n${" ".repeat(width + 11)}`)}`);
  }
  const missing = findings.filter(({ status }) => status === "missing").length;
  machine.log(missing === 0 ? "\nNothing stops: npm run up" : `\n${missing} missing: mend that, then: npm run up`);
}
