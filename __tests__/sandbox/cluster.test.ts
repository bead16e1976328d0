import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { configurationKey } from "../../sandbox/cluster/container.ts";
import { kubeconfigFor } from "../../sandbox/cluster/kubeconfig.ts";
import { apiPort, checkSettings, defaultSettings, nodePorts } from "../../sandbox/cluster/settings.ts";

describe("a sandbox's settings", () => {
  test("have defaults that the environment overrides", () => {
    expect(defaultSettings({})).toEqual({ name: "todo-sandbox", nodePort: 30080 });
    const environment = { TODO_STACK_SANDBOX: "other", TODO_STACK_SANDBOX_PORT: "31000" };
    expect(defaultSettings(environment)).toEqual({ name: "other", nodePort: 31000 });
  });

  test("decide about ten ports and the API server's", () => {
    const settings = { name: "x", nodePort: 30080 };
    expect(nodePorts(settings)).toEqual([30080, 30081, 30082, 30083, 30084, 30085, 30086, 30087, 30088, 30089]);
    expect(apiPort(settings)).toBe(30180);
  });

  test.each(["", "Upper", "-x", "x-", "a/b", "x".repeat(51)])("refuse the name %p", (name) => {
    expect(() => checkSettings({ name, nodePort: 30080 })).toThrow("cannot be a sandbox's name");
  });

  test.each([Number.NaN, 80, 65_500, 30080.5])("refuse the port %p", (nodePort) => {
    expect(() => checkSettings({ name: "x", nodePort })).toThrow("A sandbox's first port");
  });

  test("of two kinds give two configurations, the same give one", () => {
    const one = configurationKey({ name: "x", nodePort: 30080 }, "image");
    expect(configurationKey({ name: "x", nodePort: 30080 }, "image")).toBe(one);
    expect(configurationKey({ name: "x", nodePort: 30090 }, "image")).not.toBe(one);
    expect(configurationKey({ name: "x", nodePort: 30080 }, "another image")).not.toBe(one);
  });
});

test("the kubeconfig has the sandbox's name and this machine's port, and the node's certificates", () => {
  const admin = `clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://172.31.200.10:6443
users:
- user:
    client-certificate-data: Q0VSVA==
    client-key-data: S0VZ
`;
  const kubeconfig = parse(kubeconfigFor({ name: "sand", nodePort: 30080 }, admin));
  expect(kubeconfig["current-context"]).toBe("sand");
  expect(kubeconfig.contexts).toEqual([{ name: "sand", context: { cluster: "sand", user: "sand" } }]);
  expect(kubeconfig.clusters[0].cluster).toEqual({
    server: "https://127.0.0.1:30180",
    "certificate-authority-data": "Q0E=",
  });
  expect(kubeconfig.users[0].user).toEqual({ "client-certificate-data": "Q0VSVA==", "client-key-data": "S0VZ" });
});
