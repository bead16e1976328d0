import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configurationKeys, secretKeys } from "../../../components/configuration/schema.ts";
import { ownFiles, read, root } from "./pages.ts";
import { chartSettings } from "./settings.ts";
import type { Words } from "./shell.ts";

/** What is wrong with the arguments of a program, one sentence each. */
type Rule = (args: Words, page: string) => readonly string[];

const scriptsOf = (path: string): Readonly<Record<string, string>> =>
  (JSON.parse(readFileSync(join(root, path), "utf8")) as { scripts: Record<string, string> }).scripts;

const scripts = scriptsOf("package.json");

/** The sub-commands that these programs have, as far as anybody would write of them here. */
const subcommands: Readonly<Record<string, readonly string[]>> = {
  kubectl: words(
    "annotate api-resources apply auth config cordon cp create debug delete describe drain edit events exec expose get",
    "label logs patch port-forward rollout run scale set top uncordon version wait",
  ),
  helm: words(
    "dependency get history install lint list package pull repo rollback show status template test uninstall upgrade version",
  ),
  docker: words(
    "build buildx compose container context cp exec image images info inspect kill load login logout logs network ps pull push",
    "pause restart rm rmi run save start stats stop system tag top unpause version volume",
  ),
  pulumi: words(
    "cancel config destroy import install login logout new plugin preview refresh stack state up version whoami",
  ),
  minikube: words("addons config dashboard delete image ip kubectl logs profile service ssh start status stop version"),
  git: words("add branch checkout clone commit config diff init log pull push revert status switch tag"),
  uv: words("lock pip run sync tool"),
};

/** Options of these programs that may stand before the sub-command and take a value. */
const valued = words(
  "--context --kube-context --namespace -n --kubeconfig --request-timeout --cwd -C --stack -s --profile -p --host -H",
);

/** Programs that every system has; what they are given is not looked at. */
const usual = words(
  "apt-get base64 brew cat cd chmod code cp ctr curl echo grep head jq k3d kind ls mkdir mv nvm open openssl printf psql pytest",
  "python python3 read rm ruff mypy source sed sleep sudo systemctl tail tar tee touch unset winget xargs xdg-open glab gh cosign",
);

function words(...lines: readonly string[]): readonly string[] {
  return lines.join(" ").split(" ");
}

