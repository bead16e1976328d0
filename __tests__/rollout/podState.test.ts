import { expect, test } from "@jest/globals";
import { podState, type StatedPod } from "../../rollout/podState.ts";

const pod = (status: StatedPod["status"], metadata: Partial<StatedPod["metadata"]> = {}): StatedPod => ({
  metadata: { name: "todo-backend-1", ...metadata },
  ...(status === undefined ? {} : { status }),
});
const ready = [{ type: "Ready", status: "True" }];

test.each([
  ["starting", undefined],
  ["Unschedulable", { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] }],
  ["starting: migrate", { initContainerStatuses: [{ name: "migrate", state: {} }] }],
  [
    "starting",
    {
      initContainerStatuses: [{ name: "migrate", state: { terminated: { exitCode: 0 } } }],
      containerStatuses: [{ name: "backend", state: { waiting: { reason: "PodInitializing" } } }],
    },
  ],
  ["running, not ready", { containerStatuses: [{ name: "backend", ready: false, state: {} }] }],
  ["ready", { conditions: ready, containerStatuses: [{ name: "backend", ready: true, state: {} }] }],
  [
    "CrashLoopBackOff",
    { containerStatuses: [{ name: "backend", state: { waiting: { reason: "CrashLoopBackOff" } } }] },
  ],
  ["done", { phase: "Succeeded" }],
] as const)("%s", (expected, status) => {
  expect(podState(pod(status))).toBe(expected);
});

test("a pod on its way out is ending, however ready it is", () => {
  expect(podState(pod({ conditions: ready }, { deletionTimestamp: "2026-01-01T00:00:00Z" }))).toBe("ending");
});

test("a pod that serves again after a bad end is ready", () => {
  const lastState = { terminated: { reason: "OOMKilled", exitCode: 137 } };
  const containerStatuses = [{ name: "backend", ready: true, restartCount: 1, state: {}, lastState }];
  expect(podState(pod({ conditions: ready, containerStatuses }))).toBe("ready");
  expect(podState(pod({ containerStatuses: [{ ...containerStatuses[0], name: "backend", ready: false }] }))).toBe(
    "OOMKilled",
  );
});
