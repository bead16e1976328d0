/** A flowchart as far as the pages use them: https://mermaid.js.org/syntax/flowchart.html */
export interface Flowchart {
  /** Name to label. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** The pairs that stand around a label. */
const shapes: Readonly<Record<string, string>> = {
  "([": "])",
  "[(": ")]",
  "((": "))",
  "[[": "]]",
  "[": "]",
  "(": ")",
  "{": "}",
};

const name = "[A-Za-z][A-Za-z0-9_]*";
const arrow = /^(-->|---|-\.->|==>)(\|[^|]*\|)?|^(--|-\.|==)\s+"[^"]*"\s+(-->|\.->|==>)/;

/**
 * Reads a flowchart strictly: what it does not know is refused, since GitHub would show an error in place of the picture.
 *
 * @throws Error that names the line.
 */
export function readFlowchart(text: string): Flowchart {
  const [first = "", ...lines] = text.trim().split("\n");
  if (!/^flowchart (TB|TD|LR|RL|BT)$/.test(first)) throw new Error(`"${first}" begins no flowchart`);
  const nodes = new Map<string, string>();
  const edges: [string, string][] = [];
  let open = 0;
  for (const line of lines.map((one) => one.trim())) {
    if (line === "" || line.startsWith("%%") || /^direction (TB|LR)$/.test(line)) continue;
    if (new RegExp(`^subgraph ${name}\\["[^"]+"\\]$`).test(line)) {
      const [, id = "", label = ""] = /^subgraph (\w+)\["([^"]+)"\]$/.exec(line) ?? [];
      nodes.set(id, label);
      open += 1;
    } else if (line === "end") open -= 1;
    else readStatement(line, nodes, edges);
    if (open < 0) throw new Error("an end too many");
  }
  if (open > 0) throw new Error("a subgraph without an end");
  for (const id of edges.flat()) if (!nodes.has(id)) throw new Error(`"${id}" is drawn without a label`);
  return { nodes, edges };
}

/** Nodes, with `&` between those that share an edge, and edges between them. */
function readStatement(line: string, nodes: Map<string, string>, edges: [string, string][]): void {
  let rest = line;
  let before: readonly string[] = [];
  for (;;) {
    const group: string[] = [];
    do {
      const { id, left } = readNode(rest.replace(/^\s*&?\s*/, ""), line, nodes);
      group.push(id);
      rest = left;
    } while (/^\s*&/.test(rest));
    for (const from of before) for (const to of group) edges.push([from, to]);
    rest = rest.trim();
    if (rest === "") return;
    const drawn = arrow.exec(rest)?.[0];
    if (drawn === undefined) throw new Error(`cannot be read: ${line}`);
    rest = rest.slice(drawn.length);
    before = group;
  }
}

function readNode(
  text: string,
  line: string,
  nodes: Map<string, string>,
): { readonly id: string; readonly left: string } {
  const id = new RegExp(`^${name}`).exec(text)?.[0];
  if (id === undefined || id === "end") throw new Error(`cannot be read: ${line}`);
  const left = text.slice(id.length);
  const opening = Object.keys(shapes).find((one) => left.startsWith(`${one}"`));
  if (opening === undefined) return { id, left };
  const closing = shapes[opening] ?? "";
  const end = left.indexOf(`"${closing}`, opening.length + 1);
  if (end < 0) throw new Error(`a label without an end: ${line}`);
  nodes.set(id, left.slice(opening.length + 1, end));
  return { id, left: left.slice(end + 1 + closing.length) };
}
