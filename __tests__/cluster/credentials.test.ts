import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { readCredentials } from "../../components/cluster/credentials.ts";
import type { ContextFacts, KubeconfigCluster, KubeconfigUser } from "../../components/cluster/kubeconfig.ts";

const folder = mkdtempSync(join(tmpdir(), "todo-stack-credentials-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "ca.crt"), "the authority");
writeFileSync(join(folder, "token"), "from a file\n");

const server = "https://127.0.0.1:6443";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const facts = (user: KubeconfigUser, cluster: Partial<KubeconfigCluster> = {}): ContextFacts => ({
  name: "dev",
  server,
  cluster: { server, ...cluster },
  user,
  folders: { cluster: folder, user: folder },
});

test("certificates come from the data, or from files beside the kubeconfig", async () => {
  const user = { "client-certificate-data": base64("certificate"), "client-key-data": base64("key") };
  const { tls, authorization } = await readCredentials(facts(user, { "certificate-authority": "ca.crt" }));
  expect([tls.ca, tls.cert, tls.key].map(String)).toEqual(["the authority", "certificate", "key"]);
  expect(authorization).toBeUndefined();
  expect(tls).not.toHaveProperty("rejectUnauthorized");
});

test.each<[string, KubeconfigUser, string]>([
  ["a token", { token: "plain" }, "Bearer plain"],
  ["a token's file, which wins", { token: "plain", tokenFile: "token" }, "Bearer from a file"],
  ["a password", { username: "u", password: "p" }, `Basic ${base64("u:p")}`],
])("%s becomes the authorization", async (_what, user, expected) => {
  await expect(readCredentials(facts(user))).resolves.toMatchObject({ authorization: expected });
});

test("a credential plugin is asked as kubectl asks it", async () => {
  const script = `console.log(JSON.stringify({status:{token:process.env.GREETING+JSON.parse(process.env.KUBERNETES_EXEC_INFO).kind}}))`;
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: ["-e", script],
    env: [{ name: "GREETING", value: "hello-" }],
  };
  await expect(readCredentials(facts({ exec }))).resolves.toMatchObject({
    authorization: "Bearer hello-ExecCredential",
  });
});

test("a server whose certificate is not to be checked, or has another name", async () => {
  const cluster = { "insecure-skip-tls-verify": true, "tls-server-name": "kubernetes" };
  const { tls } = await readCredentials(facts({}, cluster));
  expect(tls).toEqual({ servername: "kubernetes", rejectUnauthorized: false });
});

test("a proxy is refused, since requests would pass it by", async () => {
  await expect(readCredentials(facts({}, { "proxy-url": "socks5://x" }))).rejects.toThrow(/"dev" asks for a proxy/);
});
