import { describe, expect, test } from "@jest/globals";
import { catalog } from "../../commands/tools/catalog.ts";
import { requiredVersion, sourceOf } from "../../sandbox/tools/catalogue.ts";
import { keyOfProgram } from "../../sandbox/tools/compile.ts";
import { isUsableGo } from "../../sandbox/tools/go.ts";

describe("the version of a program", () => {
  const goMod = `module x

require example.com/single v1.2.3

require (
	example.com/one v0.4.0
	example.com/two/v2 v2.0.1-rc.1 // indirect
)

replace example.com/one => example.com/one v0.9.0
`;

  test.each([
    ["example.com/single", "1.2.3"],
    ["example.com/one", "0.4.0"],
    ["example.com/two/v2", "2.0.1-rc.1"],
  ])("is what go.mod requires of %s", (module, version) => {
    expect(requiredVersion(goMod, module)).toBe(version);
  });

  test("is an error where go.mod does not require it", () => {
    expect(() => requiredVersion(goMod, "example.com/other")).toThrow("does not require example.com/other");
  });

  test("is compiled into it", async () => {
    const kubelet = await sourceOf("kubelet");
    expect(kubelet.linkerFlags).toContain(`-X k8s.io/component-base/version.gitVersion=v${kubelet.version}`);
    const helm = await sourceOf("helm4");
    expect(helm.linkerFlags).toContain(`-X helm.sh/helm/v4/internal/version.version=v${helm.version}`);
  });
});

test("Helm 3 is told which Kubernetes it knows, or it would render for 1.20", async () => {
  expect((await sourceOf("helm3")).linkerFlags).toMatch(/pkg\/chartutil\.k8sVersionMinor=(3[4-9]|[4-9]\d)\b/);
});

test.each(["k6", "actionlint"] as const)("%s is the same one, downloaded or compiled", async (tool) => {
  expect((await sourceOf(tool)).version).toBe(catalog[tool].version);
});

test("programs of one module have keys of their own that stay the same", async () => {
  expect(await keyOfProgram("kubectl")).toBe(await keyOfProgram("kubectl"));
  expect(await keyOfProgram("kubectl")).not.toBe(await keyOfProgram("kubelet"));
});

test.each([
  ["go version go1.26.8 linux/amd64", true],
  ["go version go1.21.0 linux/arm64", true],
  ["go version go1.19.8 linux/amd64", false],
  ["bash: go: command not found", false],
])("%p: can compile any module is %p", (answer, usable) => {
  expect(isUsableGo(answer)).toBe(usable);
});
