import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { offerAtInterrupt, withCleanup } from "../../../commands/support/interrupt.ts";
import { withLock } from "../../../commands/support/lock.ts";
import { main } from "../../../commands/support/main.ts";
import { run } from "../../../commands/support/run.ts";

/**
 * A command that is interrupted while a program runs: it notes what it cleaned up, and what it went on with. Where it is told
 * for how long, it makes an offer.
 */
await main("", async ([folder = "", offered = ""], machine) => {
  const act = () => writeFileSync(join(folder, "accepted"), "");
  if (offered !== "") offerAtInterrupt({ text: "an offer", milliseconds: Number(offered), act });
  return withLock({ ...machine, state: folder }, "up", () =>
    withCleanup(
      async () => {
        writeFileSync(join(folder, "started"), "");
        await run("sleep", ["30"], { allowFailure: true });
        writeFileSync(join(folder, "went-on"), "");
        return 0;
      },
      async () => {
        await run("true", [], { cleanup: true });
        writeFileSync(join(folder, "cleaned"), "");
      },
    ),
  );
});
