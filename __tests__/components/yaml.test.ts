import { expect, test } from "@jest/globals";
import { parseYaml, parseYamlDocuments } from "../../components/yaml.ts";

test("values are those of YAML 1.2: dates, yes and no are text, and octal numbers have their o", () => {
  const text = "day: 2026-01-31\nanswer: yes\nmode: 0o644\nport: 0644\nnothing:\nquoted: '12'\n";
  expect(parseYaml(text)).toEqual({
    day: "2026-01-31",
    answer: "yes",
    mode: 0o644,
    port: 644,
    nothing: null,
    quoted: "12",
  });
});

test("a stream of documents, of which some are empty", () => {
  expect(parseYamlDocuments("# only a comment\n---\nkind: Service\n---\n---\nkind: Secret\n")).toEqual([
    { kind: "Service" },
    null,
    { kind: "Secret" },
  ]);
  expect(parseYamlDocuments("")).toEqual([]);
});

test("a mistake is told with its line", () => {
  expect(() => parseYaml("a: 1\nb: [2\n")).toThrow(/\(3:1\)/);
  expect(() => parseYaml("a: 1\na: 2\n")).toThrow(/duplicated mapping key \(2:1\)/);
});
