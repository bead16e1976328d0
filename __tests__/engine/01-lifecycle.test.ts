import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { describeEngine, EngineStack } from "./support/stack.ts";

/** A secret as it is, and as a Kubernetes Secret holds it. */
const secrets = (password: string): string[] =>
  ["marker-of-a-secret", password].flatMap((text) => [text, Buffer.from(text).toString("base64")]);

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

  test("no secret stands in plain text in the exported state, in a preview or in a plan", async () => {
    const stack = await on.stack();
    await stack.setConfig("secretEnv.SIGNING_KEY", { value: "marker-of-a-secret", secret: true }, true);
    const plan = join(on.checkout.folder, ".state", "plan.json");
    const previewed = await on.preview({ plan });
    const updated = await on.up();
    const password = await on.secretValue("POSTGRES_PASSWORD");
    const state = await on.exportedState();
    expect(state).toContain('"todo/todo"');
    const places = {
      state,
      preview: previewed.output,
      update: updated.output,
      plan: readFileSync(plan, "utf8"),
      configuration: on.checkout.read("Pulumi.local.yaml"),
    };
    expect(places.plan).toContain("resourcePlans");
    const leaks = Object.entries(places).filter(([, text]) =>
      secrets(password).some((secret) => text.includes(secret)),
    );
    expect(leaks.map(([place]) => place)).toEqual([]);
    expect(await on.secretValue("SIGNING_KEY")).toBe("marker-of-a-secret");
  });
});
