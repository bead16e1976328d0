import ts from "typescript";
import { ownFiles, read } from "./pages.ts";

/** What a person may be shown: where it stands, and the words of it that never change. */
export interface Message {
  /** `file:line`. */
  readonly place: string;
  /** The longest part between what is filled in, cut to its beginning. */
  readonly words: string;
}

/** Where messages for people come from. */
const rooms = /^(index\.ts|(components|commands|rollout|sandbox|policy)\/.*\.(ts|mjs))$/;

/** As much of a message as is looked for. */
const length = 40;

/** Every message of the program, its commands and its chart. */
export function allMessages(): readonly Message[] {
  const files = ownFiles.filter((path) => rooms.test(path) && !path.includes("/modules/"));
  return [
    ...files.flatMap((path) => messagesOf(path, read(path))),
    ...chartMessages(read("chart/templates/validate.yaml")),
  ];
}

/** The messages of one source file: errors that are made, warnings, and mistakes with their remedies. */
export function messagesOf(path: string, text: string): readonly Message[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Message[] = [];
  const visit = (node: ts.Node): void => {
    for (const shown of shownIn(node)) {
      const words = stableWords(shown);
      const { line } = source.getLineAndCharacterOfPosition(shown.getStart());
      if (words !== undefined) found.push({ place: `${path}:${line + 1}`, words });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The texts that a node shows to a person. */
function shownIn(node: ts.Node): readonly ts.Expression[] {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text.endsWith("Error")) {
    return texts(node.arguments?.[0]);
  }
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText();
    const inError = callee === "super" && extendsError(node);
    if (/\bfindings\??\.mendByKey$/.test(callee)) return texts(node.arguments[1]);
    return inError || /\b(log\.(warn|error)|findings\??\.problem)$/.test(callee) ? texts(node.arguments[0]) : [];
  }
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return isRule(node) ? [node] : [];
  return ts.isObjectLiteralExpression(node) ? mistake(node) : [];
}

/** "must be ...": what the configuration's schema says of a value. */
function isRule(node: ts.Node): boolean {
  const path = node.getSourceFile().fileName;
  return /^components\/(configuration|application)\//.test(path) && /^["`](must|names) /.test(node.getText());
}

function extendsError(node: ts.Node): boolean {
  for (let at: ts.Node = node; at.parent !== undefined; at = at.parent) {
    if (ts.isClassLike(at)) return at.heritageClauses?.some((clause) => /Error\b/.test(clause.getText())) ?? false;
  }
  return false;
}

/** `{ message, remedy }`: a mistake as the configuration tells it; `{ message, allowance }`: what an update is refused for. */
function mistake(node: ts.ObjectLiteralExpression): readonly ts.Expression[] {
  const named = (name: string) => node.properties.find((property) => property.name?.getText() === name);
  const message = named("message");
  if (message === undefined || (named("remedy") ?? named("allowance")) === undefined) return [];
  if (ts.isPropertyAssignment(message)) return texts(message.initializer);
  return ts.isShorthandPropertyAssignment(message) ? texts(message.name) : [];
}

/** The literals behind an expression: both sides of a choice, the beginning of a sum, what a constant beside it holds. */
function texts(node: ts.Expression | undefined): readonly ts.Expression[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return [node];
  if (ts.isParenthesizedExpression(node)) return texts(node.expression);
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return texts(node.left);
  if (ts.isIdentifier(node)) return texts(constantBeside(node));
  return [];
}

/** What a `const` of that name was given in one of the blocks around. */
function constantBeside(name: ts.Identifier): ts.Expression | undefined {
  for (let at: ts.Node = name; at.parent !== undefined; at = at.parent) {
    if (!ts.isBlock(at) && !ts.isSourceFile(at)) continue;
    for (const statement of at.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const found = statement.declarationList.declarations.find((one) => one.name.getText() === name.text);
      if (found?.initializer !== undefined && found.initializer !== name) return found.initializer;
    }
  }
  return undefined;
}

/** The longest run of a text's first line in which nothing is filled in, cut to its first words. */
function stableWords(node: ts.Expression): string | undefined {
  const parts = ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]
    : [(node as ts.StringLiteralLike).text];
  return beginning(parts.flatMap((part) => part.split("\n")));
}

function beginning(parts: readonly string[]): string | undefined {
  const [longest = ""] = parts.map(normal).toSorted((one, other) => other.length - one.length);
  if (!/[a-z]{3}/i.test(longest)) return undefined;
  return longest.length <= length ? longest : longest.slice(0, length).replace(/\s\S*$/, "");
}

/** The chart's mistakes are the texts that end up in its list of problems. */
function chartMessages(text: string): readonly Message[] {
  return text.split("\n").flatMap((line, index) => {
    const shown = /append \$problems|\bfail /.test(line) ? line : "";
    return [...shown.matchAll(/"((?:[^"\\]|\\.)*)"/g)].flatMap(([, literal = ""]) => {
      const words = beginning(literal.replaceAll("\\n", "\n").split(/%[a-z]|\n/));
      return words?.includes(" ") === true ? [{ place: `chart/templates/validate.yaml:${index + 1}`, words }] : [];
    });
  });
}

/** Backticks, the quotes around what is filled in and spaces are no difference. */
export function normal(text: string): string {
  return text
    .replaceAll("`", "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[\s"'(:;,.]+|[\s"'(:;,]+$/g, "");
}
