import { expect, test } from "@jest/globals";
import { chooseProvider, providerEnvironment } from "../../../commands/ask/providers.ts";

const cases: [NodeJS.ProcessEnv, string, string, string][] = [
  [{ GEMINI_API_KEY: "x" }, "gemini", "gemini-2.5-pro", "https://generativelanguage.googleapis.com"],
  [{ OPENAI_API_KEY: "x" }, "openai", "gpt-4.1", "https://api.openai.com/v1"],
  [
    { OPENAI_API_KEY: "x", OPENAI_ENDPOINT: "http://me:pass@127.0.0.1:1/v1", OPENAI_MODEL: "mine" },
    "openai",
    "mine",
    "http://127.0.0.1:1/v1",
  ],
  [{ AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y", BEDROCK_MODEL: "b" }, "bedrock", "b", "AWS Bedrock"],
];
test.each(cases)("%j: the provider is told by its key", (env, id, model, address) => {
  expect(chooseProvider(env, {})).toMatchObject({ provider: { id }, model, address });
});

test("without a key there is none, and half a login is none", () => {
  expect(chooseProvider({}, {})).toBeUndefined();
  expect(chooseProvider({ AWS_ACCESS_KEY_ID: "x" }, {})).toBeUndefined();
});

test("a named one wins, and says what it lacks", () => {
  const env = { GEMINI_API_KEY: "x", OPENAI_API_KEY: "y" };
  expect(chooseProvider(env, { provider: "openai", model: "m" })).toMatchObject({
    provider: { id: "openai" },
    model: "m",
  });
  expect(() => chooseProvider(env, { provider: "grok" })).toThrow("GROK_API_KEY");
  expect(() => chooseProvider({ OLLAMA_HOST: "x" }, { provider: "ollama" })).toThrow("no usual model");
  expect(() => chooseProvider(env, { provider: "other" })).toThrow('no provider "other"');
});

test("kubectl-ai gets its provider's variables and no others' keys", () => {
  const env = { OPENAI_API_KEY: "y", GEMINI_API_KEY: "x", PULUMI_CONFIG_PASSPHRASE: "p", https_proxy: "q", TERM: "t" };
  const chosen = chooseProvider(env, { provider: "openai" });
  if (chosen === undefined) throw new Error("no provider");
  expect(providerEnvironment(chosen, env)).toEqual({ OPENAI_API_KEY: "y", https_proxy: "q", TERM: "t" });
});
