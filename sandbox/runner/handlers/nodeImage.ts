import { ensureOnNodes, findNodes, nodesWithout, removeFromNodes } from "../../../components/node/presence.ts";
import type { NodeTarget } from "../../../components/node/target.ts";
import type { Handler } from "../types.ts";

/** The program's own `NodeImage`: the same loader that the real engine calls. */
export const nodeImageHandler: Handler = async ({ inputs }, machine) => {
  const target = inputs.target as NodeTarget;
  const reference = inputs.reference as string;
  const lacking = await nodesWithout(reference, await findNodes(target));
  const apply = async () => {
    machine.log(`Putting ${reference} on ${lacking.join(", ")} ...`);
    await ensureOnNodes(target, reference);
    return { ...inputs };
  };
  return {
    id: reference,
    state: { ...inputs },
    ...(lacking.length === 0 ? {} : { change: { summary: `image ${reference}: put on ${lacking.join(", ")}`, apply } }),
    remove: () => removeFromNodes(target, reference),
  };
};
