import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { problemsOf } from "./support/commandRules.ts";
import { type Page, pages, root } from "./support/pages.ts";
import { commandsOf, commandsOfLine, type Words } from "./support/shell.ts";

/** What stands in backticks and begins like a command. */
const inProse = /^(npm (run|test)\b|pulumi (config|stack|preview|up) |kubectl |helm |docker |git |node )/;

/** Every command of a page, from its blocks and its prose. */
function commandsOn({ blocks, codes }: Page): readonly Words[] {
  const shell = blocks.filter(({ language }) => ["console", "sh", "bash", "shell"].includes(language));
  const spans = codes.filter((code) => inProse.test(code));
  return [...shell.flatMap(commandsOf), ...spans.flatMap(commandsOfLine)];
}

const problemsOn = (page: Page): readonly string[] =>
  commandsOn(page).flatMap((words) => problemsOf(words, page.path).map((problem) => `${words.join(" ")}: ${problem}`));

test.each(pages.map((page) => [page.path, page] as const))("the commands of %s can be typed", (_path, page) => {
  expect(problemsOn(page)).toEqual([]);
});

test("there are commands to look at", () => {
  expect(pages.flatMap(commandsOn).length).toBeGreaterThan(200);
});

test("what is cheap and changes nothing is run as it stands there", () => {
  const cheap = pages.flatMap(commandsOn).filter((words) => words[0] === "npm" && words.includes("--help"));
  const all = [...new Set([...cheap.map((words) => words.join(" ")), "npm run docs -- --help"])];
  for (const line of all) {
    const [program = "", ...args] = line.split(" ");
    const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
    expect({ line, status }).toEqual({ line, status: 0 });
    expect(stdout).toContain("Usage: npm");
  }
});

test.each([
  ["npm run upp", 'package.json has no script "upp"'],
  ["npm run up --stack prod", '"--stack" stands before "--", which makes it npm\'s own'],
  ["npm run up -- --stak prod", "npm run up has no option --stak"],
  ["npm run status -- --json --wach", "npm run status has no option --wach"],
  ["npm run status -- -- --json", "npm run status hands nothing on to another program"],
  ["npm run pulumi -- config set --stack local contxt minikube", "the program has no key contxt"],
  ["pulumi config set --stack lokal context minikube", "there is no stack lokal"],
  ["pulumi config set --stack prod databaseUrl", "databaseUrl needs --secret"],
  ["pulumi config set --stack local --secret nodePort 30081", "nodePort takes no --secret"],
  ["pulumi config set --stack local env.LOG_LEVEL debug", "env.LOG_LEVEL needs --path"],
  ["pulumi config set --stack local --path context kind-dev", "context is no path"],
  ["pulumi config set --stack local --path values.backend.replicaCout 2", "the chart has no value backend.replicaCout"],
  ["pulumi konfig set --stack local context x", 'pulumi has no "konfig"'],
  ["kubectl --namespace todo gett pods", 'kubectl has no "gett"'],
  ["helm upgrade todo chart --set backend.replicas=2", "the chart has no value backend.replicas"],
  ["helm install todo chart -f chart/values-prod.yaml", "there is no chart/values-prod.yaml"],
  ["docker pss", 'docker has no "pss"'],
  ["node commands/bootstrap.mjs upp", 'there is no command "upp"'],
  ["frobnicate", '"frobnicate" is a program that __tests__/docs/support/commandRules.ts does not know'],
])("%s is refused", (line, problem) => {
  expect(commandsOfLine(line).flatMap((words) => problemsOf(words, "README.md"))).toEqual([problem]);
});

test.each([
  [
    "A=b npm run up && npm run status   # says so",
    [
      ["npm", "run", "up"],
      ["npm", "run", "status"],
    ],
  ],
  ['npm run ask -- "why; does it?" | head', [["npm", "run", "ask", "--", "why; does it?"], ["head"]]],
  ["pulumi config set databaseCa < ca.pem", [["pulumi", "config", "set", "databaseCa"]]],
  ["git revert <commit>", [["git", "revert", "<commit>"]]],
  ["export A=b", []],
])("%s is read as a shell would", (line, words) => {
  expect(commandsOfLine(line)).toEqual(words);
});

test("a block with prompts shows what is printed too, and an open quote is told", () => {
  expect(commandsOf({ language: "console", text: "$ npm run up\nDeployed.\n" })).toEqual([["npm", "run", "up"]]);
  expect(commandsOf({ language: "console", text: "npm run up \\\n  -- --stack prod" })).toEqual([
    ["npm", "run", "up", "--", "--stack", "prod"],
  ]);
  expect(() => commandsOfLine('npm run ask "why')).toThrow('cannot be read as shell: "why');
});
