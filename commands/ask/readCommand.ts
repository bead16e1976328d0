/** What a model may have kubectl do, or why not. */
export type Checked = { readonly args: readonly string[] } | { readonly refusal: string };

/** Verbs that read, with the subcommands that do where others of theirs write: https://kubernetes.io/docs/reference/kubectl/generated/ */
const verbs: Readonly<Record<string, readonly string[] | undefined>> = {
  get: undefined,
  describe: undefined,
  logs: undefined,
  events: undefined,
  top: ["pod", "pods", "po"],
  explain: undefined,
  "api-resources": undefined,
  version: undefined,
  rollout: ["status", "history"],
};

/** Flags with a value. None of them names a file, a server, a user or a kubeconfig. */
const valued = new Set(
  `namespace output selector field-selector sort-by container tail since since-time limit-bytes for types label-columns
  api-group api-version revision chunk-size request-timeout timeout max-log-requests verbs`.split(/\s+/),
);

/** Flags without one. Those that follow or watch are not here: nobody waits for them. */
const plain = new Set(
  `all-namespaces show-labels previous all-containers all-pods timestamps prefix no-headers show-kind show-events containers
  recursive namespaced client ignore-not-found watch help sum`.split(/\s+/),
);

const short: Readonly<Record<string, string>> = {
  n: "namespace",
  o: "output",
  l: "selector",
  c: "container",
  L: "label-columns",
  A: "all-namespaces",
  p: "previous",
  h: "help",
};

/** Forms of output; those that end in -file read one of this machine: https://kubernetes.io/docs/reference/kubectl/#output-options */
const outputs = /^(?:json|yaml|kyaml|name|wide|(?:jsonpath|jsonpath-as-json|custom-columns|go-template)=[\s\S]*)$/;

const hint = "Only one plain kubectl command that reads is run here: get, describe, logs, events, top, rollout status.";

/**
 * Lets one kubectl command through that only reads, and nothing else: no shell, no second command, no file of this machine, no other
 * cluster or user. What is unknown is refused.
 *
 * @param command - As a model writes it, in a shell's words.
 */
export function checkCommand(command: string): Checked {
  const words = splitWords(command);
  if (words === undefined) return refuse("it needs a shell");
  const [program, ...args] = words;
  if (program !== "kubectl") return refuse(`it starts ${program === undefined ? "nothing" : `"${program}"`}`);
  const wrong = args.map((word, index) => flagProblem(word, args[index + 1])).find((problem) => problem !== undefined);
  if (wrong !== undefined) return refuse(wrong);
  const [verb = "", sub = ""] = positional(args);
  if (!Object.hasOwn(verbs, verb)) return refuse(`"kubectl ${verb}" does more than read`);
  if (verbs[verb]?.includes(sub) === false) return refuse(`"kubectl ${verb} ${sub}" does more than read`);
  return { args };
}

const refuse = (why: string): Checked => ({ refusal: `Refused: ${why}. ${hint}` });

function flagProblem(word: string, next: string | undefined): string | undefined {
  if (!word.startsWith("-")) return undefined;
  const flag = nameOf(word);
  if (flag === undefined) return `the flag ${word.split("=")[0]} is not among those that only read`;
  const value = valueIn(word) ?? (valued.has(flag) ? next : undefined);
  if (flag === "watch" && value !== "false") return "it would watch for ever";
  const unknown = flag === "output" && !outputs.test(value ?? "");
  return unknown ? `the output ${value} is not among those that only read` : undefined;
}

/** The value that stands in the same word: `--output=wide`, `-o=wide`, `-owide`. */
function valueIn(word: string): string | undefined {
  if (word.startsWith("--")) return word.includes("=") ? word.slice(word.indexOf("=") + 1) : undefined;
  return word.length > 2 ? word.slice(2).replace(/^=/, "") : undefined;
}

/** A flag's long name; short ones stand alone, or with their value as in `-owide`. */
function nameOf(word: string): string | undefined {
  if (word.startsWith("--")) {
    const name = word.slice(2).split("=")[0] ?? "";
    return valued.has(name) || plain.has(name) ? name : undefined;
  }
  const name = short[word[1] ?? ""];
  return name !== undefined && (word.length === 2 || valued.has(name)) ? name : undefined;
}

function positional(args: readonly string[]): string[] {
  const isValue = (index: number): boolean => {
    const before = args[index - 1] ?? "";
    const alone = before.startsWith("--") ? !before.includes("=") : before.length === 2 && before.startsWith("-");
    return alone && valued.has(nameOf(before) ?? "");
  };
  return args.filter((word, index) => !word.startsWith("-") && !isValue(index));
}

/** The words of a command in a shell's quotes; `undefined` where a shell would do more than split them. */
function splitWords(command: string): string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*((?:'[^']*'|"(?:[^"\\$`]|\\.|\$(?![({\w]))*"|\\[^\n]|[^\s'"\\|;&<>`$()#\n]|\$(?![({\w]))+)/y;
  const text = command.trim();
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) return undefined;
    words.push(
      found.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g, (_, one, two, three) => one ?? unescaped(two) ?? three),
    );
    if (/^\s*\n/.test(text.slice(pattern.lastIndex))) return undefined;
  }
  return words;
}

const unescaped = (text: string | undefined): string | undefined => text?.replace(/\\(["\\$`])/g, "$1");
