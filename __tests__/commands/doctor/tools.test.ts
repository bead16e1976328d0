import { afterEach, expect, test } from "@jest/globals";
import type { Machine } from "../../../commands/support/machine.ts";
import { ApiServer } from "../../support/apiServer.ts";
import { TestMachine } from "../support/machine.ts";
import { findingOf, type Given } from "./fake.ts";

let on: TestMachine;
afterEach(() => on.dispose());

/** Check, what the machine says, status, what is found, remedy, and how the machine differs. */
type Case = [string, Given, "ok" | "warn" | "missing", RegExp, RegExp?, Partial<Machine>?];

const docker = { docker: "/usr/bin/docker" };
const denied = "permission denied while trying to connect to the docker API";
const mac: Partial<Machine> = { platform: "darwin", arch: "arm64" };

const cases: Case[] = [
  ["Docker client", { programs: docker, answers: { "docker version": "28.0.1" } }, "ok", /^28\.0\.1 \(\/usr/],
  ["Docker client", {}, "missing", /not on PATH/, /^sudo apt-get install docker\.io/],
  ["Docker client", { release: "ubuntu" }, "missing", /not on PATH/, /^sudo apt-get install/],
  ["Docker client", { release: "fedora" }, "missing", /not on PATH/, /^sudo dnf install moby/],
  ["Docker client", { release: "alpine" }, "missing", /not on PATH/, /^sudo apk add docker/],
  ["Docker client", {}, "missing", /not on PATH/, /^brew install --cask docker/, mac],
  ["Docker client", {}, "warn", /not on PATH/, /npm run up/, { isRoot: true }],
  ["Docker engine", {}, "ok", /28\.0\.0/],
  ["Docker engine", { engine: "cannot connect" }, "missing", /cannot connect/, /^sudo service docker start/],
  ["Docker engine", { engine: "cannot connect", files: { "/run/systemd/system": "" } }, "missing", /./, /systemctl/],
  ["Docker engine", { engine: "cannot connect" }, "missing", /./, /open -a Docker.*colima/, mac],
  [
    "Docker engine",
    { engine: "cannot connect", kernel: "5.15-microsoft-standard-WSL2" },
    "missing",
    /./,
    /WSL integration/,
  ],
  ["Docker engine", { engine: "cannot connect" }, "warn", /./, /npm run up/, { isRoot: true }],
  ["Docker permission", {}, "ok", /may use/],
  ["Docker permission", { engine: denied }, "missing", /may not use/, /usermod -aG docker/],
  ["Docker permission", { engine: denied, release: "alpine" }, "missing", /may not use/, /addgroup/],
  ["Docker version", {}, "ok", /28\.0\.0/],
  ["Docker version", { engine: { ServerVersion: "20.10.24+dfsg1" } }, "warn", /20\.10\.24/, /docs\.docker\.com/],
  ["Docker version", { engine: { ServerVersion: "19.3.1" } }, "missing", /19\.3\.1/, /docs\.docker\.com/],
  ["Docker kind", { engine: { OperatingSystem: "Docker Desktop" } }, "ok", /Docker Desktop, a virtual machine/],
  ["Docker kind", { engine: { Name: "colima" } }, "ok", /virtual machine \(colima\)/],
  [
    "Docker kind",
    { engine: { SecurityOptions: ["name=rootless"] } },
    "warn",
    /rootless/,
    /minikube config set rootless/,
  ],
  ["Docker storage", {}, "ok", /overlay2/],
  ["Docker storage", { engine: { Driver: "vfs" } }, "warn", /vfs: copies/, /daemon\.json/],
  [
    "BuildKit",
    { programs: docker, answers: { "docker buildx": "github.com/docker/buildx 0.21.0", "docker version": "28.0.0" } },
    "ok",
    /buildx 0\.21\.0/,
  ],
  ["BuildKit", { programs: docker, answers: { "docker version": "20.10.1", "docker buildx": 1 } }, "ok", /inside/],
  [
    "BuildKit",
    { programs: docker, answers: { "docker version": "28.0.0", "docker buildx": 1 } },
    "warn",
    /lacks buildx/,
    /apt-get install docker-buildx/,
  ],
  ["Node.js", { programs: { node: "/usr/bin/node" }, answers: { "/usr/bin/node": "v24.1.0" } }, "ok", /^\d+\./],
  [
    "Node.js",
    { programs: { node: "/usr/bin/node" }, answers: { "/usr/bin/node": "v18.19.0" } },
    "warn",
    /18\.19\.0 is too old/,
    /nvm install/,
  ],
  ["npm", {}, "missing", /not on PATH/, /apt-get install npm/],
  ["Pulumi", { programs: { pulumi: "/p" }, answers: { "/p version": "v3.270.0" } }, "ok", /3\.270\.0 \(\/p\)/],
  [
    "Pulumi",
    { programs: { pulumi: "/p" }, answers: { "/p version": "v3.100.0" } },
    "warn",
    /requires >=3\.244\.0/,
    /get\.pulumi\.com/,
  ],
  ["Pulumi", {}, "warn", /not reachable/, /sandbox/],
  ["Minikube", {}, "warn", /not reachable/, /sandbox/],
  ["Minikube", { record: { program: "pulumi", cluster: "existing", configuredContext: "kind" } }, "ok", /not needed/],
  ["kubectl", {}, "warn", /not reachable/, /Go module/],
  ["Helm", {}, "ok", /brings one/],
  ["Helm", { programs: { helm: "/h" }, answers: { "/h version": "v3.22.0+g1" } }, "ok", /3\.22\.0/],
  [
    "Helm",
    { programs: { helm: "/h" }, answers: { "/h version": "v3.12.0+g1" } },
    "warn",
    /3\.12\.0.*too old/,
    /helm\.sh/,
  ],
  ["cgroups", {}, "ok", /version 2/],
  ["cgroups", { engine: { CgroupVersion: "1" } }, "warn", /version 1/, /unified_cgroup_hierarchy/],
  ["cgroups", { engine: { CgroupVersion: "1" }, kernel: "microsoft" }, "warn", /version 1/, /wslconfig/],
  ["Architecture", {}, "ok", /amd64/],
  [
    "Architecture",
    { engine: { Architecture: "aarch64" } },
    "warn",
    /engine is arm64, this Node is amd64/,
    /linux\/arm64/,
  ],
  ["Architecture", { answers: { "sysctl -n": "1" } }, "warn", /Intel/, /arm64/, { platform: "darwin", arch: "x64" }],
];

test.each(cases.map((row) => [row.slice(0, 3), row] as const))("%j", async (_, row) => {
  const [name, given, status, found, remedy, changes] = row;
  on = new TestMachine(changes);
  on.write("checkout/Pulumi.yaml", `${on.read("checkout/Pulumi.yaml")}requiredPulumiVersion: ">=3.244.0"\n`);
  const finding = await findingOf(on, name, given);
  expect(finding).toMatchObject({ status, found: expect.stringMatching(found) });
  expect(finding.remedy ?? "").toMatch(remedy ?? /^$/);
});

test("switches of the environment: another engine, no BuildKit, npm's own version", async () => {
  on = new TestMachine({
    env: {
      DOCKER_HOST: "tcp://build.example:2376",
      DOCKER_BUILDKIT: "0",
      npm_config_user_agent: "npm/11.1.0 node/v24",
    },
  });
  expect(await findingOf(on, "Docker kind")).toMatchObject({
    status: "warn",
    found: expect.stringContaining("tcp://build"),
  });
  expect(await findingOf(on, "Docker engine", { engine: "no route" })).toMatchObject({
    remedy: expect.stringContaining("unset DOCKER_HOST"),
  });
  expect(await findingOf(on, "BuildKit", { programs: docker })).toMatchObject({
    status: "warn",
    remedy: "unset DOCKER_BUILDKIT",
  });
  expect(await findingOf(on, "npm")).toMatchObject({ status: "ok", found: "11.1.0" });
});

test("a platform that the engine would emulate", async () => {
  on = new TestMachine();
  on.write("checkout/Pulumi.local.yaml", "config:\n  todo-stack:platform: linux/arm64\n");
  expect(await findingOf(on, "Architecture")).toMatchObject({
    status: "warn",
    found: "images are built for linux/arm64, the engine is amd64",
  });
});

test("kubectl is held against the cluster's version", async () => {
  on = new TestMachine();
  const server = await ApiServer.start();
  server.objects.set("/version", { gitVersion: "v1.34.10" });
  const given = (version: string) => ({
    server: server.url,
    programs: { kubectl: "/k" },
    answers: { "/k version": `Client Version: ${version}` },
  });
  expect(await findingOf(on, "kubectl", given("v1.33.1"))).toMatchObject({ status: "ok" });
  expect(await findingOf(on, "kubectl", given("v1.32.4"))).toMatchObject({
    status: "warn",
    found: "1.32.4 (/k), the cluster is 1.34.10",
  });
});

test("a clock that is behind, or ahead", async () => {
  on = new TestMachine();
  const at = (milliseconds: number) => ({ engine: { SystemTime: new Date(Date.now() + milliseconds).toISOString() } });
  expect(await findingOf(on, "Clock", at(0))).toMatchObject({ status: "ok" });
  expect(await findingOf(on, "Clock", at(-120_000))).toMatchObject({
    status: "warn",
    found: expect.stringMatching(/1[12]\d s behind/),
  });
  expect(await findingOf(on, "Clock", at(120_000))).toMatchObject({
    status: "warn",
    found: expect.stringMatching(/1[12]\d s ahead/),
  });
});
