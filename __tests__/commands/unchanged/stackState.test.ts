import { createCipheriv, pbkdf2Sync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readStackState } from "../../../commands/deploy/unchanged/stackState.ts";
import type { Machine } from "../../../commands/support/machine.ts";

const passphrase = "correct horse";
const saltBytes = Buffer.from("12345678");
const key = pbkdf2Sync(passphrase, saltBytes, 1_000_000, 32, "sha256");

/** As pulumi/pulumi, sdk/go/common/resource/config/crypt.go, EncryptValue. */
function sealed(text: string): string {
  const nonce = Buffer.from("nonce of 12.");
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${body.toString("base64")}`;
}

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: sealed(JSON.stringify(value)),
});

const salt = `v1:${saltBytes.toString("base64")}:${sealed("pulumi")}`;
const resource = { urn: "urn:a", type: "t", id: "i", inputs: { plain: 1, list: [secret({ deep: "hush" })] } };

let folder: string;
let machine: Machine;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "todo-stack-state-"));
  machine = { env: { PULUMI_BACKEND_URL: `file://${folder}/pulumi` }, state: folder } as unknown as Machine;
  writeFileSync(join(folder, "passphrase"), `${passphrase}\n`);
  store({});
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function store(latest: Readonly<Record<string, unknown>>): void {
  const stacks = join(folder, "pulumi", ".pulumi", "stacks", "todo-stack");
  mkdirSync(stacks, { recursive: true });
  const whole = { secrets_providers: { type: "passphrase", state: { salt } }, resources: [resource], ...latest };
  writeFileSync(join(stacks, "local.json"), JSON.stringify({ version: 4, checkpoint: { latest: whole } }));
}

const read = () => readStackState(machine, "todo-stack", "local");

test("secrets are opened, however deep they stand", async () => {
  const { resources, salt: found } = await read();
  expect(resources).toEqual([
    { urn: "urn:a", type: "t", id: "i", inputs: { plain: 1, list: [{ deep: "hush" }] }, outputs: {}, provider: "" },
  ]);
  expect(found).toBe(salt);
});

test("the passphrase of the environment goes first", async () => {
  machine.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
  writeFileSync(join(folder, "passphrase"), "another");
  await expect(read()).resolves.toBeDefined();
});

test.each<[string, () => void, RegExp]>([
  ["another passphrase", () => writeFileSync(join(folder, "passphrase"), "another"), /./],
  ["no passphrase", () => rmSync(join(folder, "passphrase")), /cannot be read here/],
  ["a key that a service keeps", () => store({ secrets_providers: { type: "service", state: {} } }), /by a service/],
  ["operations that were cut off", () => store({ pending_operations: [{}] }), /cut off/],
  ["a resource that is being deleted", () => store({ resources: [{ ...resource, delete: true }] }), /not finished/],
  ["a resource to be replaced", () => store({ resources: [{ ...resource, taint: true }] }), /not finished/],
  ["a resource whose update failed", () => store({ resources: [{ ...resource, initErrors: ["x"] }] }), /not finished/],
  [
    "a backend that is a server",
    () => {
      machine.env.PULUMI_BACKEND_URL = "s3://mine";
    },
    /on a server/,
  ],
  ["no state", () => rmSync(join(folder, "pulumi"), { recursive: true }), /ENOENT/],
  [
    "another update at work",
    () => {
      const locks = join(folder, "pulumi", ".pulumi", "locks", "organization", "todo-stack", "local");
      mkdirSync(locks, { recursive: true });
      writeFileSync(join(locks, "1.json"), "{}");
    },
    /locked/,
  ],
])("%s is a doubt", async (_case, change, doubt) => {
  change();
  await expect(read()).rejects.toThrow(doubt);
});
