import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { isLocalServer } from "../../components/cluster/address.ts";
import { findContext, kubeconfigPaths } from "../../components/cluster/kubeconfig.ts";

test.each([
  "https://127.0.0.1:32769",
  "https://localhost:6443",
  "https://192.168.49.2:8443",
  "https://172.18.0.2:6443",
  "https://kubernetes.docker.internal:6443",
  "https://[::1]:6443",
])("%s is on this machine", (server) => {
  expect(isLocalServer(server)).toBe(true);
});

test.each([
  "https://203.0.113.7:6443",
  "https://abc.eks.amazonaws.com",
  "https://172.32.0.1:6443",
  "https://[2001:db8::1]:6443",
])("%s is elsewhere", (server) => {
  expect(isLocalServer(server)).toBe(false);
});

test("of several kubeconfig files the first entry of a name wins; missing files are passed over", () => {
  const folder = mkdtempSync(join(tmpdir(), "todo-stack-kubeconfig-"));
  const paths = ["a", "missing", "b"].map((name) => join(folder, name));
  const file = (server: string) =>
    `contexts: [{name: dev, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "${server}"}}]\n`;
  writeFileSync(join(folder, "a"), file("https://first"));
  writeFileSync(join(folder, "b"), `${file("https://second")}`);
  expect(findContext(paths, "dev")).toMatchObject({ name: "dev", server: "https://first" });
  expect(findContext(paths, "prod")).toBeUndefined();
  writeFileSync(join(folder, "a"), "contexts: [");
  expect(() => findContext(paths, "dev")).toThrow(/kubeconfig .* cannot be read/);
  rmSync(folder, { recursive: true });
});

test("KUBECONFIG lists files; without it there is one", () => {
  expect(kubeconfigPaths("/a:/b:")).toEqual(["/a", "/b"]);
  expect(kubeconfigPaths(undefined)[0]).toMatch(/\.kube\/config$/);
});
