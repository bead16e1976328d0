import { expect, test } from "@jest/globals";
import { podsOf } from "../../rollout/pods.ts";

const removed = "unable to retrieve container logs for containerd://51da17c7";

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
});