/** What is wrong with a command that a page shows. */
export function problemsOf([program = "", ...args]: Words, page: string): readonly string[] {
  const rule = rules[program];
  if (rule !== undefined) return rule(args, page);
  if (usual.includes(program) || /^[<.~/$]|^\.\.\.$|^\[/.test(program)) return [];
  return [`"${program}" is a program that __tests__/docs/support/commandRules.ts does not know`];
}

const rules: Readonly<Record<string, Rule>> = {
  npm: (args) => {
    const [verb = "", ...rest] = args.filter((arg) => arg !== "--silent" && arg !== "-s");
    if (["test", "t"].includes(verb)) return scriptProblems("test", rest);
    if (["ci", "install", "completion", "audit", "login", "view"].includes(verb)) return [];
    if (verb !== "run") return [`npm has no "${verb}" here`];
    return rest[0] === undefined ? [] : scriptProblems(rest[0], rest.slice(1));
  },
  pnpm: ([verb = ""]) =>
    ["install", "exec", "add"].includes(verb) || verb in scriptsOf("apps/frontend/package.json")
      ? []
      : [`apps/frontend/package.json has no script "${verb}"`],
  node: ([file = "", ...rest]) => {
    if (file.startsWith("-")) return [];
    if (file.startsWith("node_modules/")) return [];
    if (!ownFiles.includes(file)) return [`there is no ${file}`];
    if (file !== "commands/bootstrap.mjs" || rest[0] === undefined || rest[0].startsWith("-")) return [];
    return ownFiles.includes(`commands/${rest[0]}.ts`) ? [] : [`there is no command "${rest[0]}"`];
  },
  pulumi: (args, page) => pulumiProblems(args, page),
  kubectl: (args) => subcommandProblems("kubectl", args),
  docker: (args) => subcommandProblems("docker", args),
  minikube: (args) => subcommandProblems("minikube", args),
  git: (args) => subcommandProblems("git", args),
  uv: (args) => subcommandProblems("uv", args),
  helm: (args) => [...subcommandProblems("helm", args), ...helmProblems(args)],
};

/** The script is there, and its command's `--help` knows each option. */
function scriptProblems(script: string, given: Words): readonly string[] {
  if (/^[<.]/.test(script)) return [];
  const line = scripts[script];
  if (line === undefined) return [`package.json has no script "${script}"`];
  const command = /^node commands\/bootstrap\.mjs (\S+)/.exec(line)?.[1];
  if (command === undefined || given.length === 0) return [];
  if (given[0] !== "--") return [`"${given[0]}" stands before "--", which makes it npm's own`];
  const args = given.slice(1);
  if (command === "pulumi") return pulumiProblems(args, "");
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const passed = args.slice(own.length + 1);
  const usage = /^const usage = `((?:[^`\\]|\\.)*)`;$/ms.exec(read(`commands/${command}.ts`))?.[1] ?? "";
  const unknown = own
    .filter((arg) => /^--?[a-z]/i.test(arg) && !["--help", "-h"].includes(arg))
    .map((arg) => arg.replace(/=.*/, ""))
    .filter((option) => !new RegExp(`(?<![\\w-])${option}(?![\\w-])`).test(usage))
    .map((option) => `npm run ${script} has no option ${option}`);
  const stray = passed.length > 0 && !usage.includes("arguments of pulumi") && command !== "psql";
  return [...unknown, ...(stray ? [`npm run ${script} hands nothing on to another program`] : [])];
}

function subcommandProblems(program: string, args: Words): readonly string[] {
  const [verb] = positional(args);
  if (verb === undefined || /^[<.]/.test(verb)) return [];
  return subcommands[program]?.includes(verb) ? [] : [`${program} has no "${verb}"`];
}

/** The arguments that are neither options nor the values of `valued` ones; the program's own help and version count as none. */
function positional(args: Words): Words {
  return args.filter((arg, index) => !arg.startsWith("-") && !valued.includes(args[index - 1] ?? ""));
}

/** Values are settings of the chart, and files are there. */
function helmProblems(args: Words): readonly string[] {
  return args.flatMap((arg, index): readonly string[] => {
    const option = args[index - 1] ?? "";
    if (["-f", "--values"].includes(option) && arg.startsWith("chart/") && !ownFiles.includes(arg))
      return [`there is no ${arg}`];
    if (!["--set", "--set-string", "--set-file", "--set-json"].includes(option)) return [];
    const path = arg.split("=")[0] ?? "";
    return chartSettings.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`))
      ? []
      : [`the chart has no value ${path}`];
  });
}

function pulumiProblems(args: Words, page: string): readonly string[] {
  const [verb, action, key] = positional(args);
  const stack = args[args.findIndex((arg) => ["--stack", "-s"].includes(arg)) + 1] ?? "";
  const problems = [...subcommandProblems("pulumi", args)];
  const made = page === "" || new RegExp(`stack init ${stack}\\b`).test(read(page));
  if (args.includes("--stack") && /^[\w-]+$/.test(stack) && !ownFiles.includes(`Pulumi.${stack}.yaml`) && !made) {
    problems.push(`there is no stack ${stack}`);
  }
  if (verb !== "config" || action === undefined || key === undefined || !/^[\w:.-]+(\[.*)?$/.test(key)) return problems;
  if (!["set", "get", "rm"].includes(action)) return [...problems, `pulumi config has no "${action}"`];
  return [...problems, ...keyProblems(action, key.replace(/^todo-stack:/, ""), args)];
}

/** A declared key, with `--secret` where it is one and only there, and `--path` where it goes into an object. */
function keyProblems(action: string, key: string, args: Words): readonly string[] {
  const [name = ""] = key.split(/[.[]/);
  if (/^\.+$/.test(key)) return [];
  if (!configurationKeys.includes(name)) return [`the program has no key ${name}`];
  const problems: string[] = [];
  if (args.includes("--path") !== (key !== name))
    problems.push(`${key} ${key === name ? "is no path" : "needs --path"}`);
  if (action === "set" && args.includes("--secret") !== secretKeys.includes(name)) {
    problems.push(`${name} ${secretKeys.includes(name) ? "needs" : "takes no"} --secret`);
  }
  const value = positional(args)[3];
  if (action === "set" && name.startsWith("values") && value !== undefined && key !== name) {
    const path = key.slice("values.".length);
    if (!chartSettings.some((one) => path === one || path.startsWith(`${one}.`)))
      problems.push(`the chart has no value ${path}`);
  }
  return problems;
}
