import { describe, expect, test } from "@jest/globals";
import { fastapiRecipe } from "../../components/application/fastapi/fastapi.ts";
import { ApplicationError, type ApplicationProblem, type Recipe } from "../../components/application/recipe.ts";
import type { BackendSettings } from "../../components/application/settings.ts";
import { folderOf } from "./folderOf.ts";

type Files = Readonly<Record<string, string>>;
type Settings = Omit<BackendSettings, "path">;

const main = 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/health")\ndef health(): ...\n';
const requirements = "fastapi==0.120.0\nuvicorn==0.54.0\n";
const small: Files = { "main.py": main, "requirements.txt": requirements };

const recipe = (files: Files, settings: Settings = {}, pythonImage?: string): Promise<Recipe> =>
  fastapiRecipe(folderOf(files), { path: "../shop", ...settings }, { pythonImage });

const served = async (files: Files, settings: Settings = {}): Promise<unknown> => {
  const { files: made, args } = await recipe({ "requirements.txt": requirements, ...files }, settings);
  const { module, factory } = JSON.parse(made["start.json"] ?? "") as { module: string; factory: boolean };
  return { module, path: args.APP_PYTHONPATH, ...(factory ? { factory } : {}) };
};

async function problemsOf(
  files: Files,
  settings: Settings = {},
  pythonImage?: string,
): Promise<readonly ApplicationProblem[]> {
  const error = await recipe(files, settings, pythonImage).catch((thrown: unknown) => thrown);
  if (error instanceof ApplicationError) return error.problems;
  throw new Error(`no ApplicationError: ${String(error)}`);
}

test("a small application needs nothing to be said", async () => {
  const { files, ...found } = await recipe(small);
  expect(found).toEqual({
    title: "FastAPI (main:app), with the dependencies of requirements.txt",
    dockerfile: "docker/own/fastapi.Dockerfile",
    extras: [{ from: "docker/own/python", to: "python" }],
    args: {
      APP_TITLE: "backend",
      APP_PYTHONPATH: "/app",
      SYSTEM_PACKAGES: "",
      BUILD_PACKAGES: "",
      OWN_PACKAGES: "",
      MIGRATIONS: "none",
    },
    bases: ["PYTHON_IMAGE", "UV_IMAGE"],
    values: {
      containerPort: 8000,
      migrations: { enabled: false },
      probes: { startup: { path: "/health" }, liveness: { path: "/health" }, readiness: { path: "/health" } },
    },
    notes: ["The probes take it for alive by /health (backend.healthPath) and ready by /health (backend.readyPath)."],
  });
  expect(Object.keys(files).sort()).toEqual([
    "dependencies/install.json",
    "dependencies/requirements.txt",
    "start.json",
  ]);
});

test("every reason is told at once, each with the command that mends it", async () => {
  const problems = await problemsOf({ "main.py": "x = 1\n", Pipfile: "" }, { migrations: "alembic" });
  expect(problems.map(({ key, remedy }) => [key, remedy])).toEqual([
    [undefined, "pipenv requirements > requirements.txt"],
    ["backend.module", "pulumi config set --path backend.module app.main:app"],
    ["backend.migrations", "pulumi config set --path backend.migrations none"],
  ]);
});

