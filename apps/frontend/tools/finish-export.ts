import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** What is worth compressing: everything else is compressed already or too rare to matter. */
const COMPRESSIBLE = new Set([".css", ".html", ".ico", ".js", ".json", ".svg", ".txt"]);

/** A script element; group 1 holds its attributes, group 2 its text. */
const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script>/g;

/**
 * The CSP source expressions of a page's inline scripts, e.g. `'sha256-...'`. Next puts the page's data into inline scripts;
 * their hashes let a policy admit exactly these.
 */
export function inlineScriptHashes(html: string): string[] {
  const inline = [...html.matchAll(SCRIPT)].filter(([, attributes = ""]) => !/\ssrc=/.test(attributes));
  return inline.map(([, , text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
}

/** The policy's value. Styles come from files alone, so a `style` attribute in the export would be a fault: it throws. */
export function contentSecurityPolicy(pages: Record<string, string>): string {
  for (const [name, html] of Object.entries(pages)) {
    const styled = /<style\b[^>]*>|<[a-z][^>]*\sstyle="[^"]*"/.exec(html.replace(SCRIPT, ""));
    if (styled) throw new Error(`${name} has an inline style, which the policy forbids: ${styled[0]}`);
  }
  const hashes = [...new Set(Object.values(pages).flatMap(inlineScriptHashes))].sort();
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(" ")}`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * The time that a file gets in place of the moment of its build, in seconds: equal content has an equal one. nginx makes the
 * entity tag of time and size, so other content of the same size needs another. All of them lie in the 1970s, and so before
 * every answer.
 */
export function contentTime(content: Buffer): number {
  return Number.parseInt(createHash("sha256").update(content).digest("hex").slice(0, 7), 16);
}

/**
 * Finishes an export: writes `<file>.gz` beside each compressible file, for nginx to send as it is, and the policy as an
 * nginx variable; then gives each file the time that its content has.
 */
async function finish(directory: string, policyFile: string): Promise<void> {
  const files = await filesIn(directory);
  const pages: Record<string, string> = {};
  let before = 0;
  let after = 0;
  for (const file of files.filter((name) => COMPRESSIBLE.has(extname(name)))) {
    const content = await readFile(file);
    if (file.endsWith(".html")) pages[file] = content.toString();
    const compressed = gzipSync(content, { level: 9 });
    if (compressed.length < content.length) await writeFile(`${file}.gz`, compressed);
    before += content.length;
    after += Math.min(compressed.length, content.length);
  }
  const policy = contentSecurityPolicy(pages);
  await mkdir(dirname(policyFile), { recursive: true });
  await writeFile(
    policyFile,
    `# Written by the build: the page's policy with the hashes of its inline scripts.\nmap "" $page_policy { default "${policy}"; }\n`,
  );
  for (const file of await filesIn(directory)) {
    const time = contentTime(await readFile(file));
    await utimes(file, time, time);
  }
  process.stdout.write(
    `${Object.keys(pages).length} pages, ${before} bytes, ${after} compressed; policy in ${policyFile}\n`,
  );
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

if (import.meta.main) {
  const [directory, policyFile] = process.argv.slice(2);
  if (!directory || !policyFile) throw new Error("Usage: node tools/finish-export.ts <export directory> <policy file>");
  await finish(directory, policyFile);
}
