import { expect, test } from "@jest/globals";
import { type Pod, podProblems, unreadyContainers } from "../../rollout/podProblems.ts";
import type { PodSource } from "../../rollout/pods.ts";
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

test("the container of a Job that has done its work is not unready", () => {
  const state = { terminated: { reason: "Completed", exitCode: 0 } };
  expect(unreadyContainers(pod({ containerStatuses: [{ name: "login", ready: false, state }] }))).toEqual([]);
});

test("the watch tells of new pods alone, with the last lines of their log, also when they are gone at the end", async () => {
  const crashing = pod(
    { containerStatuses: [{ name: "backend", state: { waiting: { reason: "CrashLoopBackOff" } } }] },
    "new",
  );
  const old = { ...crashing, metadata: { name: "old" } };
  const pods = podsThatAnswer([[old], [old, crashing], [old]]);
  const watch = await watchRollout(pods, { pollMilliseconds: 5 });
  await pods.seen;
  const told = await watch.stop();
  expect(told).toContain("pod new, container backend: CrashLoopBackOff");
  expect(told).toContain("ImportError: no module");
  expect(told).not.toContain("pod old");
});

test("a problem is reported when it is seen, once a container", async () => {
  const failed = (reason: string): Pod =>
    pod({ containerStatuses: [{ name: "backend", state: { waiting: { reason } } }] }, "new");
  const reports: string[] = [];
  const pods = podsThatAnswer([[], [failed("ErrImagePull")], [failed("ImagePullBackOff")]]);
  const watch = await watchRollout(pods, { report: (line) => reports.push(line), pollMilliseconds: 5 });
  await pods.seen;
  await watch.stop();
  expect(reports).toHaveLength(1);
  expect(reports[0]).toContain("pod new, container backend: ErrImagePull");
  expect(reports[0]).toContain("check the image's name");
});

test("a start that the runtime failed at is told once it has failed again, and not where the next one serves", async () => {
  const start = (state: object, lastState: object = {}): Pod =>
    pod({ containerStatuses: [{ name: "backend", state, lastState }] }, "new");
  const failing = start({ waiting: { reason: "RunContainerError", message: "runc create failed" } });
  const again = start({}, { terminated: { exitCode: 128, reason: "StartError" } });
  const looping = start({ waiting: { reason: "CrashLoopBackOff" } });
  const reportsOf = async (...answers: Pod[]): Promise<string[]> => {
    const reports: string[] = [];
    const pods = podsThatAnswer([[], ...answers.map((answer) => [answer])]);
    const watch = await watchRollout(pods, { report: (line) => reports.push(line), pollMilliseconds: 5 });
    await pods.seen;
    await watch.stop();
    return reports;
  };
  expect(await reportsOf(failing, again)).toEqual([]);
  expect(await reportsOf(failing, looping)).toEqual([expect.stringContaining("CrashLoopBackOff")]);
});

test("a container that stays unready is reported after a while, with its log", async () => {
  const unready = pod({ containerStatuses: [{ name: "backend", ready: false, state: {} }] }, "new");
  const reports: string[] = [];
  const options = { report: (line: string) => reports.push(line), pollMilliseconds: 5 };
  const pods = podsThatAnswer([[], [unready]]);
  const watch = await watchRollout(pods, { ...options, unreadyMilliseconds: 1000 });
  await pods.seen;
  expect(reports).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await watch.stop();
  expect(reports).toHaveLength(1);
  expect(reports[0]).toContain("NotReady");
  expect(reports[0]).toContain("ImportError: no module");
});

test("a cluster that does not answer the watch fails no deployment", async () => {
  const refusing: PodSource = { list: () => Promise.reject(new Error("gone")), log: async () => "" };
  const watch = await watchRollout(refusing, { pollMilliseconds: 5 });
  await expect(watch.stop()).resolves.toBe("");
});

/** Gives one answer after the other, and the last one from then on; `seen` once the watch has looked at each of them. */
function podsThatAnswer(answers: Pod[][]): PodSource & { readonly seen: Promise<void> } {
  const rest = [...answers];
  const seen = Promise.withResolvers<void>();
  let asked = 0;
  return {
    seen: seen.promise,
    list: async () => {
      asked += 1;
      // Whoever asks again has done with what came before.
      if (asked > answers.length + 1) seen.resolve();
      return (rest.length > 1 ? rest.shift() : rest[0]) ?? [];
    },
    log: async () => "ImportError: no module",
  };
}
