import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { cacheFolder } from "../../sandbox/support/cache.ts";
import { keyOf, keyOfFiles } from "../../sandbox/support/hash.ts";
import { identityOf, withLock } from "../../sandbox/support/lock.ts";
import { duration } from "../../sandbox/support/log.ts";
import { attempt, CommandError, run } from "../../sandbox/support/run.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const NODE = process.execPath;

describe("a command", () => {
  test("gives its standard output", async () => {
    expect(await run([NODE, "-e", "console.log('a\\nb'); console.error('c')"])).toBe("a\nb");
  });

  test("that fails says which it was, its exit code and its last lines", async () => {
    const failing = run([NODE, "-e", "for (let i = 0; i < 99; i++) console.log('line', i); process.exit(7)"]);
    const error = await failing.then(
      () => undefined,
      (reason: unknown) => reason as CommandError,
    );
    expect(error).toBeInstanceOf(CommandError);
    expect(error?.code).toBe(7);
    expect(error?.message).toContain("ended with 7");
    expect(error?.lastLines.at(-1)).toBe("line 98");
    expect(error?.message).not.toContain("line 80");
  });

  test("that does not exist ends with 127", async () => {
    expect((await attempt(["no-such-program-anywhere"])).code).toBe(127);
  });

  test("gets its arguments and its input as they are", async () => {
    const input = join(folder, "input");
    await writeFile(input, "from a file");
    const echo = "process.stdin.pipe(process.stdout); console.log(process.argv[1])";
    expect(await run([NODE, "-e", echo, "$(id); `x` *"], { inputFile: input })).toBe("$(id); `x` *\nfrom a file");
  });

  test("writes all it says to a log", async () => {
    const logFile = join(folder, "logs", "x.log");
    await run([NODE, "-e", "console.log('out'); console.error('err')"], { logFile });
    const log = await readFile(logFile, "utf8");
    expect(log).toContain("out\n");
    expect(log).toContain("err\n");
  });
});

describe("a key", () => {
  test("changes with the order and with the borders of what it is made of", () => {
    expect(keyOf("a", "b")).not.toBe(keyOf("b", "a"));
    expect(keyOf("ab", "")).not.toBe(keyOf("a", "b"));
  });

  test("of a folder changes with names, contents and executable files", async () => {
    await mkdir(join(folder, "sub"));
    const file = join(folder, "sub", "one");
    await writeFile(file, "1");
    const keys = [await keyOfFiles(folder)];
    await writeFile(file, "2");
    keys.push(await keyOfFiles(folder));
    await chmod(file, 0o755);
    keys.push(await keyOfFiles(folder));
    await writeFile(join(folder, "two"), "");
    keys.push(await keyOfFiles(folder));
    expect(new Set(keys).size).toBe(4);
    await chmod(file, 0o700);
    expect(await keyOfFiles(folder)).toBe(keys.at(-1));
  });
});

describe("a lock", () => {
  test("lets one after the other through", async () => {
    const lock = join(folder, "lock");
    const events: string[] = [];
    const enter = (name: string) =>
      withLock(
        lock,
        "testing",
        () => undefined,
        async () => {
          events.push(`${name} in`);
          await new Promise((resolve) => setTimeout(resolve, 50));
          events.push(`${name} out`);
        },
      );
    await Promise.all([enter("a"), enter("b")]);
    expect(events[1]).toBe(events[0]?.replace("in", "out"));
    expect(events).toHaveLength(4);
  });

  test("is taken over from a process that is gone, also when its number is used again", async () => {
    const lock = join(folder, "lock");
    for (const owner of ["999999999 5", `${process.pid} 1`]) {
      await writeFile(lock, owner);
      expect(
        await withLock(
          lock,
          "testing",
          () => undefined,
          async () => "through",
        ),
      ).toBe("through");
    }
  });

  test("is given back after an error", async () => {
    const lock = join(folder, "lock");
    const failing = withLock(
      lock,
      "testing",
      () => undefined,
      () => Promise.reject(new Error("no")),
    );
    await expect(failing).rejects.toThrow("no");
    expect(
      await withLock(
        lock,
        "testing",
        () => undefined,
        async () => "through",
      ),
    ).toBe("through");
  });

  test("knows a process by its number and its start", async () => {
    expect(await identityOf(process.pid)).toMatch(new RegExp(`^${process.pid} \\S+$`));
    expect(await identityOf(999999999)).toBeUndefined();
  });
});

test("the caches are where the environment says", () => {
  expect(cacheFolder({ TODO_STACK_CACHE: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
  expect(cacheFolder({ XDG_CACHE_HOME: "/b" })).toBe("/b/todo-stack");
});

test("durations are readable", () => {
  expect(duration(4_400)).toBe("4 s");
  expect(duration(125_000)).toBe("2 min 05 s");
});
