import { describe, expect, test } from "@jest/globals";
import { fastapiRecipe } from "../../components/application/fastapi/fastapi.ts";
import type { Recipe } from "../../components/application/recipe.ts";
import type { BackendSettings } from "../../components/application/settings.ts";
import { folderOf } from "./folderOf.ts";

type Files = Readonly<Record<string, string>>;

const source: Files = { "main.py": 'app = FastAPI()\n@app.get("/health")\ndef health(): ...\n' };

const recipe = (files: Files, settings: Omit<BackendSettings, "path"> = {}): Promise<Recipe> =>
  fastapiRecipe(folderOf({ ...source, ...files }), { path: "../shop", ...settings });

const refusal = async (files: Files): Promise<string> =>
  recipe(files).then(
    () => "",
    (error: Error) => error.message,
  );

const plan = ({ files }: Recipe): unknown => JSON.parse(files["dependencies/install.json"] ?? "");

const project = (more = ""): string => `[project]\nname = "Shop.API"\nversion = "0.3.0"\n${more}`;

/** A lock in uv's format, of packages by their lines. */
const lock = (packages: Readonly<Record<string, string>>, more = ""): string =>
  `version = 1\n${more}\n${Object.entries(packages)
    .map(([name, lines]) => `[[package]]\nname = "${name}"\nversion = "1"\n${lines}\n`)
    .join("\n")}`;

const registry = 'source = { registry = "https://pypi.org/simple" }\n';
const wheel = (tags: string): string => `${registry}wheels = [{ url = "https://x/one-1-${tags}.whl" }]\n`;
const anyWheel = wheel("py3-none-any");

describe("uv.lock", () => {
  const locked = (packages: Readonly<Record<string, string>>): Files => ({
    "pyproject.toml": project('dependencies = ["fastapi[standard]"]\n'),
    "requirements.txt": "flask\n",
    "uv.lock": lock({
      "shop-api":
        'source = { virtual = "." }\ndependencies = [{ name = "fastapi", extra = ["standard"] }]\n[package.dev-dependencies]\ndev = [{ name = "psycopg2" }]\n',
      fastapi: `${anyWheel}[package.optional-dependencies]\nstandard = [{ name = "uvicorn" }, { name = "one" }]\n`,
      uvicorn: anyWheel,
      psycopg2: registry,
      ...packages,
    }),
  });

  test("is installed with the variables of the build", async () => {
    const environment = { UV_EXCLUDE_NEWER: "2024-11-25" };
    expect(plan(await recipe(locked({ one: anyWheel }), { buildEnv: environment }))).toMatchObject({ environment });
    expect(plan(await recipe(locked({ one: anyWheel })))).toMatchObject({ environment: {} });
  });

  test("wins, is copied for the installation, and tells what comes with what", async () => {
    const found = await recipe(locked({ one: anyWheel }));
    expect(found.title).toContain("uv.lock");
    expect(found.version).toBe("0.3.0");
    expect(found.args.APP_TITLE).toBe("shop-api");
    expect(plan(found)).toEqual({
      way: "lock",
      requirements: [],
      wholeWorkspace: false,
      environment: {},
      server: "uvicorn==0.54.0",
      beside: [],
    });
    expect(Object.keys(found.files)).toContain("dependencies/uv.lock");
    // uvicorn comes with an extra, psycopg2 is for development alone.
    expect(found.notes.join()).not.toMatch(/uvicorn|psycopg2/);
    expect(found.args.BUILD_PACKAGES).toBe("");
  });

  test.each([
    ["cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64", ""],
    ["cp39-abi3-musllinux_1_1_x86_64", ""],
    ["cp312-cp312-manylinux_2_17_x86_64", "g++ gcc libc6-dev"],
    ["cp313-cp313-macosx_11_0_arm64", "g++ gcc libc6-dev"],
  ])("a wheel for %s asks for the Debian packages [%s]", async (tags, packages) => {
    expect((await recipe(locked({ one: wheel(tags) }))).args.BUILD_PACKAGES).toBe(packages);
  });

  test("what other systems need asks for nothing", async () => {
    const on = (marker: string): Promise<Recipe> =>
      recipe(locked({ one: `${anyWheel}dependencies = [{ name = "psycopg2", marker = "${marker}" }]\n` }));
    expect((await on("sys_platform == 'win32'")).args.SYSTEM_PACKAGES).toBe("");
    expect((await on("python_version > '3' and platform_system == 'Windows'")).args.SYSTEM_PACKAGES).toBe("");
    expect((await on("sys_platform == 'win32' or sys_platform == 'linux'")).args.SYSTEM_PACKAGES).toBe("libpq5");
  });

  test("Alembic for development alone is installed for the migrations", async () => {
    const found = await recipe({ ...locked({ one: anyWheel, alembic: anyWheel }), "alembic.ini": "" });
    expect(plan(found)).toMatchObject({ beside: ["alembic==1"] });
    expect(found.notes).toContainEqual(expect.stringContaining("the image gets alembic==1 for its migrations"));
  });

  test("Git is there for what comes out of a repository", async () => {
    const { args } = await recipe(locked({ one: 'source = { git = "https://github.com/a/b?rev=1#2" }\n' }));
    expect(args.BUILD_PACKAGES).toBe("ca-certificates git");
  });

  test("folders of the application are installed, those outside are refused", async () => {
    expect((await recipe(locked({ one: 'source = { editable = "libs/one" }\n' }))).args).toMatchObject({
      OWN_PACKAGES: "libs/one",
      APP_PYTHONPATH: "/app:/opt/own",
    });
    expect((await recipe(locked({ one: 'source = { virtual = "libs/one" }\n' }))).args.OWN_PACKAGES).toBe("");
    expect(await refusal(locked({ one: 'source = { directory = "../one" }\n' }))).toContain(
      "out of folders that are not below it (../one)",
    );
  });

  test("of a workspace without a project of its own is that of all members", async () => {
    const found = await recipe({
      "pyproject.toml": '[tool.uv.workspace]\nmembers = ["backend"]\n',
      "uv.lock": lock(
        { backend: 'source = { editable = "backend" }\ndependencies = [{ name = "uvicorn" }]\n', uvicorn: anyWheel },
        '[manifest]\nmembers = ["backend"]\n',
      ),
    });
    expect(plan(found)).toMatchObject({ wholeWorkspace: true });
    expect(found.notes.join()).not.toContain("uvicorn");
  });
});

