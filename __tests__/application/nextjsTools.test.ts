import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type Files, Folders } from "./folders.ts";

const folders = new Folders();
afterEach(() => folders.clear());

const tools = resolve(import.meta.dirname, "../../docker/own/nextjs");

function run(tool: string, args: readonly string[], cwd: string = tools, env: Files = {}): string {
  const { PATH = "" } = process.env;
  return execFileSync(process.execPath, [join(tools, tool), ...args], {
    cwd,
    env: { PATH, NODE_NO_WARNINGS: "1", ...env },
    encoding: "utf8",
    stdio: "pipe",
  });
}

/** All files below a folder, sorted. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}

describe("the configuration in front of the application's own", () => {
  /** What Next gets of it, with functions called. */
  function configurationOf(files: Files, output = "standalone", name = "next.config.mjs"): Record<string, unknown> {
    const folder = folders.write(files);
    run("wrap-config.mjs", [], folder);
    const script = `const { default: configuration } = await import("./${name}");
      const config = await configuration("phase-production-build", { defaultConfig: { from: "Next" } });
      console.log(JSON.stringify({ ...config, buildId: await config.generateBuildId() }));`;
    const env = { PATH: "", IMAGE_OUTPUT: output, IMAGE_BUILD_ID: "abc" };
    const answer = execFileSync(process.execPath, ["--no-warnings", "--input-type=module", "-e", script], {
      cwd: folder,
      env,
    });
    return JSON.parse(answer.toString());
  }

  test.each<[string, Files]>([
    ["a module", { "next.config.mjs": "export default { basePath: '/shop' };" }],
    ["CommonJS", { "next.config.js": "module.exports = { basePath: '/shop' };" }],
    [
      "CommonJS that was a module",
      { "next.config.js": "exports.__esModule = true; exports.default = { basePath: '/shop' };" },
    ],
    [
      "a module by package.json",
      { "next.config.js": "export default { basePath: '/shop' };", "package.json": '{"type":"module"}' },
    ],
    ["TypeScript", { "next.config.ts": "const config: object = { basePath: '/shop' };\nexport default config;" }],
    ["a TypeScript module", { "next.config.mts": "export default { basePath: '/shop' } as object;" }],
    [
      "a function",
      {
        "next.config.js":
          "module.exports = (phase, { defaultConfig }) => ({ basePath: defaultConfig.from && '/shop' });",
      },
    ],
    ["a promise", { "next.config.mjs": "export default async () => ({ basePath: '/shop' });" }],
  ])("keeps what is said by %s, and sets the kind of output", (_, files) => {
    const name = Object.keys(files).find((path) => path.endsWith("ts"));
    expect(configurationOf(files, "standalone", name)).toEqual({
      basePath: "/shop",
      output: "standalone",
      distDir: ".next",
      experimental: { isrFlushToDisk: false },
      buildId: "abc",
    });
  });

  test("serves where there is none", () => {
    expect(configurationOf({}, "export")).toMatchObject({
      output: "export",
      images: { unoptimized: true },
      buildId: "abc",
    });
  });

  test("leaves an export's pictures and its own build id alone, and no path above the folder", () => {
    const text = `export default { output: "export", distDir: "build", outputFileTracingRoot: "/", experimental: { a: 1 },
      generateBuildId: () => "own" };`;
    const config = configurationOf({ "next.config.mjs": text }, "export");
    expect(config).toEqual({
      output: "export",
      distDir: ".next",
      outputFileTracingRoot: expect.stringContaining("todo-stack-application-"),
      experimental: { a: 1 },
      buildId: "own",
    });
  });
});

describe("what the installation of dependencies reads", () => {
  const manifest = { name: "shop", version: "1.0.0", scripts: { build: "next build" }, packageManager: "pnpm@9.0.0" };
  const files = {
    "package.json": JSON.stringify({ ...manifest, dependencies: { next: "16.4.6", charts: "file:./vendor/charts" } }),
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    ".npmrc": "auto-install-peers=true\n",
    "patches/next.patch": "---\n",
    "vendor/charts/index.js": "1;\n",
    "packages/ui/package.json": '{"name":"ui"}',
    "tests/package.json": "no JSON",
    "app/page.tsx": "1;\n",
  };

  function inputsOf(changed: Files = {}): Files {
    const folder = folders.write({ ...files, ...changed });
    run("install-inputs.mjs", [folder, join(folder, "inputs")]);
    const copy = join(folder, "inputs");
    return Object.fromEntries(filesIn(copy).map((path) => [path, readFileSync(join(copy, path), "utf8")]));
  }

  test("is copied, and nothing else", () => {
    expect(Object.keys(inputsOf())).toEqual([
      ".npmrc",
      "package.json",
      "packages/ui/package.json",
      "patches/next.patch",
      "pnpm-lock.yaml",
      "vendor/charts/index.js",
    ]);
  });

  test("does not change with the version, the scripts or the sources, but with a dependency", () => {
    const edited = { ...manifest, version: "1.1.0", scripts: { build: "next build --debug" } };
    const dependencies = { next: "16.4.6", charts: "file:./vendor/charts" };
    const same = inputsOf({ "app/page.tsx": "2;\n", "package.json": JSON.stringify({ ...edited, dependencies }) });
    expect(same).toEqual(inputsOf());
    expect(inputsOf({ "package.json": JSON.stringify({ ...manifest, dependencies: { next: "16.4.7" } }) })).not.toEqual(
      same,
    );
  });
});

