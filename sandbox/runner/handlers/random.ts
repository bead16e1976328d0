import { createHash, randomInt } from "node:crypto";
import { kubectl } from "../shell.ts";
import type { Handler, Machine } from "../types.ts";

interface StoredSecret {
  readonly data?: Readonly<Record<string, string>>;
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * `random:index/randomPassword:RandomPassword`: drawn once. The runner has no state of its own; what was drawn is kept in
 * the cluster, in a Secret beside the system's, and lives as long as the database that knows it.
 */
export const randomPasswordHandler: Handler = async ({ name, inputs }, machine) => {
  const key = keyOf(name, inputs.keepers);
  const kept = (await readKept(machine))[key];
  const state = (result: string) => ({ ...inputs, result });
  const remove = async () => {
    await kubectl(machine, [
      "--namespace",
      "kube-system",
      "delete",
      "secret",
      secretName(machine),
      "--ignore-not-found",
    ]);
  };
  if (kept !== undefined) return { id: "none", state: state(Buffer.from(kept, "base64").toString("utf8")), remove };
  const drawn = Array.from({ length: inputs.length as number }, () => letters[randomInt(letters.length)]).join("");
  const apply = async () => {
    // Each password is another manager's field: several are drawn at once, and a newer one takes the place of the older.
    const args = ["apply", "--server-side", "--field-manager", name, "--force-conflicts", "--filename", "-"];
    const metadata = { name: secretName(machine), namespace: "kube-system" };
    const data = { [key]: Buffer.from(drawn).toString("base64") };
    const object = { apiVersion: "v1", kind: "Secret", metadata, data };
    await kubectl(machine, args, { input: JSON.stringify(object) });
    return state(drawn);
  };
  return { id: "none", state: state(drawn), change: { summary: `password ${name}: draw`, apply }, remove };
};

/** Other keepers are another password: https://www.pulumi.com/registry/packages/random/api-docs/randompassword/#keepers_nodejs */
function keyOf(name: string, keepers: unknown): string {
  if (keepers === undefined) return name;
  return `${name}.${createHash("sha256").update(JSON.stringify(keepers)).digest("hex").slice(0, 8)}`;
}

function secretName({ project, stack }: Machine): string {
  return `${project}-${stack}-drawn`;
}

async function readKept(machine: Machine): Promise<Readonly<Record<string, string>>> {
  const path = `/api/v1/namespaces/kube-system/secrets/${secretName(machine)}`;
  const secret = await (await machine.api).get<StoredSecret>(path);
  return secret?.data ?? {};
}
