import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** A heading and the text of `--help` for each npm script that is a command, in the order of package.json. */
export async function commandPages(root: string): Promise<string> {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };
  // "test:unit" and its like are another script's command with options.
  const commands = Object.entries(scripts).flatMap(([script, line]) => {
    const command = /^node commands\/bootstrap\.mjs (\S+)$/.exec(line)?.[1];
    return command === undefined ? [] : [{ script, command }];
  });
  const parts = await Promise.all(
    commands.map(async ({ script, command }) => {
      const title = script === "test" ? "npm test" : `npm run ${script}`;
      return `### ${title}\n\n\`\`\`text\n${await help(root, command)}\`\`\``;
    }),
  );
  return parts.join("\n\n");
}

async function help(root: string, command: string): Promise<string> {
  const args = [join(root, "commands/bootstrap.mjs"), command, "--help"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: {} });
  return stdout;
}
