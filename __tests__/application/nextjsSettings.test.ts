import { afterEach, describe, expect, test } from "@jest/globals";
import type { Files } from "./folders.ts";
import { folders, manifest, page, recipeOf, type Settings } from "./nextjsApplication.ts";

afterEach(() => folders.clear());

describe("what the probes ask", () => {
  const probesOf = async (files: Files, settings: Settings = {}) => (await recipeOf(files, settings)).values.probes;
  const asking = (health: string, ready = health) => ({
    startup: { path: health },
    readiness: { path: ready },
    liveness: { path: health },
  });

  test.each([
    ["app/api/health/route.ts", "/api/health"],
    ["src/app/(internal)/healthz/route.js", "/healthz"],
    ["app/health/route.ts", "/health"],
    ["pages/api/healthz.ts", "/api/healthz"],
    ["pages/api/health/index.ts", "/api/health"],
  ])("%s", async (path, route) => {
    expect(await probesOf({ [path]: "export function GET() {}" })).toEqual(asking(route));
  });

  test("a route for readiness beside it, and all of it below a base path", async () => {
    const get = "export function GET() {}";
    const routes = { "app/api/health/route.ts": get, "app/api/ready/route.ts": get };
    const config = { "next.config.js": 'module.exports = { basePath: "/shop" };' };
    expect(await probesOf({ ...routes, ...config })).toEqual(asking("/shop/api/health", "/shop/api/ready"));
  });

  test("the page for want of a route, with more time and a note, and of the process only whether its port is open", async () => {
    const { values, notes } = await recipeOf();
    const port = { path: "" };
    expect(values.probes).toEqual({ startup: port, readiness: { path: "/", timeoutSeconds: 5 }, liveness: port });
    expect(notes).toContainEqual(expect.stringMatching(/^The readiness probe asks \/, .*frontend\.healthPath/));
    const nested = await recipeOf({ "app/page.tsx": "", "app/[locale]/page.tsx": page });
    expect(nested.notes).toContainEqual(expect.stringMatching(/though no file for that page was found/));
  });

  test("a route for readiness alone is asked for that, and the note names it and no page", async () => {
    const { values, notes } = await recipeOf({
      "app/page.tsx": "",
      "app/api/ready/route.ts": "export function GET() {}",
    });
    expect(values.probes).toMatchObject({ readiness: { path: "/api/ready" }, liveness: { path: "" } });
    expect(notes).toContainEqual(expect.stringMatching(/^The readiness probe asks \/api\/ready, and the others /));
  });

  test("what the settings say, without a note", async () => {
    const { values, notes } = await recipeOf({}, { healthPath: "/up", readyPath: "/can", port: 4000 });
    expect(values).toMatchObject({ containerPort: 4000, probes: asking("/up", "/can") });
    expect(notes.filter((note) => note.includes("probes"))).toEqual([]);
  });
});

describe("the build's variables", () => {
  const notesOn = async (name: string, files: Files, settings: Settings = {}) =>
    (await recipeOf(files, settings)).notes.filter((note) => note.includes(name));

  test("are in a file for the shell, each as it is", async () => {
    const buildEnv = { NEXT_PUBLIC_TITLE: "it's $HOME & `more`", API: "a\nb" };
    expect((await recipeOf({}, { buildEnv })).files["build.env"]).toBe(
      "API='a\nb'\nNEXT_PUBLIC_TITLE='it'\\''s $HOME & `more`'\n",
    );
  });

  test("are those of .env.production too, as far as they are public; the settings win", async () => {
    const files = {
      ".env": "NEXT_PUBLIC_A=one\nNEXT_PUBLIC_B=two\nSECRET=x\n",
      ".env.production": "NEXT_PUBLIC_B='three'\nNEXT_PUBLIC_C=four\nNEXT_PUBLIC_D=$SECRET\n",
    };
    const recipe = await recipeOf(files, { buildEnv: { NEXT_PUBLIC_C: "five" } });
    expect(recipe.files["build.env"]).toBe("NEXT_PUBLIC_A='one'\nNEXT_PUBLIC_B='three'\nNEXT_PUBLIC_C='five'\n");
    expect(recipe.notes).toContainEqual(
      "NEXT_PUBLIC_A and NEXT_PUBLIC_B are taken from .env and .env.production (frontend.buildEnv says otherwise)",
    );
  });

  test("that the page reads and nothing sets are named, with the command", async () => {
    const files = {
      "app/page.tsx": `${page}process.env.NEXT_PUBLIC_URL; process.env["NEXT_PUBLIC_KEY"]; process.env.PLAIN;`,
    };
    expect(await notesOn("while the image is built", files)).toEqual([
      "The sources read NEXT_PUBLIC_KEY and NEXT_PUBLIC_URL, which nothing sets while the image is built: pulumi config set --path frontend.buildEnv.NEXT_PUBLIC_KEY VALUE",
    ]);
    expect(
      await notesOn("NEXT_PUBLIC_URL", files, { buildEnv: { NEXT_PUBLIC_URL: "x", NEXT_PUBLIC_KEY: "y" } }),
    ).toEqual([]);
  });

  test("that next.config reads are named, since their values stay; an address with the backend's", async () => {
    const files = { "next.config.js": "module.exports = { x: process.env.NODE_ENV, y: process.env.BACKEND_URL };" };
    expect(await notesOn("BACKEND_URL", files)).toEqual([
      "next.config.js reads BACKEND_URL while the image is built, and what it says then stays: pulumi config set --path frontend.buildEnv.BACKEND_URL '{backendUrl}'",
    ]);
  });

  test("that look like secrets get a note, and others none", async () => {
    const buildEnv = { NEXT_PUBLIC_API_TOKEN: "x", DB_PASSWORD: "x", NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY: "x" };
    expect(await notesOn("looks like a secret", {}, { buildEnv })).toEqual([
      "NEXT_PUBLIC_API_TOKEN looks like a secret, and everybody who opens the page can read what an image is built with: pulumi config set --secret --path frontendSecretEnv.API_TOKEN",
      "DB_PASSWORD looks like a secret, and whoever has the image can read what an image is built with: pulumi config set --secret --path frontendSecretEnv.DB_PASSWORD",
    ]);
  });
});

describe("the recipe's arguments", () => {
  test("name the application and its version", async () => {
    const recipe = await recipeOf({ "package.json": manifest({ name: "@acme/web shop", version: "2.1.0" }) });
    expect(recipe.args.APP_NAME).toBe("acme-web-shop");
    expect(recipe.version).toBe("2.1.0");
    expect(await recipeOf({ "package.json": manifest({ name: undefined }) })).toMatchObject({
      args: { APP_NAME: "application" },
      version: undefined,
    });
  });

  test("say which paths nginx hands to the backend, and how it sees them", async () => {
    expect((await recipeOf({}, { mode: "export" })).args).toMatchObject({ API_PATH: "/api", API_REWRITE: "^ $uri" });
    const stripped = await recipeOf({}, { mode: "export", apiPath: "/backend", apiStripPath: true, port: 9090 });
    expect(stripped.args).toMatchObject({ API_PATH: "/backend", API_REWRITE: "^/backend/?(.*)$ /$1", PORT: "9090" });
    await expect(recipeOf({}, { mode: "export", apiPath: "/" })).rejects.toThrow(
      /frontend\.apiPath: is \/: it must look like/,
    );
    const served = await recipeOf({}, { mode: "server", apiPath: "/backend" });
    expect(served.args.API_PATH).toBeUndefined();
    expect(served.notes).toContainEqual(expect.stringMatching(/^frontend\.apiPath .* have no effect/));
  });
});
