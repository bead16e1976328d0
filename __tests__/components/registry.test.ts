import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { publishedImageHandler } from "../../components/image/publishedImageHandler.ts";
import { imageAddress, isLoopback } from "../../components/image/registry/address.ts";
import { answerChallenge, parseChallenge } from "../../components/image/registry/authorization.ts";
import { findImage } from "../../components/image/registry/findImage.ts";
import { dockerLogin, type Login } from "../../components/image/registry/login.ts";
import { RegistryServer } from "../support/registryServer.ts";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const folder = mkdtempSync(join(tmpdir(), "todo-stack-docker-"));
const path = process.env.PATH;

let registry: RegistryServer;
beforeEach(async () => {
  registry = await new RegistryServer().start();
  registry.tags.set("acme/app:1", digest);
});
afterEach(async () => {
  process.env.PATH = path;
  await registry.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

const login: Login = { username: "reader", password: "pass:word" };
const find = (tag = "1", given: Login | undefined = login) =>
  findImage(`${registry.address}/acme/app:${tag}`, async () => given);

describe("a registry", () => {
  test.each(["open", "basic", "bearer"] as const)("with the lock %s tells the digest of a tag", async (lock) => {
    registry.lock = lock;
    await expect(find()).resolves.toEqual({ digest });
    await expect(find("2")).resolves.toEqual({ absent: true });
  });

  test("is shown no login before it asks for one", async () => {
    registry.lock = "bearer";
    await find();
    const path = "/v2/acme/app/manifests/1";
    expect(registry.asked).toEqual([`HEAD ${path} nothing`, "GET /token Basic", `HEAD ${path} Bearer`]);
  });

  test("gives a token for an identity token too", async () => {
    registry.lock = "bearer";
    await expect(find("1", { identityToken: "kept-token" })).resolves.toEqual({ digest });
    expect(registry.asked).toContain("POST /token nothing");
  });

  test("that tells no digest has its manifest hashed", async () => {
    registry.tellsDigest = false;
    const found = await find();
    // printf "a manifest" | sha256sum
    expect(found).toEqual({ digest: "sha256:e59625a822497c164d60705eb3fd6975c375ca213b8140137a826a77790986a9" });
    registry.lock = "basic";
    expect(await find()).toEqual(found);
  });

  test.each([
    [
      "another login",
      "bearer",
      { username: "reader", password: "wrong-marker" },
      /127.0.0.1:\d+ refuses the login \(401\)/,
    ],
    ["no login", "basic", undefined, /wants a login/],
    ["a wrong password", "basic", { username: "reader", password: "wrong-marker" }, /answers 401/],
  ] as const)("given %s is a problem without the login in it", async (_what, lock, given, problem) => {
    registry.lock = lock;
    const found = await findImage(`${registry.address}/acme/app:1`, async () => given);
    expect(found).toEqual({ problem: expect.stringMatching(problem) });
    expect(JSON.stringify(found)).not.toContain("wrong-marker");
  });

  test("that is broken, or away, is a problem", async () => {
    registry.status = 503;
    await expect(find()).resolves.toEqual({ problem: expect.stringMatching(/answers 503/) });
    await registry.stop();
    expect(await find()).toEqual({ problem: expect.stringContaining("ECONNREFUSED") });
  });

  test("that is not on this machine is never spoken with in plain text", async () => {
    const asked: string[] = [];
    const found = await findImage(
      "registry.example.com/acme/app:1",
      async () => login,
      async (url) => {
        asked.push(String(url));
        throw new Error("no TLS");
      },
    );
    expect(found).toEqual({ problem: "no TLS" });
    expect(asked).toEqual(["https://registry.example.com/v2/acme/app/manifests/1"]);
    const challenge = parseChallenge('Bearer realm="http://elsewhere.example.com/token"');
    const never = () => Promise.reject(new Error("asked"));
    await expect(answerChallenge(challenge, login, never)).rejects.toThrow(/without encryption/);
  });
});

test.each([
  ["ghcr.io/acme/app:1", "ghcr.io", "acme/app", "ghcr.io"],
  ["docker.io/acme/app:1", "registry-1.docker.io", "acme/app", "https://index.docker.io/v1/"],
  ["docker.io/app:1", "registry-1.docker.io", "library/app", "https://index.docker.io/v1/"],
  ["localhost:5000/a/b/app:1", "localhost:5000", "a/b/app", "localhost:5000"],
])("%s is kept at %s", (reference, host, name, loginKey) => {
  expect(imageAddress(reference)).toEqual({ host, name, loginKey, tag: "1" });
});

test.each([
  ["localhost:5000", true],
  ["127.0.0.1", true],
  ["[::1]:5000", true],
  ["localhost.example.com", false],
  ["127.0.0.1.example.com", false],
])("%s is this machine: %p", (host, expected) => expect(isLoopback(host)).toBe(expected));

describe("Docker's own configuration", () => {
  const write = (configuration: unknown) =>
    writeFileSync(
      join(folder, "config.json"),
      typeof configuration === "string" ? configuration : JSON.stringify(configuration),
    );
  /** A credential helper as Docker starts it: `docker-credential-<name> get`, with the registry on standard input. */
  const helper = (name: string, script: string) => {
    writeFileSync(join(folder, `docker-credential-${name}`), `#!/bin/sh\n[ "$1" = get ] || exit 3\n${script}\n`);
    chmodSync(join(folder, `docker-credential-${name}`), 0o755);
    process.env.PATH = [folder, path].join(delimiter);
  };
  const auth = Buffer.from("somebody:a:b").toString("base64");

  test.each([
    ["a login", { auths: { "ghcr.io": { auth } } }, { username: "somebody", password: "a:b" }],
    [
      "a login of an old client",
      { auths: { "https://ghcr.io/v2/": { auth } } },
      { username: "somebody", password: "a:b" },
    ],
    ["a token", { auths: { "ghcr.io": { auth, identitytoken: "t" } } }, { identityToken: "t" }],
    ["another registry's login", { auths: { "quay.io": { auth } } }, undefined],
    ["nothing", {}, undefined],
  ])("has %s", async (_what, configuration, expected) => {
    write(configuration);
    await expect(dockerLogin(folder, "ghcr.io")).resolves.toEqual(expected);
  });

  test("may not be there", async () => {
    await expect(dockerLogin(join(folder, "none"), "ghcr.io")).resolves.toBeUndefined();
  });

  test("that is no JSON is named, and not repeated", async () => {
    write("{ marker");
    const asked = dockerLogin(folder, "ghcr.io");
    await expect(asked).rejects.toThrow(/config.json cannot be read.*docker login/);
    await expect(asked).rejects.not.toThrow(/marker/);
  });

  test("names a helper, for a registry before for all", async () => {
    helper("one", `[ "$(cat)" = ghcr.io ] && echo '{"Username":"u","Secret":"s"}'`);
    helper("all", `echo '{"Username":"<token>","Secret":"t"}'`);
    write({ credsStore: "all", credHelpers: { "ghcr.io": "one" } });
    await expect(dockerLogin(folder, "ghcr.io")).resolves.toEqual({ username: "u", password: "s" });
    await expect(dockerLogin(folder, "quay.io")).resolves.toEqual({ identityToken: "t" });
  });

  test("names a helper that has nothing, fails or is not there", async () => {
    helper("all", "echo 'credentials not found in native keychain'; exit 1");
    write({ credsStore: "all" });
    await expect(dockerLogin(folder, "ghcr.io")).resolves.toBeUndefined();
    helper("all", "echo 'locked'; exit 1");
    await expect(dockerLogin(folder, "ghcr.io")).rejects.toThrow(
      /docker-credential-all gave no login.*docker login ghcr.io/,
    );
    helper("all", "echo 'secret-marker'");
    await expect(dockerLogin(folder, "ghcr.io")).rejects.toThrow(/^docker-credential-all answers otherwise[^']*does$/);
    write({ credsStore: "missing" });
    await expect(dockerLogin(folder, "ghcr.io")).rejects.toThrow(/docker-credential-missing.*does not answer/);
  });
});

describe("whether an image is built", () => {
  type Kept = Awaited<ReturnType<NonNullable<typeof publishedImageHandler.check>>>["inputs"];
  /** One update: what the registry says, after what the last one has kept. */
  const decide = async (olds: Partial<Kept>, tag: string, found: string): Promise<Kept> => {
    const checked = await publishedImageHandler.check?.(olds, { reference: `r/app:${tag}`, found });
    return checked?.inputs ?? { reference: "" };
  };
  const differs = async (olds: Kept, news: Kept) => (await publishedImageHandler.diff(olds, news)).changes;

  test.each(["absent", "unknown"])("new content is, where the registry says %s", async (found) => {
    expect(await decide({}, "1", found)).toMatchObject({ builds: true, digest: "", generation: 1, previous: "" });
  });

  test("content that is there is not, whoever pushed it", async () => {
    expect(await decide({}, "1", digest)).toMatchObject({ builds: false, digest });
    const built = await decide({}, "1", "absent");
    expect(await decide(built, "2", digest)).toMatchObject({ builds: false, digest, reference: "r/app:2" });
  });

  test.each([digest, "unknown"])("nothing changed is no difference, where the registry says %s", async (found) => {
    for (const first of ["absent", digest]) {
      const kept = await decide({}, "1", first);
      expect(await differs(kept, await decide(kept, "1", found))).toBe(false);
    }
  });

  test("a digest that was deployed stays, also where the tag was pushed again", async () => {
    const kept = await decide({}, "1", digest);
    expect(await differs(kept, await decide(kept, "1", other))).toBe(false);
  });

  test("what the registry has lost is, each time under another count", async () => {
    const built = await decide({}, "1", "absent");
    const again = await decide(built, "1", "absent");
    expect(again).toMatchObject({ builds: true, generation: 2 });
    expect(await differs(built, again)).toBe(true);
    const found = await decide({}, "1", digest);
    expect(await decide(found, "1", "absent")).toMatchObject({ builds: true, digest: "", generation: 1 });
  });

  test("content that was built, left and lost meanwhile is built under another count", async () => {
    const one = await decide({}, "1", "absent");
    const two = await decide(one, "2", digest);
    expect(await decide(two, "1", "absent")).toMatchObject({ builds: true, generation: 2 });
  });

  test("a build begins with the layers of what was deployed before, also when it is repeated", async () => {
    const one = await decide({}, "1", digest);
    const two = await decide(one, "2", "absent");
    expect(two.previous).toBe("r/app:1");
    expect((await decide(two, "2", "absent")).previous).toBe("r/app:1");
  });
});
