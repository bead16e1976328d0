import { expect, test } from "@jest/globals";
import type { CommandRunner } from "../../components/node/process.ts";
import { type Pod, podProblems, unreadyContainers } from "../../rollout/podProblems.ts";
import { watchRollout } from "../../rollout/watch.ts";

const pod = (status: NonNullable<Pod["status"]>, name = "todo-backend-1"): Pod => ({ metadata: { name }, status });

test("a pod that serves or only starts has no problem", () => {
  expect(podProblems(pod({ containerStatuses: [{ name: "backend", ready: true, state: {} }] }))).toEqual([]);
  const creating = { waiting: { reason: "ContainerCreating" } };
  expect(podProblems(pod({ containerStatuses: [{ name: "backend", ready: false, state: creating }] }))).toEqual([]);
});

test.each([
  [
    { waiting: { reason: "CrashLoopBackOff", message: "back-off" } },
    { terminated: { exitCode: 1, reason: "Error" } },
    "CrashLoopBackOff",
  ],
  [{ waiting: { reason: "CrashLoopBackOff" } }, { terminated: { exitCode: 137, reason: "OOMKilled" } }, "OOMKilled"],
  [{ waiting: { reason: "ErrImageNeverPull" } }, {}, "ErrImageNeverPull"],
  [{ terminated: { exitCode: 3, reason: "Error" } }, {}, "Error"],
])("%p after %p is told as %s", (state, lastState, reason) => {
  const [problem] = podProblems(pod({ containerStatuses: [{ name: "backend", state, lastState }] }));
  expect(problem).toMatchObject({ pod: "todo-backend-1", container: "backend", reason });
  expect(problem?.remedy).not.toBe("");
});

test("a failed migration is found in the init container, a pod without room by its condition", () => {
  const migrate = { name: "migrate", state: { terminated: { exitCode: 1, reason: "Error" } } };
  expect(podProblems(pod({ initContainerStatuses: [migrate] }))).toMatchObject([{ container: "migrate" }]);
  const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" };
  expect(podProblems(pod({ conditions: [condition] }))).toMatchObject([
    { reason: "Unschedulable", message: "0/1 nodes" },
  ]);
});

test("a container that runs but never answers its probe is told when nothing worse was seen", () => {
  expect(unreadyContainers(pod({ containerStatuses: [{ name: "backend", ready: false, state: {} }] }))).toMatchObject([
    { reason: "NotReady" },
  ]);
});

test("the watch tells of new pods alone, with the last lines of their log, also when they are gone at the end", async () => {
  const crashing = pod(
    { containerStatuses: [{ name: "backend", state: { waiting: { reason: "CrashLoopBackOff" } } }] },
    "new",
  );
  const old = { ...crashing, metadata: { name: "old" } };
  const answers = [[old], [old, crashing], [old]];
  const run: CommandRunner = {
    output: async (command) => {
      if (command.includes("logs")) return "ImportError: no module\n";
      return JSON.stringify({ items: answers.shift() ?? [old] });
    },
    pipe: async () => undefined,
  };
  const watch = await watchRollout({ kubectl: "kubectl", context: "c", namespace: "n", releaseName: "todo" }, run);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const told = await watch.stop();
  expect(told).toContain("pod new, container backend: CrashLoopBackOff");
  expect(told).toContain("ImportError: no module");
  expect(told).not.toContain("pod old");
});
