import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { place } from "../e2e/support/clusterPlaces.ts";
import { readSecretObjects, secretsOf } from "../e2e/support/stackSecrets.ts";
import { searchSecrets } from "../support/secretSearch.ts";
import { describeEngine, EngineStack } from "./support/stack.ts";

const marker = `${randomBytes(16).toString("hex")}/+=&%`;

describeEngine("the lifecycle of the local stack", () => {
  const on = new EngineStack();

  test("a second update changes nothing, and a preview and a refresh see nothing", async () => {
    const before = await on.revision();
    expect((await on.preview()).changes).toEqual([]);
    expect((await on.up()).changes).toEqual([]);
    expect((await on.refresh()).changes).toEqual([]);
    expect(await on.revision()).toBe(before);
  });

  test("the outputs name the page, the images, the revision and the next commands", async () => {
    const outputs = await (await on.stack()).outputs();
    expect(outputs.url?.value).toBe(on.url);
    expect(outputs.images?.value.backend.reference).toMatch(/^todo-backend:1\.0\.0-[0-9a-f]{12}$/);
    expect(outputs.images?.value.backend.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(outputs.revision?.value).toBe(await on.revision());
    expect(Object.keys(outputs.commands?.value)).toEqual(expect.arrayContaining(["logs", "open"]));
  });

  test("no secret stands in plain text in the state, its files, a plan, an output, or what any command prints", async () => {
    const stack = await on.stack();
    await stack.setConfig("secretEnv.SIGNING_KEY", { value: marker, secret: true }, true);
    const plan = join(on.checkout.folder, ".state", "plan.json");
    const previewed = await on.preview({ plan });
    const compared = await on.checkout.succeed("preview");
    const updated = await on.up();
    const secrets = secretsOf(on, await readSecretObjects(on));
    expect(secrets).toContainEqual({ name: "SIGNING_KEY", value: marker });
    expect(secrets.map(({ name }) => name)).toEqual(expect.arrayContaining(["POSTGRES_PASSWORD", "DATABASE_URL"]));
    const passphrase = { name: "passphrase", value: process.env.PULUMI_CONFIG_PASSPHRASE ?? "" };
    const state = await on.exportedState();
    const places = [
      // An encrypted value, beside the mark that Pulumi gives to secrets.
      place("the exported state", state, '"todo/todo"', "1b47061264138c4ac30d75fd1eb44270", '"ciphertext"'),
      place("a preview", previewed.output, "environment", "Release"),
      place("npm run preview, with its differences", compared, "todo-backend would change:", "environment"),
      place("an update", updated.output, "environment", "Release"),
      place("a plan", readFileSync(plan, "utf8"), "resourcePlans"),
      place("the outputs", await on.pulumi("stack", "output", "--json"), on.url),
      place("the stack", await on.pulumi("stack", "--show-urns"), "::environment"),
      place("the stack's history", await on.pulumi("stack", "history", "--json", "--full-dates"), "resourceChanges"),
      place("the configuration as it is shown", await on.pulumi("config", "--json"), "todo-stack:secretEnv"),
      place("the configuration", on.checkout.read("Pulumi.local.yaml"), "SIGNING_KEY", "secure:"),
      { name: "the files of the state", contents: readAll(process.env.E2E_BACKEND ?? ""), witnesses: ['"todo/todo"'] },
    ];
    expect(searchSecrets(places, [...secrets, passphrase])).toEqual({ leaks: [], unread: [] });
  });

  test("of all that a Secret is made of the state has ciphertext only", async () => {
    const { deployment } = JSON.parse(await on.exportedState()) as { deployment: { resources: StateResource[] } };
    const made = deployment.resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
    const drawn = deployment.resources.filter(({ type }) => type === "random:index/randomPassword:RandomPassword");
    expect(made.length).toBeGreaterThanOrEqual(2);
    expect(drawn.length).toBeGreaterThanOrEqual(1);
    const values = [
      // The provider moves stringData into data, and Pulumi encrypts the map as a whole.
      ...made.flatMap(({ inputs, outputs }) => [inputs.data, outputs.data]),
      ...drawn.map(({ outputs }) => outputs.result),
    ];
    expect(values.length).toBeGreaterThanOrEqual(4);
    for (const value of values) expect(value).toMatchObject({ ciphertext: expect.stringMatching(/^v1:/) });
  });
});

/** What the suite reads of a resource in the state. */
interface StateResource {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The content of every file below a folder. */
function readAll(folder: string): Buffer[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}
