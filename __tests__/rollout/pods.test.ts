import { expect, test } from "@jest/globals";
import { isNoLog, podsOf } from "../../rollout/pods.ts";

const removed = "unable to retrieve container logs for containerd://51da17c7";
const file = "/var/log/pods/todo_todo-backend-1_e729/backend/2.log";
const missing = `failed to try resolving symlinks in path "${file}": lstat ${file}: no such file or directory`;

/** The log of a container, from an API server that answers one question after the other so. */
async function logFrom(...answers: (string | Error)[]): Promise<{ readonly log: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const api = {
    get: async () => undefined,
    text: async (path: string) => {
      asked.push(/previous=(true|false)$/.exec(path)?.[1] === "true" ? "before" : "now");
      const answer = answers.shift() ?? "";
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const log = await podsOf(api, "todo", "todo").log({ pod: "todo-backend-1", container: "backend" });
  return { log, asked };
}

test("the run that ended is read, and the one of now where none has", async () => {
  expect(await logFrom("broken\n")).toEqual({ log: "broken", asked: ["before"] });
  const refused = new Error("previous terminated container not found");
  expect(await logFrom(refused, "starting")).toEqual({ log: "starting", asked: ["before", "now"] });
});

test("a container that was removed meanwhile is asked for anew, and what the kubelet says of it is no log", async () => {
  expect((await logFrom(removed, "broken", "starting")).log).toBe("broken");
  expect((await logFrom(removed, removed, "starting")).log).toBe("starting");
  expect((await logFrom(removed, removed, removed)).log).toBe("");
  expect((await logFrom(missing, "broken")).log).toBe("broken");
});

test("a program's own line about a file is its log", () => {
  expect([removed, `${missing}\n`].map(isNoLog)).toEqual([true, true]);
  expect(["failed to open log file", `started\n${missing}`, `${missing}\nstarted`].map(isNoLog)).toEqual([
    false,
    false,
    false,
  ]);
});
