import { randomInt } from "node:crypto";
import { applyObject, kubectl, readObject } from "../shell.ts";
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
  const kept = (await readKept(machine))[name];
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
    const data = { ...(await readKept(machine)), [name]: Buffer.from(drawn).toString("base64") };
    await applyObject(machine, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: secretName(machine), namespace: "kube-system" },
      data,
    });
    return state(drawn);
  };
  return { id: "none", state: state(drawn), change: { summary: `password ${name}: draw`, apply }, remove };
};

function secretName({ project, stack }: Machine): string {
  return `${project}-${stack}-drawn`;
}

async function readKept(machine: Machine): Promise<Readonly<Record<string, string>>> {
  const secret = await readObject<StoredSecret>(machine, ["--namespace", "kube-system", "secret", secretName(machine)]);
  return secret?.data ?? {};
}
