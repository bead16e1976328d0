import { describe, expect, test } from "@jest/globals";
import { type Component, imageBom } from "../../commands/sbom/bom.ts";
import { alpinePackages, debianPackages, interpreter, readDistribution } from "../../commands/sbom/osPackages.ts";
import { findProblems, pnpmPackages, uvPackages } from "../../commands/testing/sbom.ts";

const component = (name: string): Component => ({
  type: "library",
  name,
  version: "1",
  purl: `pkg:pypi/${name}@1`,
  "bom-ref": `${name}-ref`,
});
const parts = {
  image: "todo-backend",
  tag: "1.0.0-abc",
  revision: "f".repeat(40),
  lock: {
    metadata: { component: component("todo-backend") },
    components: [component("uvicorn"), component("anyio")],
    dependencies: [{ ref: "todo-backend-ref", dependsOn: ["uvicorn-ref", "anyio-ref"] }, { ref: "anyio-ref" }],
  },
  base: [interpreter("3.13.5")],
};

describe("an image's document", () => {
  test("is valid, and has the application and the base below the image", async () => {
    const bom = imageBom(parts);
    await expect(findProblems(bom, ["pkg:pypi/anyio@1", "pkg:generic/python@3.13.5"])).resolves.toEqual([]);
    const needs = Object.fromEntries(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    expect(needs["todo-backend:1.0.0-abc"]).toEqual(["pkg:generic/python@3.13.5", "todo-backend-ref"]);
    expect(needs["todo-backend-ref"]).toEqual(["anyio-ref", "uvicorn-ref"]);
    expect(bom.metadata.properties).toEqual([{ name: "org.opencontainers.image.revision", value: "f".repeat(40) }]);
  });

  test("is the same whatever the order in which its parts were told", () => {
    const { lock } = parts;
    const turned = { ...lock, components: lock.components.toReversed(), dependencies: lock.dependencies.toReversed() };
    expect(JSON.stringify(imageBom({ ...parts, lock: turned }))).toBe(JSON.stringify(imageBom(parts)));
  });

  test("that lacks what is locked, or is no CycloneDX, is told", async () => {
    await expect(findProblems(imageBom(parts), ["pkg:pypi/missing@1"])).resolves.toEqual([
      "pkg:pypi/missing@1 is locked and not in it",
    ]);
    const wrong = imageBom({ ...parts, base: [{ ...component("odd"), type: "no-such-type" }] });
    expect((await findProblems(wrong, [])).join()).toContain("it is no CycloneDX 1.6");
    const nameless = imageBom({ ...parts, base: [{ ...component("odd"), version: "" }] });
    expect((await findProblems(nameless, [])).join()).toContain("odd has no version");
  });
});

describe("a base's packages", () => {
  const release = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nID=debian\n';

  test("of Debian have their architecture and release in their URL, and removed ones are none", () => {
    const status = [
      "Package: libstdc++6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 14.2.0-19\nDescription: a\n b: c",
      "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:1.3+b1",
      "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1",
    ];
    const found = debianPackages(`${status.join("\n\n")}\n`, readDistribution(release));
    expect(found.map(({ purl }) => purl)).toEqual([
      "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=debian-13",
      "pkg:deb/debian/zlib1g@1%3A1.3%2Bb1?arch=amd64&distro=debian-13",
    ]);
  });

  test("of Alpine likewise", () => {
    const installed =
      "C:Q1x=\nP:musl\nV:1.2.5-r10\nA:x86_64\nF:lib\nR:libc.so\n\nC:Q2=\nP:nginx\nV:1.29.1-r1\nA:x86_64\n\n";
    const found = alpinePackages(installed, readDistribution("ID=alpine\nVERSION_ID=3.22.1\n"));
    expect(found.map(({ purl }) => purl)).toEqual([
      "pkg:apk/alpine/musl@1.2.5-r10?arch=x86_64&distro=alpine-3.22.1",
      "pkg:apk/alpine/nginx@1.29.1-r1?arch=x86_64&distro=alpine-3.22.1",
    ]);
  });
});

test("what is locked is read from the lockfiles themselves, by whomever it is needed", () => {
  const uv = `version = 1
[[package]]
name = "anyio"
version = "4.1"
dependencies = [
    { name = "idna", marker = "python_version < '4'" },
]
[[package]]
name = "idna"
version = "3.1"
[[package]]
name = "sqlalchemy"
version = "2.1"

[package.optional-dependencies]
asyncio = [
    { name = "greenlet" },
]
other = [
    { name = "pytest" },
]
[[package]]
name = "greenlet"
version = "3.2"
[[package]]
name = "todo-backend"
version = "1.0.0"
dependencies = [
    { name = "anyio" },
    { name = "sqlalchemy", extra = ["asyncio"] },
]

[package.dev-dependencies]
dev = [
    { name = "pytest" },
]
`;
  expect(uvPackages(uv).sort()).toEqual([
    "pkg:pypi/anyio@4.1",
    "pkg:pypi/greenlet@3.2",
    "pkg:pypi/idna@3.1",
    "pkg:pypi/sqlalchemy@2.1",
  ]);
  const pnpm = {
    importers: {
      ".": { dependencies: { "@a/b": { version: "1.0.0(c@2.0.0)" } }, devDependencies: { d: { version: "1" } } },
    },
    snapshots: { "@a/b@1.0.0(c@2.0.0)": { dependencies: { c: "2.0.0" } }, "c@2.0.0": {}, "d@1": {} },
  };
  expect(pnpmPackages(JSON.stringify(pnpm))).toEqual(["pkg:npm/%40a/b@1.0.0", "pkg:npm/c@2.0.0"]);
});
