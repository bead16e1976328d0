import { createDecipheriv, pbkdf2 } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Machine } from "../../support/machine.ts";
import { Doubt } from "./doubt.ts";

/** Turns one encrypted value into its text. */
export type Unseal = (sealed: string) => string;

/** Rounds and length of the key: pulumi/pulumi, sdk/go/common/resource/config/crypt.go, NewSymmetricCrypterFromPassphrase. */
const rounds = 1_000_000;
const keyBytes = 32;

/** The last bytes of what AES-GCM writes prove that nothing was changed: https://csrc.nist.gov/pubs/sp/800/38/d/final */
const tagBytes = 16;

/** The text that a salt's own sealed value holds: pulumi/pulumi, pkg/secrets/passphrase/manager.go. */
const proof = "pulumi";

/**
 * The key to a stack's secrets, from its passphrase and the salt that its state names, as the CLI derives it. It takes 0.4 s
 * of one processor, beside this thread.
 *
 * @param salt - `v1:<salt>:<sealed proof>`.
 * @throws Doubt where the passphrase is not at hand, or not this stack's.
 */
export async function readKey(machine: Machine, salt: string): Promise<Unseal> {
  const [version, encoded = "", ...sealed] = salt.split(":");
  const passphrase = await readPassphrase(machine);
  if (version !== "v1" || passphrase === undefined) throw new Doubt("the stack's secrets cannot be read here");
  const key = await promisify(pbkdf2)(passphrase, Buffer.from(encoded, "base64"), rounds, keyBytes, "sha256");
  const unseal = (text: string): string => decrypt(key, text);
  if (unseal(sealed.join(":")) !== proof) throw new Doubt("the passphrase is not this stack's");
  return unseal;
}

/** The user's own where the environment names it, else the one of this checkout. */
async function readPassphrase({ env, state }: Machine): Promise<string | undefined> {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE ?? join(state, "passphrase");
  return (await readFile(file, "utf8").catch(() => undefined))?.trim();
}

/** `v1:<nonce>:<AES-256-GCM>`, both in base64. */
function decrypt(key: Buffer, text: string): string {
  const [version, nonce = "", body = ""] = text.split(":");
  if (version !== "v1") throw new Doubt("a secret is sealed in a way that is not known here");
  const sealed = Buffer.from(body, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]).toString("utf8");
}
