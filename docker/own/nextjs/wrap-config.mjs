// Puts a next.config of ours in front of the application's own, in the working directory. Next has no environment variable and
// no option for the kind of output. The application's is renamed to next.config.own.*; ours calls it and changes only what
// the image needs.
import { existsSync, renameSync, writeFileSync } from "node:fs";

/** In the order in which Next looks for them. */
const NAMES = ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.mts"];

const CONFIGURATION = `
export default async function configuration(phase, context) {
  let config = own;
  while (typeof config === "object" && config !== null && "default" in config) config = config.default;
  config = { ...(typeof config === "function" ? await config(phase, context) : await config) };
  const output = process.env.IMAGE_OUTPUT;
  const given = config.generateBuildId;
  // The name of the build is that of its sources, so that equal sources make equal files.
  config.generateBuildId = async () => (await given?.()) ?? (process.env.IMAGE_BUILD_ID || null);
  // Without a server nobody scales pictures: where the application was not made for an export, they stay as they are.
  if (output === "export" && config.output !== "export" && !config.images?.loader)
    config.images = { unoptimized: true, ...config.images };
  // A path above the application's folder, as in a workspace, would be another place in the image.
  if (config.outputFileTracingRoot) config.outputFileTracingRoot = process.cwd();
  config.experimental = { ...config.experimental };
  if (config.experimental.outputFileTracingRoot) config.experimental.outputFileTracingRoot = process.cwd();
  // Pages that are made anew stay in memory: the image's file system is read-only.
  if (output === "standalone") config.experimental.isrFlushToDisk ??= false;
  return { ...config, output, distDir: ".next" };
}
`;

const name = NAMES.find((candidate) => existsSync(candidate));
if (name === undefined) {
  writeFileSync("next.config.mjs", `const own = {};\n${CONFIGURATION}`);
} else {
  const ownName = name.replace("next.config.", "next.config.own.");
  renameSync(name, ownName);
  const typed = name.endsWith("ts");
  const head = `${typed ? "// @ts-nocheck\n" : ""}import * as own from "./${ownName}";\n`;
  writeFileSync(typed ? name : "next.config.mjs", head + CONFIGURATION);
}
