import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import type { Machine } from "../../../commands/support/machine.ts";
import { fetchOf, TestMachine } from "../support/machine.ts";
import { findingOf, type Given, inCheckout } from "./fake.ts";

let on: TestMachine;
afterEach(() => on.dispose());

type Case = [
  string,
  Given,
  NodeJS.ProcessEnv,
  "ok" | "warn" | "missing",
  RegExp,
  (RegExp | undefined)?,
  Partial<Machine>?,
];

const kernel = "5.15.153.1-microsoft-standard-WSL2";
const wsl = { kernel, files: { "/proc/sys/kernel/osrelease": kernel } };
const pem = "-----BEGIN CERTIFICATE-----";

const cases: Case[] = [
  ["CPUs", { engine: { NCPU: 1 } }, {}, "warn", /1 in the engine/, /2 CPUs/],
  [
    "Memory",
    { files: { "/proc/meminfo": "MemAvailable:   8000000 kB\n" } },
    {},
    "ok",
    /16\.0 GB in the engine, 8\.2 GB free/,
  ],
  ["Memory", { files: { "/proc/meminfo": "MemAvailable:   500000 kB\n" } }, {}, "warn", /0\.5 GB free/, /End other/],
  ["Memory", { engine: { MemTotal: 1e9 } }, {}, "missing", /1\.0 GB in the engine/, /4 GB/],
  ["Memory", { engine: { MemTotal: 1e9 }, ...wsl }, {}, "missing", /1\.0 GB/, /wslconfig/],
  ["Disk of the engine", {}, {}, "ok", /50\.0 GB free at \/var\/lib\/docker/],
  ["Disk of the engine", {}, {}, "warn", /5\.0 GB/, /prune/, { freeBytes: async () => 5e9 }],
  ["Disk of the checkout", {}, {}, "missing", /1\.0 GB/, /Free some/, { freeBytes: async () => 1e9 }],
  ["DNS", {}, {}, "ok", /192\.0\.2\.1/],
  ["DNS", { names: { "registry-1.docker.io": [] } }, {}, "warn", /ENOTFOUND/, /resolv\.conf/],
  ["DNS", { names: { "registry-1.docker.io": [] } }, { HTTPS_PROXY: "http://p" }, "ok", /the proxy's/],
  ["DNS", { names: { localhost: ["192.0.2.9"] } }, {}, "missing", /localhost/, /etc\/hosts/],
  ["Proxy", {}, {}, "ok", /none/],
  [
    "Proxy",
    {},
    { HTTP_PROXY: "http://p" },
    "warn",
    /HTTP_PROXY is set, NO_PROXY lacks localhost/,
    /NO_PROXY=localhost,127\.0\.0\.1,10\.96/,
  ],
  [
    "Proxy",
    {},
    { HTTPS_PROXY: "http://p", NO_PROXY: "localhost,127.0.0.0/8,10.0.0.0/8,192.168.0.0/16" },
    "ok",
    /has the cluster's ranges/,
  ],
  [
    "Proxy",
    {},
    { HTTPS_PROXY: "http://p", NO_PROXY: "localhost,127.0.0.1,192.168.0.0/16,10.100.0.0/16" },
    "warn",
    /lacks 10\.96\.0\.0\/12$/,
    /./,
  ],
  ["Certificates", {}, {}, "ok", /the system's own/],
  ["Certificates", { files: { "/ca.pem": pem } }, { NODE_EXTRA_CA_CERTS: "/ca.pem" }, "ok", /NODE_EXTRA_CA_CERTS/],
  [
    "Certificates",
    {},
    { SSL_CERT_FILE: "/gone.pem" },
    "missing",
    /SSL_CERT_FILE names \/gone\.pem/,
    /unset SSL_CERT_FILE/,
  ],
  [
    "Certificates",
    { files: { "/ca.der": "binary" } },
    { NODE_EXTRA_CA_CERTS: "/ca.der" },
    "missing",
    /no certificate/,
    /openssl/,
  ],
  ["Certificates", {}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, "missing", /every check/, /unset/],
  ["Docker Hub", {}, {}, "warn", /not reachable/, /baseImages/],
  [
    "inotify",
    { files: { "/proc/sys/fs/inotify/max_user_watches": "524288", "/proc/sys/fs/inotify/max_user_instances": "512" } },
    {},
    "ok",
    /524288/,
  ],
  ["inotify", { files: { "/proc/sys/fs/inotify/max_user_watches": "8192" } }, {}, "warn", /8192/, /sudo sysctl/],
  ["inotify", {}, {}, "ok", /not of this system/, undefined, { platform: "darwin" }],
  ["Open files", { answers: { "sh -c": "1048576\n" } }, {}, "ok", /1048576/],
  ["Open files", { answers: { "sh -c": "256\n" } }, {}, "warn", /256/, /ulimit -n 4096/],
  ["Operating system", {}, {}, "ok", /Debian/],
  ["Operating system", wsl, {}, "warn", /without systemd/, /wsl\.conf/],
  ["Operating system", { kernel, files: { ...wsl.files, "/run/systemd/system": "" } }, {}, "ok", /in WSL 2$/],
  [
    "Operating system",
    { kernel: "4.4.0-Microsoft", files: { "/proc/sys/kernel/osrelease": "4.4.0-Microsoft" } },
    {},
    "missing",
    /WSL 1/,
    /set-version/,
  ],
  ["Operating system", { answers: { sw_vers: "15.1\n" } }, {}, "ok", /macOS 15\.1/, undefined, { platform: "darwin" }],
  ["Operating system", {}, {}, "missing", /win32/, /wsl --install/, { platform: "win32" }],
  ["Environment", {}, {}, "ok", /nothing/],
  ["Environment", {}, { TODO_STACK_WAY: "sandbox" }, "ok", /TODO_STACK_WAY/],
  ["Environment", {}, { TODO_STACK_WAY: "fast" }, "missing", /"fast"/, /unset TODO_STACK_WAY/],
  ["Environment", {}, { TODO_STACK_SANDBOX_PORT: "80" }, "missing", /1024/, /unset/],
  ["Environment", {}, { KUBECONFIG: "/gone" }, "warn", /\/gone/, /unset KUBECONFIG/],
  ["Place of the checkout", {}, {}, "ok", /^\//],
  ["Place of the checkout", wsl, {}, "warn", /folder of Windows/, /cd ~/, { root: "/mnt/c/Users/me/todo" }],
  ["Place of the checkout", {}, {}, "warn", /cloud/, /\/src$/, { root: "/Users/me/Dropbox/todo" }],
  [
    "Place of the checkout",
    { files: { "/proc/mounts": "a / ext4 rw\nb /home nfs4 rw\n" } },
    {},
    "warn",
    /nfs4 \(\/home\)/,
    /disk/,
    { root: "/home/me/todo" },
  ],
];

test.each(cases.map((row) => [row.slice(0, 4), row] as const))("%j", async (_, row) => {
  const [name, given, env, status, found, remedy, changes] = row;
  on = new TestMachine(changes);
  Object.assign(on.machine.env, env);
  const finding = await findingOf(on, name, given);
  expect(finding).toMatchObject({ status, found: expect.stringMatching(found) });
  expect(finding.remedy ?? "").toMatch(remedy ?? /^$/);
});

function writeIn(path: string, content: string, mode: number): void {
  const file = inCheckout(on, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
}

test("line endings and modes as an unlucky clone has them", async () => {
  on = new TestMachine();
  writeIn("apps/backend/image/assemble.sh", "#!/bin/sh\n", 0o755);
  writeIn("docker/nginx/nginx.conf", "", 0o644);
  writeIn("sandbox/cluster/node/rootfs/usr/local/bin/sandbox-init", "", 0o755);
  expect(await findingOf(on, "Line endings")).toMatchObject({ status: "ok" });
  expect(await findingOf(on, "File modes")).toMatchObject({ status: "ok" });
  expect(await findingOf(on, "Line endings", { answers: { "git -C": "true\n" } })).toMatchObject({ status: "warn" });
  writeIn("docker/nginx/nginx.conf", "", 0o600);
  expect(await findingOf(on, "File modes")).toMatchObject({ status: "warn", found: expect.stringContaining("umask") });
  writeIn("sandbox/cluster/node/rootfs/usr/local/bin/sandbox-init", "", 0o644);
  expect(await findingOf(on, "File modes")).toMatchObject({ status: "missing" });
  writeIn("apps/backend/image/assemble.sh", "#!/bin/sh\r\n", 0o755);
  expect(await findingOf(on, "Line endings")).toMatchObject({ status: "missing" });
});

test("a registry of one's own is asked, Docker Hub and others", async () => {
  on = new TestMachine({ fetch: fetchOf((url) => (url === "https://ghcr.io/v2/" ? 401 : undefined)) });
  expect(await findingOf(on, "Registry")).toMatchObject({ status: "ok", found: "ghcr.io answers" });
  on.write("checkout/Pulumi.prod.yaml", "config:\n  registry: registry.example:5000/acme\n");
  expect(await findingOf(on, "Registry")).toMatchObject({
    status: "warn",
    remedy: expect.stringContaining("docker login registry.example:5000"),
  });
  on.write("checkout/Pulumi.prod.yaml", "config: {}\n");
  expect(await findingOf(on, "Registry")).toMatchObject({ status: "ok", found: expect.stringContaining("none") });
});

test("ports: free, another's with its name, our own cluster's", async () => {
  on = new TestMachine();
  on.install("docker");
  // Ports that no other test, which may run beside this one, looks at.
  on.write("checkout/Pulumi.local.yaml", "config:\n  todo-stack:nodePort: 30957\n");
  expect(await findingOf(on, "Port of the page")).toMatchObject({ status: "ok", found: "30957 is free" });
  const servers = [30957, 31057].map((port) => createServer().listen(port, "127.0.0.1"));
  try {
    const taken = await findingOf(on, "Port of the page");
    expect(taken).toMatchObject({ status: "missing", remedy: expect.stringContaining("nodePort 30958") });
    expect(taken.found).toContain(`(process ${process.pid})`);
    expect(await findingOf(on, "Port of the API server")).toMatchObject({ status: "warn" });
    on.write("ps", "minikube\n");
    expect(await findingOf(on, "Port of the page")).toMatchObject({
      status: "ok",
      found: expect.stringContaining("our own"),
    });
    on.write("ps", "todo-sandbox\n");
    expect(await findingOf(on, "Port of the API server")).toMatchObject({
      status: "ok",
      found: expect.stringContaining("our own"),
    });
  } finally {
    for (const server of servers) server.close();
  }
});