describe("the layers of an export", () => {
  const large = "x".repeat(70_000);

  function layersOf(files: Files, basePath = ""): string {
    const folder = folders.write({ ".next/routes-manifest.json": JSON.stringify({ basePath }), ...files });
    run("finish-export.mjs", [folder, join(folder, "layers")]);
    return join(folder, "layers");
  }

  test("hold each file and its compressed form, large ones apart, below the base path", () => {
    const layers = layersOf({ "out/index.html": large, "out/_next/static/a.js": large, "out/b.png": "png" }, "/shop");
    expect(filesIn(layers)).toEqual([
      "application/etc/nginx/page-policy.conf",
      "application/srv/www/shop/_next/static/a.js.gz",
      "application/srv/www/shop/b.png",
      "application/srv/www/shop/index.html",
      "application/srv/www/shop/index.html.gz",
      "large/srv/www/shop/_next/static/a.js",
    ]);
    const compressed = readFileSync(join(layers, "application/srv/www/shop/index.html.gz"));
    expect(gunzipSync(compressed).toString()).toBe(large);
    expect(readFileSync(join(layers, "application/etc/nginx/page-policy.conf"), "utf8")).toContain(
      'map "" $base_path { default "/shop"; }',
    );
  });

  test("give files the time of their content, and folders one that is the same for all", () => {
    const time = (layers: string, path: string) => statSync(join(layers, "application/srv/www", path)).mtimeMs;
    const [one, two] = [
      layersOf({ "out/a.html": "one", "out/b.html": "two" }),
      layersOf({ "out/a.html": "one", "out/b.html": "2" }),
    ];
    expect(time(one, "a.html")).toBe(time(two, "a.html"));
    expect(time(one, "b.html")).not.toBe(time(two, "b.html"));
    expect(time(one, "")).toBe(time(two, ""));
  });

  test("are none without an export", () => {
    expect(() => layersOf({})).toThrow(/The build has made no folder "out".*\n.*frontend\.mode server/);
  });
});

describe("the layers of a server", () => {
  const files = {
    ".next/prerender-manifest.json": JSON.stringify({
      routes: { "/": { initialRevalidateSeconds: 60 }, "/about": { initialRevalidateSeconds: false } },
    }),
    ".next/static/a.js": "a",
    "public/logo.svg": "<svg/>",
    ".next/standalone/server.js": "1;",
    ".next/standalone/node_modules/next/index.js": "1;",
    ".next/standalone/.next/server/app/index.html": "index",
    ".next/standalone/.next/server/app/about.html": "about",
    ".next/standalone/.next/cache/fetch-cache/x": "x",
  };

  test("hold the dependencies apart from the application with its static files and an empty cache", () => {
    const folder = folders.write(files);
    run("finish-server.mjs", [folder, join(folder, "layers")]);
    expect(filesIn(join(folder, "layers"))).toEqual([
      "application/app/.next/server/app/about.html",
      "application/app/.next/server/app/index.html",
      "application/app/.next/static/a.js",
      "application/app/public/logo.svg",
      "application/app/server.js",
      "modules/app/node_modules/next/index.js",
    ]);
    const cache = join(folder, "layers/application/app/.next/cache");
    expect(statSync(cache).mode & 0o7777).toBe(0o1777);
    const page = (name: string) => statSync(join(folder, "layers/application/app/.next/server/app", name)).mtimeMs;
    expect(page("about.html")).toBe(1_000_000_000_000);
    expect(page("index.html")).toBeGreaterThan(Date.now() - 60_000);
  });

  test("are none without Next's server", () => {
    const folder = folders.write({});
    expect(() => run("finish-server.mjs", [folder, join(folder, "layers")])).toThrow(
      /no \.next\/standalone\/server\.js/,
    );
    expect(existsSync(join(folder, "layers"))).toBe(false);
  });
});
