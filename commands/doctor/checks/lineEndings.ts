import { join } from "node:path";
import { type Check, missing, ok, warn } from "../check.ts";

/** A script that is copied into an image as it is. */
const script = "apps/backend/image/assemble.sh";

/** Whether scripts end their lines as a shell wants it. */
export const lineEndings: Check = {
  name: "Line endings",
  why: "A script whose lines end as Windows' do is not found by the shell in an image.",
  look: async ({ machine: { root }, read, ask }) => {
    const mend =
      "git config core.autocrlf false && git rm -rq --cached . && git reset --hard   (loses edits that are not committed)";
    if ((await read(join(root, script)))?.includes("\r"))
      return missing(`${script} has lines that end with CR LF`, mend);
    const { stdout } = await ask("git", ["-C", root, "config", "core.autocrlf"]);
    if (stdout.trim() !== "true") return ok("LF");
    return warn(
      "LF, with core.autocrlf=true",
      "Files without an entry in .gitattributes are changed: git config core.autocrlf input",
    );
  },
};
