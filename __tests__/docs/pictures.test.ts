import { expect, test } from "@jest/globals";
import { readFlowchart } from "./support/mermaid.ts";
import { ownFiles, pages } from "./support/pages.ts";

const drawn = pages.flatMap(({ path, blocks }) =>
  blocks.filter(({ language }) => language === "mermaid").map(({ text }, index) => [path, index + 1, text] as const),
);

test.each(drawn)("%s, picture %i: can be drawn, and everything in it is joined", (_path, _index, text) => {
  const { nodes, edges } = readFlowchart(text);
  expect(nodes.size).toBeGreaterThan(2);
  const folders = [...text.matchAll(/subgraph (\w+)/g)].map(([, id]) => id);
  const joined = new Set(edges.flat());
  expect([...nodes.keys()].filter((id) => !joined.has(id) && !folders.includes(id))).toEqual([]);
});

test.each(drawn)("%s, picture %i: the paths in it are there", (_path, _index, text) => {
  const paths = [
    ...text.matchAll(
      /(?<![\w/.])((?:apps|bench|chart|commands|components|docker|docs|policy|rollout|sandbox)(?:\/[\w.*-]+)*\/?|index\.ts|Pulumi\.[\w.]*yaml)(?=[\s"\\,<])/g,
    ),
  ];
  const missing = paths
    .map(([, path = ""]) => path.replace(/\/$/, ""))
    .filter((path) => !ownFiles.some((file) => file === path || file.startsWith(`${path}/`)));
  expect(missing).toEqual([]);
});

test("the architecture has its three pictures", () => {
  expect(drawn.filter(([path]) => path === "docs/architecture.md")).toHaveLength(3);
});

test.each([
  ["another kind", "graph LR\n  a --> b", '"graph LR" begins no flowchart'],
  ["an arrow that is none", 'flowchart LR\n  a["A"] -> b["B"]', 'cannot be read: a["A"] -> b["B"]'],
  ["a label without its end", 'flowchart LR\n  a["A" --> b["B"', 'a label without an end: a["A" --> b["B"'],
  ["a node that nobody named", 'flowchart LR\n  a["A"] --> b', '"b" is drawn without a label'],
  ["a subgraph without an end", 'flowchart LR\n  subgraph s["S"]\n  a["A"] --> b["B"]', "a subgraph without an end"],
  ["an end too many", 'flowchart LR\n  a["A"] --> b["B"]\n  end', "an end too many"],
])("%s is refused", (_name, text, problem) => {
  expect(() => readFlowchart(text)).toThrow(problem);
});

test("edges lead between all of both sides, with and without words", () => {
  const text = 'flowchart LR\n  a["A"] & b(("B")) -- "x" --> c[("C")] -.-> d["D"]\n';
  expect(readFlowchart(text).edges).toEqual([
    ["a", "c"],
    ["b", "c"],
    ["c", "d"],
  ]);
});
