import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { previewProgram } from "../../sandbox/runner/index.ts";

const folder = mkdtempSync(join(tmpdir(), "todo-stack-runner-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(["{enabled: true}", '{"enabled": "true", "provider": "ollama"}'])(
  "the runner refuses kagent before it looks at anything: %s",
  async (kagent) => {
    const stackFile = join(folder, "Pulumi.local.yaml");
    writeFileSync(join(folder, "Pulumi.yaml"), "name: todo-stack\nruntime: nodejs\n");
    writeFileSync(stackFile, `config:\n  todo-stack:kagent: ${kagent}\n`);
    const refused = previewProgram({
      ...{ stack: "local", stackFile, kubeconfig: "none", docker: "none", helm: "none", kubectl: "none" },
      log: () => undefined,
    });
    await expect(refused).rejects.toThrow("kagent needs the Pulumi CLI");
  },
);
