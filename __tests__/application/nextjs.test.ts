import { afterEach, describe, expect, test } from "@jest/globals";
import type { Files } from "./folders.ts";
import { folders, manifest, page, recipeOf } from "./nextjsApplication.ts";

afterEach(() => folders.clear());

const exported = 'export default { output: "export" };\n';

describe("static export or server", () => {
  const server = "docker/own/nextjs-server.Dockerfile";
  const exportFile = "docker/own/nextjs-export.Dockerfile";

  test.each<[string, Files]>([
    ["TypeScript", { "next.config.ts": exported }],
    ["a module", { "next.config.mjs": exported }],
    ["CommonJS", { "next.config.js": "module.exports = { output: 'export' };\n" }],
    ["a function", { "next.config.ts": "export default (phase: string) => ({ ...common, output: `export` });\n" }],
    ["a condition", { "next.config.js": "config.output = process.env.STATIC ? 'export' : undefined;\n" }],
    ["src/app", { "next.config.ts": exported, "app/page.tsx": "", "src/app/page.tsx": page }],
    ["pages", { "next.config.ts": exported, "app/page.tsx": "", "pages/index.js": page }],
    ["src/pages", { "next.config.ts": exported, "app/page.tsx": "", "src/pages/index.js": page }],
    ["rewrites for its development server", { "next.config.ts": `${exported}rewrites: async () => []` }],
    [
      "a route handler that is a file",
      {
        "next.config.ts": exported,
        "app/feed/route.ts": 'export const dynamic = "force-static";\nexport function GET() {}',
      },
    ],
    ["a server action in a test", { "next.config.ts": exported, "app/__tests__/a.ts": '"use server";\n' }],
    ["a server action in a comment", { "next.config.ts": exported, "app/a.ts": '/*\n"use server";\n*/\n' }],
  ])("an export by a next.config: %s", async (_, files) => {
    const recipe = await recipeOf(files);
    expect(recipe).toMatchObject({ dockerfile: exportFile, title: "Next.js as a static export, with npm" });
    expect(recipe.bases).toEqual(["NODE_IMAGE", "NGINX_IMAGE"]);
    expect(recipe.values).toEqual({
      containerPort: 8080,
      proxy: true,
      probes: { startup: { path: "/health" }, readiness: { path: "/health" }, liveness: { path: "/health" } },
    });
  });

  test.each<[string, Files]>([
    ["no next.config", {}],
    ["no output in it", { "next.config.ts": "export default {};\n" }],
    ["output: standalone", { "next.config.mjs": 'export default { output: "standalone" };\n' }],
    ["an output that is commented out", { "next.config.mjs": 'export default {\n  // output: "export",\n};\n' }],
  ])("a server with %s", async (_, files) => {
    const recipe = await recipeOf(files);
    expect(recipe).toMatchObject({
      dockerfile: server,
      title: "Next.js with its server, with npm",
      bases: ["NODE_IMAGE"],
    });
    expect(recipe.values).toMatchObject({ containerPort: 3000, proxy: false, writablePaths: ["/app/.next/cache"] });
  });

  const needed: readonly (readonly [string, string, string])[] = [
    ["app/api/todos/route.ts", "export async function POST() {}", "an API route"],
    ["src/app/(shop)/buy/route.js", "export const GET = async () => new Response();", "an API route"],
    ["pages/api/todos.ts", "export default () => {};", "an API route"],
    ["src/pages/api/todos.ts", "export default () => {};", "an API route"],
    ["middleware.ts", "export function middleware() {}", "middleware"],
    ["src/proxy.ts", "export function proxy() {}", "middleware"],
    ["lib/actions.ts", '"use server";\nexport async function save() {}', "a server action"],
    ["app/form.tsx", 'async function save() {\n  "use server";\n}', "a server action"],
    ["lib/session.ts", 'import { cookies } from "next/headers";', "cookies or headers of the request"],
    ["pages/cart.js", "export const getServerSideProps = async () => ({});", "getServerSideProps"],
    ["app/now/page.tsx", 'export const dynamic = "force-dynamic";', "a page that is made for each request"],
  ];

  test.each(needed)("%s needs the server, whatever next.config says", async (path, text, what) => {
    const recipe = await recipeOf({ "next.config.ts": exported, [path]: text });
    expect(recipe.dockerfile).toBe(server);
    expect(recipe.notes[0]).toBe(
      `It runs with Next's server, which it needs for ${path} (${what}) (frontend.mode says otherwise)`,
    );
  });

  test("export is refused with every file that contradicts it", async () => {
    const files = Object.fromEntries(needed.slice(0, 3).map(([path, text]) => [path, text]));
    const config = { "next.config.ts": "export default { rewrites: async () => [] };" };
    await expect(recipeOf({ ...files, ...config }, { mode: "export" })).rejects.toThrow(
      /frontend\.mode: is export, but this needs Next's server: app\/api\/todos\/route\.ts \(an API route\), pages\/api\/todos\.ts \(an API route\), src\/app\/\(shop\)\/buy\/route\.js \(an API route\) and next\.config\.ts \(rewrites\)\n.*pulumi config set --path frontend\.mode server/,
    );
  });

  test("the settings win: an export without a next.config, a server in spite of one", async () => {
    expect(await recipeOf({}, { mode: "export" })).toMatchObject({ dockerfile: exportFile, notes: [] });
    const served = await recipeOf({ "next.config.ts": exported }, { mode: "server", healthPath: "/" });
    expect(served).toMatchObject({ dockerfile: server, notes: [] });
  });

  test.each([
    ["12.1.6", "server", /has no `output: "standalone"`, which came with 12\.2/],
    ["^13.2.0", "export", /has no `output: "export"`, which came with 13\.3/],
  ] as const)("Next.js %s cannot be made a %s", async (next, mode, message) => {
    await expect(recipeOf({ "package.json": manifest({ dependencies: { next } }) }, { mode })).rejects.toThrow(message);
  });
});