describe("an application that must be installed itself", () => {
  const built = '[build-system]\nrequires = ["hatchling"]\n';
  const dependencies = 'dependencies = ["fastapi", "uvicorn"]\n';

  test.each([
    ["has programs", project(`${dependencies}[project.scripts]\nshop = "shop:main"\n${built}`), {}, "."],
    [
      "asks for its own version",
      project(dependencies + built),
      { "x.py": "from importlib.metadata import version\n" },
      ".",
    ],
    ["is no more than built", project(dependencies + built), {}, ""],
    ["has no build system", project(`${dependencies}[project.scripts]\nshop = "shop:main"\n`), {}, ""],
    [
      "says to be no package",
      project(`${dependencies}${built}[project.scripts]\na = "b:c"\n[tool.uv]\npackage = false\n`),
      {},
      "",
    ],
  ])("%s", async (_, text, files, expected) => {
    expect((await recipe({ "pyproject.toml": text, ...files })).args.OWN_PACKAGES).toBe(expected);
  });
});

describe("pyproject.toml without a lock", () => {
  test("is installed by its newest versions, which is told", async () => {
    const found = await recipe({
      "pyproject.toml": project('dependencies = ["fastapi", "uvicorn[standard]>=0.30"]\n'),
    });
    expect(plan(found)).toMatchObject({ way: "requirements", requirements: ["pyproject.toml"] });
    expect(found.notes[0]).toContain("run `uv lock` to fix them");
  });

  test("gives way to requirements that name exact versions, and wins over loose ones", async () => {
    const own = { "pyproject.toml": project('dependencies = ["fastapi", "uvicorn"]\n') };
    const pinned = {
      ...own,
      "requirements.txt": "fastapi==0.1 \\\n    --hash=sha256:abc\nuvicorn==0.2 ; python_version > '3'\n",
    };
    expect((await recipe(pinned)).title).toContain("requirements.txt");
    expect((await recipe({ ...own, "requirements.txt": "fastapi>=0.1\n" })).title).toContain("pyproject.toml");
  });

  test("of Poetry 2 is read, of Poetry 1 is not", async () => {
    const two = `${project('dependencies = ["fastapi (>=0.1,<0.2)", "uvicorn"]\n')}[tool.poetry]\npackage-mode = false\n`;
    expect((await recipe({ "pyproject.toml": two, "poetry.lock": "" })).title).toContain("pyproject.toml");
    const one = '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.11"\nfastapi = "*"\n';
    expect(await refusal({ "pyproject.toml": one })).toContain(
      "poetry export --without-hashes --output requirements.txt",
    );
    expect((await recipe({ "pyproject.toml": one, "requirements.txt": "fastapi\n" })).title).toContain(
      "requirements.txt",
    );
  });

  test.each([
    [project('dynamic = ["dependencies"]\n'), "uv pip compile pyproject.toml --output-file requirements.txt"],
    [project(), "uv add fastapi uvicorn"],
    ["[project\n", "pyproject.toml, line 1, is no TOML"],
  ])("of %j is refused", async (text, words) => {
    expect(await refusal({ "pyproject.toml": text })).toContain(words);
  });

  test("cannot take folders, which only a lock names", async () => {
    const text = project('dependencies = ["fastapi", "core"]\n[tool.uv.sources]\ncore = { workspace = true }\n');
    expect(await refusal({ "pyproject.toml": text })).toContain("core is a folder (a member of a workspace)");
  });
});

