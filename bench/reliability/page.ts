/** The comments between which the figures stand. */
const [begin, end] = ["<!-- figures -->", "<!-- end of figures -->"];

/**
 * A page with other figures.
 *
 * @throws Error where it has no place for them.
 */
export function withFigures(page: string, figures: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no place for figures: ${begin} ... ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${figures.trim()}\n\n${page.slice(to)}`;
}