describe("what is in the way", () => {
  test("is told all at once", async () => {
    const files = {
      "package.json": '{"dependencies":{"shared":"file:../shared","ui":"workspace:*"}}',
      "app/page.tsx": "",
    };
    const recipe = recipeOf({ ...files, "package-lock.json": "", "bun.lock": "{}" });
    await expect(recipe).rejects.toThrow(/package\.json does not depend on "next"/);
    await expect(recipe).rejects.toThrow(/has none of the folders app, src\/app, pages and src\/pages/);
    await expect(recipe).rejects.toThrow(
      /asks for shared \(file:\.\.\/shared\) and ui \(workspace:\*\), which lies outside/,
    );
    await expect(recipe).rejects.toThrow(/locked by Bun/);
  });

  test.each([
    ["there is no package.json", { "package.json": "" }],
    ["package.json is not JSON", { "package.json": "{" }],
  ])("%s", async (message, files) => {
    await expect(recipeOf(files)).rejects.toThrow(message);
  });

  test.each([
    ["18.x", true],
    [">=18", false],
    [">=18 <23", true],
    ["^20.1.0 || >=24", false],
    ["18 - 22", true],
    ["20 - 24", false],
    ["<=24", false],
    ["*", false],
    ["<24.5", false],
  ])("a Node that the image does not have, by engines %s: %s", async (node, isTold) => {
    const { notes } = await recipeOf({ "package.json": manifest({ engines: { node } }) });
    expect(notes.some((note) => note.includes("baseImages.NODE_IMAGE"))).toBe(isTold);
  });

  test("a registry that wants a login, and variables that are checked too early", async () => {
    const dependencies = { next: "16.4.6", "@t3-oss/env-nextjs": "1.0.0" };
    const files = {
      ".npmrc": "//npm.acme.test/:_authToken=$NPM_TOKEN\n",
      "package.json": manifest({ dependencies }),
    };
    const { notes } = await recipeOf(files);
    expect(notes).toContainEqual(expect.stringMatching(/^\.npmrc logs in to a registry/));
    expect(notes).toContainEqual(expect.stringMatching(/frontend\.buildEnv\.SKIP_ENV_VALIDATION 1$/));
  });

  test("a configuration that Next.js does not read", async () => {
    const { notes } = await recipeOf({ "next.config.cjs": "module.exports = {};" });
    expect(notes).toContainEqual(expect.stringMatching(/^Next\.js does not read next\.config\.cjs/));
  });

  test.each([
    ["node server.js", true],
    ["prisma migrate deploy && next start", true],
    ["next start", false],
    ["cross-env PORT=4000 next start -p 4000", false],
    ["node .next/standalone/server.js", false],
  ])("a start that the image does not make: %s, %s", async (start, isTold) => {
    const files = { "package.json": manifest({ scripts: { start } }) };
    const isNoted = async (mode: "export" | "server") =>
      (await recipeOf(files, { mode })).notes.some((note) =>
        note.startsWith(`Its script "start" (${start}) is not run`),
      );
    expect(await isNoted("server")).toBe(isTold);
    expect(await isNoted("export")).toBe(false);
  });

  test("addresses of the machine that it was written on", async () => {
    const { notes } = await recipeOf({
      "app/page.tsx": `${page}fetch("http://localhost:8000/todos");\n`,
      "lib/api.ts": 'export const api = process.env.API ?? "http://localhost:8000"; // "http://localhost:1"\n',
      "next.config.js": "module.exports = { rewrites: () => [{ destination: 'http://127.0.0.1:8000/:path*' }] };\n",
    });
    expect(notes.filter((note) => note.includes("another machine"))).toEqual([
      expect.stringMatching(/^app\/page\.tsx asks http:\/\/localhost:8000, which/),
      expect.stringMatching(/^next\.config\.js asks http:\/\/127\.0\.0\.1:8000, which/),
    ]);
  });
});
