// Makes the layers of an export, compressed for nginx to send as it is.
//
//   node finish-export.mjs APPLICATION LAYERS
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { filesIn, settle, stampByContent } from "./files.mjs";

const [application, layers] = process.argv.slice(2);

/** What is worth compressing: everything else is compressed already or too rare to matter. */
const COMPRESSIBLE = /^\.(css|csv|html|ico|js|json|map|mjs|svg|ttf|txt|wasm|webmanifest|xml)$/;

/** Files from this size on that are no pages lie in a layer of their own, which an edit of the pages leaves as it is. */
const LARGE_BYTES = 64 * 1024;

const out = join(application, "out");
if (!existsSync(out)) {
  console.error(`The build has made no folder "out", which a static export is.
Its script "build" in package.json must end with \`next build\`; with a server: pulumi config set --path frontend.mode server`);
  process.exit(1);
}

const { basePath = "" } = JSON.parse(readFileSync(join(application, ".next/routes-manifest.json"), "utf8"));
const pages = join(layers, "application/srv/www", basePath);
mkdirSync(dirname(pages), { recursive: true });
cpSync(out, pages, { recursive: true });

for (const file of filesIn(pages)) {
  const content = readFileSync(file);
  if (COMPRESSIBLE.test(extname(file))) {
    const compressed = gzipSync(content, { level: 9 });
    if (compressed.length < content.length) writeFileSync(`${file}.gz`, compressed);
  }
}

mkdirSync(join(layers, "large"), { recursive: true });
for (const file of filesIn(pages)) {
  stampByContent(file);
  if (statSync(file).size < LARGE_BYTES || /\.(html|txt)(\.gz)?$/.test(file)) continue;
  const place = join(layers, "large", relative(join(layers, "application"), file));
  mkdirSync(dirname(place), { recursive: true });
  renameSync(file, place);
}

const policy = join(layers, "application/etc/nginx/page-policy.conf");
mkdirSync(dirname(policy), { recursive: true });
writeFileSync(
  policy,
  `# Written by the build: where the application's pages begin.\nmap "" $base_path { default "${basePath}"; }\n`,
);

settle(layers, (path) => path.includes("/srv/www/") && statSync(path).isFile());
