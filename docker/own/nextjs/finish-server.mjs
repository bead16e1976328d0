// Makes the layers of a server: its dependencies, which an edit leaves as they are, and the application.
//
//   node finish-server.mjs APPLICATION LAYERS
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesIn, settle, stampByContent } from "./files.mjs";

const [application, layers] = process.argv.slice(2);

const standalone = join(application, ".next/standalone");
if (!existsSync(join(standalone, "server.js"))) {
  console.error(`The build has made no .next/standalone/server.js.
Its script "build" in package.json must run \`next build\` of Next 12.2 or later in this folder.
For a build of another shape the application brings a Dockerfile of its own: pulumi config set --path frontend.dockerfile Dockerfile`);
  process.exit(1);
}

const place = join(layers, "application/app");
const modules = join(layers, "modules/app/node_modules");
// As links, which is how pnpm's folders are made.
cpSync(standalone, place, { recursive: true, verbatimSymlinks: true });
mkdirSync(dirname(modules), { recursive: true });
renameSync(join(place, "node_modules"), modules);
cpSync(join(application, ".next/static"), join(place, ".next/static"), { recursive: true });
if (existsSync(join(application, "public")))
  cpSync(join(application, "public"), join(place, "public"), { recursive: true });

const sent = [join(place, ".next/static"), join(place, "public")].filter((folder) => existsSync(folder));
const keepTime = new Set([...sent.flatMap(filesIn), ...revalidatedFiles()]);
for (const file of sent.flatMap(filesIn)) stampByContent(file);

// Where scaled pictures and answers are kept. A deployment mounts a folder over it, as the rest is read-only.
rmSync(join(place, ".next/cache"), { recursive: true, force: true });
mkdirSync(join(place, ".next/cache"));
settle(layers, (path) => keepTime.has(path));
chmodSync(join(place, ".next/cache"), 0o1777);

/** Pages that are made anew after a time, which Next counts from the time of their files: theirs is that of the build. */
function revalidatedFiles() {
  const { routes = {} } = JSON.parse(readFileSync(join(application, ".next/prerender-manifest.json"), "utf8"));
  return Object.entries(routes)
    .filter(([, { initialRevalidateSeconds }]) => typeof initialRevalidateSeconds === "number")
    .flatMap(([route]) =>
      ["app", "pages"].map((kind) => join(place, ".next/server", kind, route === "/" ? "index" : route)),
    )
    .flatMap((path) => ["html", "rsc", "meta", "body", "json"].map((extension) => `${path}.${extension}`));
}
