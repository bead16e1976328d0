/** The lines around a generated part of a page. */
const marks = (name: string) => ({
  first: `<!-- ${name}: written by npm run docs -->`,
  last: `<!-- end of ${name} -->`,
});

/**
 * Puts a generated part between its marks.
 *
 * @throws Error where the page has no marks of that name.
 */
export function replacePart(page: string, name: string, part: string): string {
  const { first, last } = marks(name);
  const [start, end] = [page.indexOf(first), page.indexOf(last)];
  if (start < 0 || end < start) throw new Error(`a page lacks the lines "${first}" and "${last}"`);
  return `${page.slice(0, start)}${first}\n\n${part.trim()}\n\n${page.slice(end)}`;
}

/** A Markdown table; a bar in a cell would end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n").replaceAll("|  |", "| |");
}
