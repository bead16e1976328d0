import { randomBytes } from "node:crypto";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Deployment, eventually } from "./support/deployment.ts";
import { giveSecrets } from "./support/stackSecrets.ts";

const first = new Deployment();
const { checkout } = first;

/** Brings an example's stack, by the commands of its README, with a port of its own. */
function bring(name: string, offset: number): string {
  const port = Number(new URL(first.url).port) + offset;
  copyFileSync(
    join(checkout.folder, "examples", name, `Pulumi.${name}.yaml`),
    join(checkout.folder, `Pulumi.${name}.yaml`),
  );
  checkout.configure({ nodePort: String(port) }, name);
  return `http://127.0.0.1:${port}`;
}

async function deploy(name: string, url: string): Promise<void> {
  const output = await checkout.succeed("up", "--", "--stack", name);
  expect(output.trimEnd().split("\n").at(-1)).toBe(url);
}

const takeDown = (name: string) => checkout.succeed("down", "--", "--stack", name, "--yes");

describe("a page of files on an API without a database", () => {
  const deployment = new Deployment("oracle");
  let url: string;
  beforeAll(async () => {
    url = bring("oracle", 2);
    await deploy("oracle", url);
  });
  afterAll(() => takeDown("oracle"));

  test("is deployed by configuration alone: the page, and its API under the same address", async () => {
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("The oracle");
    const answer = await fetch(`${url}/api/answer`, { method: "POST" });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ text: expect.stringContaining("the oracle of Minikube") });
  });

  test("has no database, and no Secret for one", async () => {
    expect((await deployment.pods()).map(({ component }) => component).sort()).toEqual(["backend", "frontend"]);
    const secrets = await deployment.kubectl("get", "secrets", "--output", "name");
    expect(secrets.split("\n").filter((name) => name !== "" && !name.includes("sh.helm.release"))).toEqual([]);
  });

  test("a second update changes nothing", async () => {
    expect(await checkout.succeed("up", "--", "--stack", "oracle")).toContain("Nothing changed.");
  });
});

describe("a server with sessions on an API with migrations, a worker and a job", () => {
  const deployment = new Deployment("library");
  let url: string;
  let cookie: string;
  beforeAll(async () => {
    url = bring("library", 3);
    await giveSecrets(checkout, [{ name: "JWT_SECRET", value: randomBytes(32).toString("hex") }], "library");
    await deploy("library", url);
  });
  afterAll(async () => {
    await takeDown("library");
    delete checkout.environment.PULUMI_CONFIG;
    delete checkout.environment.PULUMI_CONFIG_SECRET_KEYS;
  });

  const enter = (door: string, password: string) =>
    fetch(`${url}/api/${door}`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ name: "ada", password }),
    });
  const books = async () => (await fetch(`${url}/books`, { headers: { cookie } })).text();

  test("the page says what it was built with, and who joins gets a cookie that no script can read", async () => {
    expect(await (await fetch(url)).text()).toContain("The Reading Room");
    const joined = await enter("members", "correct horse battery");
    expect([joined.status, joined.headers.get("location")]).toEqual([303, "/books"]);
    const set = joined.headers.get("set-cookie") ?? "";
    expect(set).toMatch(/HttpOnly/i);
    expect(set).toMatch(/SameSite=lax/i);
    cookie = set.split(";")[0] ?? "";
  });

  test("the cookie opens the shelf, which the migrations have filled; without it there is none", async () => {
    expect(await books()).toMatch(/<form/);
    const stranger = await fetch(`${url}/books`, { redirect: "manual" });
    expect(stranger.status).toBeGreaterThanOrEqual(300);
    expect((await enter("session", "wrong password")).headers.get("location")).toBe("/?problem=401");
  });

  test("the worker runs beside the API, and the job when it is its time", async () => {
    const pods = await deployment.pods();
    expect(pods.map(({ component }) => component)).toEqual(expect.arrayContaining(["backend", "frontend", "postman"]));
    for (const pod of pods.filter(({ component }) => component === "postman")) {
      expect(pod).toMatchObject({ ready: true, restarts: 0 });
    }
    await deployment.kubectl("create", "job", "overdue-now", "--from", "cronjob/library-overdue");
    await deployment.kubectl("wait", "--for=condition=complete", "job/overdue-now", "--timeout=60s");
    const logs = await checkout.succeed("logs", "--", "postman", "--stack", "library");
    expect(logs).toMatch(/postman/);
  });

  test("what the pods run as is what the restricted Pod Security Standard asks for", async () => {
    const label = await deployment.kubectl("get", "namespace", "library", "--output", "jsonpath={.metadata.labels}");
    expect(label).toContain('"pod-security.kubernetes.io/enforce":"restricted"');
  });

  test("an edit of the API rolls the API and its worker, and the page answers all the while", async () => {
    const before = await deployment.pods();
    checkout.replace("examples/library/backend/src/library/main.py", 'title="Lending library"', 'title="The library"');
    let failed = 0;
    let asked = 0;
    const watching = setInterval(async () => {
      asked += 1;
      const { status } = await fetch(url).catch(() => ({ status: 0 }));
      if (status !== 200) failed += 1;
    }, 100);
    await checkout.succeed("up", "--", "--stack", "library").finally(() => clearInterval(watching));
    await eventually(async () => {
      const after = await deployment.pods();
      const uids = (component: string, pods: typeof after) =>
        pods.filter((pod) => pod.component === component).map(({ uid }) => uid);
      expect(uids("frontend", after)).toEqual(uids("frontend", before));
      for (const component of ["backend", "postman"]) {
        expect(uids(component, after)).toHaveLength(1);
        expect(uids(component, after)).not.toEqual(uids(component, before));
      }
    }, 60);
    expect({ failed, asked: asked > 10 }).toEqual({ failed: 0, asked: true });
  });
});
