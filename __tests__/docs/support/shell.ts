import type { Block } from "./pages.ts";

/** The words of one simple command, and where its output or input goes left out. */
export type Words = readonly string[];

/** The commands of a block, as a person would type them: without prompts, comments and what is printed. */
export function commandsOf({ text }: Block): readonly Words[] {
  const lines = text.replaceAll(/\\\n\s*/g, "").split("\n");
  const prompted = lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
  return (prompted.length > 0 ? prompted : lines).flatMap(commandsOfLine);
}

/**
 * The simple commands of one line; assignments before one are no part of it.
 *
 * @throws Error where a quote is left open.
 */
export function commandsOfLine(line: string): readonly Words[] {
  const commands: string[][] = [[]];
  for (const token of tokens(line)) {
    if (["&&", "||", ";", "|", "&"].includes(token)) commands.push([]);
    else commands.at(-1)?.push(token);
  }
  return commands.map(withoutPlumbing).filter((words) => words.length > 0);
}

/** Words and operators; a comment ends the line. A `<placeholder>` and a `choice|of|words` are words. */
function tokens(line: string): readonly string[] {
  const found: string[] = [];
  const pattern =
    /\s+|(#.*$)|(&&|\|\||[;&]|\|(?=\s))|((?:"(?:\\.|[^"\\])*"|'[^']*'|<[^<>\s]*>|\\.|[^\s"';|&#\\]|(?<=\S)[#|](?=\S))+)/y;
  while (pattern.lastIndex < line.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(line);
    if (match === null) throw new Error(`cannot be read as shell: ${line.slice(at)}`);
    const [, comment, operator, word] = match;
    if (comment !== undefined) break;
    if (operator !== undefined) found.push(operator);
    if (word !== undefined) found.push(unquoted(word));
  }
  return found;
}

const unquoted = (word: string): string =>
  word.replaceAll(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_all, double?: string, single?: string) => double ?? single ?? "");

/** Leaves `NAME=value` before a command, `export` of them, and redirections out. */
function withoutPlumbing(words: readonly string[]): Words {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (["<", ">", ">>", "2>"].includes(word)) index += 1;
    else if (kept.length > 0 || !/^\w+=/.test(word)) kept.push(word);
  }
  return kept[0] === "export" ? [] : kept;
}
