import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { down } from "../../commands/deploy/down.ts";
import { up } from "../../commands/deploy/up.ts";
import { isRunning } from "../../commands/support/process.ts";
import { fetchOf, pageUrl, TestMachine } from "./support/machine.ts";

let on: TestMachine;

afterEach(() => {
  on.dispose();
});

test("a Minikube that does not publish the port gets a port-forward on it, which down ends", async () => {
  // The page answers through the port-forward only.
  on = new TestMachine({
    fetch: fetchOf((url) =>
      url.includes("docker.io") ? 401 : url.startsWith(pageUrl) && on.has("forwarded") ? 200 : undefined,
    ),
  });
  on.install("pulumi", "minikube", "docker", "kubectl");
  await expect(up([], on.machine)).resolves.toBe(0);
  expect(on.calls().at(-1)).toBe(
    "kubectl --context minikube --namespace todo port-forward --address 127.0.0.1 service/todo-frontend 30977:80",
  );
  const { pid } = JSON.parse(on.read("checkout/.state/port-forward.local.json")) as { pid: number };
  await down([], on.machine);
  expect(on.has("checkout/.state/port-forward.local.json")).toBe(false);
  for (let left = 50; left > 0 && isRunning(pid); left--) await sleep(20);
  expect(isRunning(pid)).toBe(false);
});
