import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Machine } from "../support/machine.ts";
import { generated } from "./generated.ts";

/** `npm run docs`: what is made of the sources is made anew. */
export async function docs(args: readonly string[], machine: Machine): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { check: { type: "boolean", default: false } } });
  const stale = await findStale(machine.root);
  for (const { path, text } of values.check ? [] : stale) await writeFile(join(machine.root, path), text);
  for (const { path } of stale) machine.log(`${path} ${values.check ? "is stale: npm run docs" : "written"}`);
  if (stale.length === 0) machine.log("All generated pages are up to date.");
  return values.check && stale.length > 0 ? 1 : 0;
}

/** The files that are otherwise than their sources make them, with what they are to hold. */
export async function findStale(root: string): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const made = await Promise.all(
    generated.map(async ({ path, make }) => {
      const current = await readFile(join(root, path), "utf8").catch(() => "");
      return { path, current, text: await make(root, current) };
    }),
  );
  return made.filter(({ current, text }) => current !== text);
}