describe("requirements", () => {
  test("are read with the files that they include, without the application's own folders", async () => {
    const found = await recipe({
      "requirements.txt": "\uFEFF-r requirements/base.txt\n-c limits.txt\n-e .\n./libs/one\nuvicorn  # the server\n",
      "requirements/base.txt": "fastapi>=0.1\r\n-r more.txt\r\n",
      "requirements/more.txt": "python-magic\n",
      "limits.txt": "mysqlclient==2\n",
    });
    expect(found.files["dependencies/requirements.txt"]).toBe("-r requirements/base.txt\n-c limits.txt\nuvicorn\n\n");
    expect(found.files["dependencies/requirements/more.txt"]).toBe("python-magic\n\n");
    expect(found.args).toMatchObject({ OWN_PACKAGES: ". libs/one", SYSTEM_PACKAGES: "libmagic1", BUILD_PACKAGES: "" });
    expect(found.notes[0]).toContain("does not name every version");
  });

  test.each(["requirements/prod.txt", "requirements-prod.txt", "api/requirements.txt"])(
    "are found in %s",
    async (file) => {
      const found = await recipe({ [file]: "fastapi==1\nuvicorn==1\n", "requirements/dev.txt": "pytest\n" });
      expect(found.title).toContain(file);
      expect(found.notes[0]).toContain(`Dependencies are those of ${file}`);
    },
  );

  test("must be complete", async () => {
    expect(await refusal({ "requirements.txt": "-r base.txt\n" })).toContain(
      "includes base.txt, which is not in the build",
    );
    expect(await refusal({ "requirements.txt": "-e ../core\n" })).toContain("pulumi config set --path backend.path ..");
  });

  test.each([
    [{ Pipfile: "" }, "pipenv requirements > requirements.txt"],
    [{ "environment.yml": "" }, "pip freeze > requirements.txt"],
    [{}, "neither uv.lock nor pyproject.toml with [project] nor requirements.txt"],
  ])("that are nowhere: %j", async (files, words) => {
    expect(await refusal(files as Files)).toContain(words);
  });
});

describe("Debian packages", () => {
  const packages = async (lines: string, settings: Omit<BackendSettings, "path"> = {}): Promise<readonly unknown[]> => {
    const { args } = await recipe({ "requirements.txt": `uvicorn==1\n${lines}` }, settings);
    return [args.SYSTEM_PACKAGES, args.BUILD_PACKAGES];
  };

  test.each([
    ["psycopg2==2.9", ["libpq5", "gcc libc6-dev libpq-dev"]],
    ["psycopg2-binary==2.9", ["", ""]],
    ["psycopg==3", ["libpq5", ""]],
    ["psycopg[binary,pool]==3", ["", ""]],
    ["psycopg[c]==3", ["libpq5", "gcc libc6-dev libpq-dev"]],
    ["psycopg==3\npsycopg-binary==3", ["", ""]],
    ["OpenCV_Python==4", ["libgl1 libglib2.0-0", ""]],
    ["shop @ git+https://github.com/a/b", ["", "ca-certificates git"]],
  ])("for %s", async (lines, expected) => {
    expect(await packages(lines)).toEqual(expected);
  });

  test("of the configuration come to those, and why there are any is told", async () => {
    const settings = { systemPackages: ["libfoo1"], buildPackages: ["libfoo-dev"] };
    expect(await packages("psycopg==3", settings)).toEqual(["libfoo1 libpq5", "libfoo-dev"]);
    const { notes } = await recipe({ "requirements.txt": "psycopg2==2\nuvicorn==1\n" });
    expect(notes.join()).toContain(
      "Debian packages for psycopg2: libpq5 in the image, gcc, libc6-dev, libpq-dev while",
    );
  });
});

describe("the driver of SQLAlchemy", () => {
  const notes = async (
    lines: string,
    settings: Omit<BackendSettings, "path"> = {},
    files: Files = {},
  ): Promise<string> =>
    (await recipe({ "requirements.txt": `uvicorn==1\n${lines}`, ...files }, settings)).notes.join("\n");
  const command =
    "pulumi config set --path backend.databaseEnv.DATABASE_URL 'postgresql+asyncpg://$(DATABASE_LOCATION)'";

  test("is told with the command that names it", async () => {
    expect(await notes("sqlmodel==1\nasyncpg==1\n")).toContain(command);
    expect(await notes("alembic==1\npsycopg2-binary==1\n")).toContain("postgresql+psycopg2://");
  });

  test("is not told where there is nothing to say", async () => {
    expect(await notes("asyncpg==1\n")).not.toContain("databaseEnv");
    const both = "sqlalchemy==1\nasyncpg==1\n";
    expect(await notes(both, {}, { "db.py": 'url.replace("postgresql://", "postgresql+asyncpg://")\n' })).not.toContain(
      "databaseEnv",
    );
    expect(await notes(both, { databaseEnv: { URL: "x" } })).not.toContain("databaseEnv");
    expect(await notes(both, { database: false })).not.toContain("databaseEnv");
  });
});
