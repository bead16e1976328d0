import { readRevisions } from "../../../components/release/history.ts";
import { type Check, ok, warn } from "../check.ts";

/** Whether Helm's release is ours, and whole. */
export const release: Check = {
  name: "Release",
  why: "One that was left halfway keeps Helm from the next update; one of another checkout would be taken over.",
  look: async (at) => {
    const { settings, record } = await at.stack();
    const found = await at.cluster().catch(() => undefined);
    const revisions = found && (await readRevisions(found.api, settings).catch(() => undefined));
    const last = revisions?.at(-1);
    if (revisions === undefined) return ok("not asked: the cluster does not answer");
    if (last === undefined) return ok("none yet");
    const told = `${settings.releaseName}, revision ${last.revision} is ${last.status}`;
    if (last.status.startsWith("pending-") || last.status === "uninstalling")
      return warn(told, "npm run up takes it over when its time is over");
    if (record !== undefined) return ok(told);
    const remove = `kubectl --context ${settings.context} delete namespace ${settings.namespace}`;
    return warn(`${told}, and not from this checkout`, `npm run up takes it over; to be rid of it: ${remove}`);
  },
};