describe("the module", () => {
  const cases: Readonly<Record<string, readonly [Files, unknown]>> = {
    "in app/main.py": [{ "app/main.py": main }, { module: "app.main:app", path: "/app" }],
    "in src/main.py": [{ "src/main.py": main }, { module: "main:app", path: "/app/src:/app" }],
    "in src/main.py that names its modules from above": [
      { "src/main.py": `from src.db import x\n${main}`, "src/db.py": "" },
      { module: "src.main:app", path: "/app:/app/src" },
    ],
    "in a package below src": [
      { "src/shop/__init__.py": "", "src/shop/main.py": main },
      { module: "shop.main:app", path: "/app/src:/app" },
    ],
    "in app/main.py that names its modules from its own folder": [
      { "app/main.py": `from db import x\n${main}`, "app/db.py": "" },
      { module: "main:app", path: "/app/app:/app" },
    ],
    "in a package of a workspace": [
      { "backend/app/__init__.py": "", "backend/app/main.py": main },
      { module: "app.main:app", path: "/app/backend:/app" },
    ],
    "with a type": [{ "main.py": "api: FastAPI = fastapi.FastAPI(\n)\n" }, { module: "main:api", path: "/app" }],
    "made by a function of another module": [
      {
        "shop/__init__.py": "",
        "shop/factory.py": "def create_app() -> FastAPI:\n    app = FastAPI()\n    return app\n",
        "shop/asgi.py": "from shop.factory import create_app\napplication = create_app()\n",
      },
      { module: "shop.asgi:application", path: "/app" },
    ],
    "made by a function of any name": [
      { "main.py": "def start():\n    app = FastAPI()\n    return app\n\napp = start()\n" },
      { module: "main:app", path: "/app" },
    ],
    "as a function alone": [
      { "main.py": "def create_app(debug: bool = False) -> FastAPI:\n    return FastAPI()\n" },
      { module: "main:create_app", path: "/app", factory: true },
    ],
    "beside one that it mounts": [
      { "main.py": 'root = FastAPI()\nadmin = FastAPI()\nroot.mount("/admin", admin)\n' },
      { module: "main:root", path: "/app" },
    ],
    "beside tests, examples in texts and comments": [
      {
        "tests/main.py": main,
        "conftest.py": main,
        "a.py": '"""\napp = FastAPI()\n"""\n# app = FastAPI()\n',
        "z.py": main,
      },
      { module: "z:app", path: "/app" },
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [files, expected]) => {
    expect(await served(files, { healthPath: "/" })).toEqual(expected);
  });

  test("is the one of the usual file where several have one, and that is told", async () => {
    const { title, notes } = await recipe({ ...small, "app/main.py": main, "jobs/server.py": main });
    expect(title).toContain("main:app");
    expect(notes).toContainEqual("Serves main:app and not that of app/main.py; backend.module names another one.");
  });

  test("must be named where files are alike", async () => {
    const files = { "requirements.txt": requirements, "one/main.py": main, "two/main.py": main };
    expect(await problemsOf(files)).toEqual([
      {
        key: "backend.module",
        message:
          "it has several applications (one.main:app in one/main.py, two.main:app in two/main.py); name the one to serve",
        remedy: "pulumi config set --path backend.module one.main:app",
      },
    ]);
    expect(await served(files, { module: "two.main:app" })).toEqual({ module: "two.main:app", path: "/app" });
  });

  test("is what pyproject.toml names, and what the configuration names wins", async () => {
    const files = { "pyproject.toml": '[tool.fastapi]\nentrypoint = "x.y:api"\n', "src/x/y.py": main, "main.py": main };
    expect(await served(files)).toEqual({ module: "x.y:api", path: "/app/src:/app" });
    expect(await served(files, { module: "main:app" })).toEqual({ module: "main:app", path: "/app:/app/src" });
  });

  test("that is named must be there", async () => {
    const [problem] = await problemsOf(small, { module: "app.main:app" });
    expect(problem?.message).toBe(
      "backend.module names app.main, and there is no file app/main.py; applications are in main.py",
    );
    const [other] = await problemsOf(small, { module: "main" });
    expect(other?.message).toBe('"main" of backend.module is not like app.main:app');
  });

  test("that is nowhere is told with what was looked at", async () => {
    const [problem] = await problemsOf({ "requirements.txt": requirements, "run.py": "" });
    expect(problem?.message).toBe("no `NAME = FastAPI(...)` was found; looked at run.py");
  });
});

describe("Python", () => {
  const project = (versions: string): Files => ({
    "main.py": main,
    "pyproject.toml": `[project]\nname = "x"\nrequires-python = "${versions}"\ndependencies = ["fastapi", "uvicorn"]\n`,
  });

  test.each([">=3.11", ">=3.10,<4", "~=3.12", "^3.11", "==3.13.*", "!=3.12.*", ">=3.9,<=3.13.2", "3.12 || 3.13", "*"])(
    "%s may be 3.13",
    async (versions) => {
      await expect(recipe(project(versions))).resolves.toBeDefined();
    },
  );

  test.each([
    [">=3.11,<3.13", "python:3.12-slim"],
    ["==3.11.*", "python:3.11-slim"],
    ["~=3.12.1", "python:3.12-slim"],
    ["!=3.13.*", "python:3.14-slim"],
    [">=3.14", "python:3.14-slim"],
    ["<=3.13", "python:3.12-slim"],
    ["==3.9.*", "python:3.9-slim"],
  ])("%s needs another image", async (versions, image) => {
    expect(await problemsOf(project(versions))).toEqual([
      {
        key: "baseImages.PYTHON_IMAGE",
        message: `it needs Python ${versions}, and python:3.13-slim has 3.13`,
        remedy: `pulumi config set --path baseImages.PYTHON_IMAGE ${image}`,
      },
    ]);
    await expect(recipe(project(versions), {}, image)).resolves.toBeDefined();
  });

  test("of a base image without a number in its tag is not judged", async () => {
    await expect(recipe(project("<3.13"), {}, "mirror.example.com/python@sha256:abc")).resolves.toBeDefined();
  });

  test("of another version on the developer's machine is told", async () => {
    const { notes } = await recipe({ ...small, ".python-version": "3.12.4\n" });
    expect(notes).toContainEqual(
      expect.stringContaining("`pulumi config set --path baseImages.PYTHON_IMAGE python:3.12-slim`"),
    );
  });
});

describe("the stack", () => {
  test("is named in the commands where it is known", async () => {
    const failing = fastapiRecipe(folderOf({}), { path: "../shop" }, { stack: "dev" });
    await expect(failing).rejects.toThrow(
      "mend it with: pulumi config set --stack dev --path backend.module app.main:app",
    );
  });
});
