import { expect, test } from "@jest/globals";
import { promptOf } from "../../../commands/ask/prompt.ts";

const promptFor = (own: { readonly frontend: boolean; readonly backend: boolean }): string =>
  promptOf({ question: "why?", settings: { namespace: "todo", releaseName: "shop", own }, facts: "{}" });

test("what is shipped is described as what it is, and where further services are", () => {
  const prompt = promptFor({ frontend: false, backend: false });
  expect(prompt).toContain(
    "a page behind nginx (Deployment shop-frontend), an API written in Python (Deployment\nshop-backend;",
  );
  expect(prompt).toContain("whose names begin with\nshop- are its further services");
});

test("of a person's own application nothing is said that may not be so", () => {
  expect(promptFor({ frontend: true, backend: true })).not.toMatch(/nginx|Python/);
});
