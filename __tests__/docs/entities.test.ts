import { expect, test } from "@jest/globals";
import { ownFiles, pages, read } from "./support/pages.ts";

/** What a deployment consists of, the place in this repository where it stands, and the word that its explanation begins with. */
const entities: readonly (readonly [name: string, place: string])[] = [
  ["Container image", "docker/backend.Dockerfile"],
  ["Deployment", "chart/templates/deployment.yaml"],
  ["Service", "chart/templates/service.yaml"],
  ["ConfigMap", "chart/templates/configmap.yaml"],
  ["Secret", "components/secret/databaseSecret.ts"],
  ["Health probe", "chart/templates/_pod.tpl"],
  ["Helm chart", "chart/Chart.yaml"],
  ["Resource limits", "chart/values.yaml"],
];

test.each(entities)("%s is explained where it stands", (name, place) => {
  expect(ownFiles).toContain(place);
  const lines = read(place).split("\n");
  const start = lines.findIndex(
    (line) => line.includes(`What is a ${name.toLowerCase()}?`) || line.includes(`What are ${name.toLowerCase()}?`),
  );
  expect({ place, explained: start >= 0 && start < 80 }).toEqual({ place, explained: true });
  const hashes = lines[start]?.trimStart().startsWith("#");
  const ends = (line: string) => /^\s*#?\s*$|\*\//.test(line) || (hashes && !line.trimStart().startsWith("#"));
  const length = lines.slice(start).findIndex(ends);
  expect(length).toBeGreaterThanOrEqual(3);
  expect(length).toBeLessThanOrEqual(6);
});

test("the quickstart's table leads to each of them", () => {
  const quickstart = pages.find(({ path }) => path === "docs/quickstart.md");
  for (const [name, place] of entities) {
    expect(quickstart?.links).toContain(`../${place}`);
    expect(read("docs/quickstart.md")).toContain(`| **${name}** |`);
  }
});
