import { expect, test } from "@jest/globals";
import { allMessages, type Message, messagesOf, normal } from "./support/messages.ts";
import { pages, read } from "./support/pages.ts";

/** What no person is shown as it stands: `file#beginning of its words`, or the beginning of files, with the reason. */
const unseen: Readonly<Record<string, string>> = {
  "commands/ask/ask.ts#what lacks": "cannot happen: what lacks is told before",
  "commands/bootstrap.mjs#has no usage text": "a defect of a command's file, which a test finds",
  "commands/diagnose/machineFacts.ts": "a reason that a finding shows as its own words",
  "commands/docs/markers.ts": "a defect of a page, which a test finds",
  "commands/tools/download.ts#the answer has no body": "a reason behind one of the download's own messages",
  "components/cluster/api.ts#no answer within": "a reason behind 'does not answer'",
  "components/configuration/profiles.ts#a required key": "cannot happen: missing keys are told before",
  "components/node/delta/": "caught: the whole image goes in place of its layers",
  "components/node/process.ts#a piped command": "cannot happen: both pipes are asked for",
  "components/provider/handlers.ts": "a defect: the program registers what its provider knows",
  "rollout/deployment.ts": "a defect: the chart's Deployments have their containers",
  "sandbox/cluster/kubeconfig.ts": "a defect of the sandbox's own node",
  "sandbox/tools/catalogue.ts": "a defect of the sandbox's own list",
};

const isUnseen = (message: Message): boolean =>
  Object.keys(unseen).some((beginning) => nameOf(message).startsWith(beginning));
const nameOf = ({ place, words }: Message): string => `${place.replace(/:\d+$/, "")}#${words}`;

test("docs/troubleshooting.md has a row for each message that the program can print", () => {
  const page = normal(read("docs/troubleshooting.md"));
  const missing = allMessages().filter((message) => !isUnseen(message) && !page.includes(message.words));
  const told = missing.map(({ place, words }) => `docs/troubleshooting.md has no row for: "${words}" (${place})`);
  expect(told).toEqual([]);
});

test("every exception is about a message that there is", () => {
  const names = allMessages().map(nameOf);
  const needless = Object.keys(unseen).filter((beginning) => !names.some((name) => name.startsWith(beginning)));
  expect(needless).toEqual([]);
});

test("each row says what it means and what to do", () => {
  const rows = read("docs/troubleshooting.md")
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|-/.test(line));
  expect(rows.length).toBeGreaterThan(100);
  expect(
    rows.filter((row) => row.split(/(?<!\\)\|/).some((cell, index) => [1, 2, 3].includes(index) && cell.trim() === "")),
  ).toEqual([]);
  expect(rows.filter((row) => row.split(/(?<!\\)\|/).length !== 5)).toEqual([]);
  expect(pages.find(({ path }) => path === "README.md")?.links).toContain("docs/troubleshooting.md");
});

test.each([
  ['throw new UserError("The page is gone.", "npm run up");', "The page is gone."],
  [`throw new Error(\`The node \${name} of \${context} has no room left for it\`);`, "has no room left for it"],
  [`class A extends RunError { constructor(x: string) { super(\`Nothing of \${x} was changed\`); } }`, "was changed"],
  ['findings.problem("it has no lockfile", "uv lock");', "it has no lockfile"],
  ['findings.mendByKey("backend.module", "it has several applications", "x");', "it has several applications"],
  [`void pulumi.log.warn(\`A pod of \${x} does not serve\`);`, "does not serve"],
  [
    `function f() { const message = \`is no \${x}, but must be one\`; return [{ key, message, remedy }]; }`,
    "but must be one",
  ],
  ['const p = { message: a ? "is too short" : b, remedy: "x" };', "is too short"],
  [
    'throw new UserError("First line of it\\nand the second, which is longer", "x");',
    "and the second, which is longer",
  ],
])("%s is a message", (code, words) => {
  expect(messagesOf("commands/x.ts", code)).toEqual([{ place: "commands/x.ts:1", words }]);
});

test("what the schema says of a value is a message, and other texts are none", () => {
  const code = 'const a = z.string().regex(/x/, "must look like ghcr.io/acme"); const b = "commands must be known";';
  expect(messagesOf("components/configuration/x.ts", code).map(({ words }) => words)).toEqual([
    "must look like ghcr.io/acme",
  ]);
  expect(messagesOf("commands/x.ts", code)).toEqual([]);
});
