import { describe, expect, test } from "@jest/globals";
import { fastapiRecipe } from "../../components/application/fastapi/fastapi.ts";
import type { BackendSettings } from "../../components/application/settings.ts";
import { folderOf } from "./folderOf.ts";

type Files = Readonly<Record<string, string>>;
type Settings = Omit<BackendSettings, "path">;

const recipe = (files: Files, settings: Settings = {}) =>
  fastapiRecipe(folderOf({ "requirements.txt": "fastapi==1\nuvicorn==1\nalembic==1\n", ...files }), {
    path: "../shop",
    ...settings,
  });

async function probes(files: Files, settings: Settings = {}): Promise<unknown> {
  const { startup, readiness, liveness } = (await recipe(files, settings)).values.probes as Record<
    string,
    { path: string }
  >;
  expect(startup).toEqual(liveness);
  return liveness?.path === readiness?.path ? liveness?.path : [liveness?.path, readiness?.path];
}

const get = (...paths: readonly string[]): string => paths.map((path) => `@app.get(${path})\ndef x(): ...\n`).join("");
const app = "from fastapi import FastAPI\napp = FastAPI()\n";

describe("the paths of the probes", () => {
  const routers: Files = {
    "app/main.py": `from app.api.main import api_router\nfrom app.core.config import settings\napp = FastAPI(\n    title="x", openapi_url=f"{settings.API_V1_STR}/openapi.json"\n)\napp.include_router(api_router, prefix=settings.API_V1_STR)\n`,
    "app/core/config.py": 'class Settings:\n    API_V1_STR: str = "/api/v1"\n',
    "app/api/main.py":
      "from fastapi import APIRouter\nfrom app.api.routes import utils\napi_router = APIRouter()\napi_router.include_router(utils.router)\n",
    "app/api/routes/utils.py":
      'router = APIRouter(prefix="/utils", tags=["utils"])\n@router.get("/health-check/")\nasync def health_check() -> bool: ...\n',
  };

  test.each<[string, Files, unknown]>([
    ["of the application itself", { "main.py": app + get('"/items/{id}"', '"/healthz"') }, "/healthz"],
    ["one for each", { "main.py": app + get('"/health"', '"/ready", status_code=200') }, ["/health", "/ready"]],
    [
      "the plainest one",
      { "main.py": app + get('"/health"', '"/health/live"', '"/health/ready"') },
      ["/health/live", "/health/ready"],
    ],
    ["by routers of other modules, with a prefix out of the settings", routers, "/api/v1/utils/health-check/"],
    [
      "by a router that a package hands on",
      {
        "main.py": `from routes import health as h\n${app}app.include_router(h, prefix="/api")\n`,
        "routes/__init__.py": "from .status import router as health\n",
        "routes/status.py": 'router = APIRouter()\n@router.get(path="/health")\ndef x(): ...\n',
      },
      "/api/health",
    ],
    [
      "of a factory that hands the application to others",
      {
        "main.py":
          "from api import register\ndef create_app() -> FastAPI:\n    app = FastAPI()\n    register(app)\n    return app\n",
        "api.py": 'def register(api: FastAPI) -> None:\n    @api.get("/livez")\n    def live(): ...\n',
      },
      "/livez",
    ],
    [
      "of a mounted application",
      { "main.py": `${app}api = FastAPI()\n@api.get("/ping")\ndef x(): ...\napp.mount("/v1", api)\n` },
      "/v1/ping",
    ],
    [
      "by add_api_route",
      { "main.py": `${app}app.add_api_route("/health", x)\napp.add_api_route("/ready", x, methods=["POST"])\n` },
      "/health",
    ],
    [
      "a prefix that cannot be read tells nothing",
      { "main.py": `${app}r = APIRouter(prefix=f())\n@r.get("/health")\ndef x(): ...\napp.include_router(r)\n` },
      "/openapi.json",
    ],
    [
      "nor does one at an include",
      { "main.py": `${app}r = APIRouter()\n@r.get("/health")\ndef x(): ...\napp.include_router(r, prefix=f())\n` },
      "/openapi.json",
    ],
    [
      "a router that nothing includes tells nothing",
      { "main.py": `${app}r = APIRouter()\n@r.get("/health")\ndef x(): ...\n` },
      "/openapi.json",
    ],
    [
      "an example in a docstring tells nothing",
      { "main.py": `${app}def x():\n    """\n    @app.get("/health")\n    """\n` },
      "/openapi.json",
    ],
    [
      "the description of the API, where the source puts it",
      { ...routers, "app/api/main.py": "" },
      "/api/v1/openapi.json",
    ],
    ["the page, where there is no description", { "main.py": `app = FastAPI(openapi_url=None)\n${get('"/"')}` }, "/"],
  ])("%s", async (_, files, expected) => {
    expect(await probes(files)).toEqual(expected);
  });

  test("are what the configuration names", async () => {
    const files = { "main.py": app + get('"/health"', '"/ready"') };
    expect(await probes(files, { healthPath: "/a", readyPath: "/b" })).toEqual(["/a", "/b"]);
    expect((await recipe(files, { healthPath: "/a", readyPath: "/b" })).notes).toEqual([]);
  });

  test("must be named where nothing tells them", async () => {
    await expect(recipe({ "main.py": "app = FastAPI(openapi_url=None)\n" })).rejects.toThrow(
      "pulumi config set --path backend.healthPath /health",
    );
    await expect(recipe({ "main.py": "app = FastAPI(**options)\n" })).rejects.toThrow("backend.healthPath");
  });
});

describe("migrations", () => {
  const main = { "main.py": app + get('"/health"') };
  const runner = ["python", "/opt/migrate/migrate.py"];
  const alembic = (folder: string): readonly string[] => [
    ...runner,
    "command",
    folder,
    "python",
    "-m",
    "alembic",
    "upgrade",
    "heads",
  ];
  const command = async (files: Files, settings: Settings = {}): Promise<unknown> => {
    const { values, args } = await recipe({ ...main, ...files }, settings);
    const { enabled, command } = values.migrations as { enabled: boolean; command?: readonly string[] };
    expect(args.MIGRATIONS).toBe(enabled ? "some" : "none");
    return enabled ? command : undefined;
  };
  const sql = { "migrations/1_todo.sql": "" };

  test.each<[string, Files, Settings, unknown]>([
    ["none", {}, {}, undefined],
    ["Alembic's", { "alembic.ini": "", ...sql }, {}, alembic("/app")],
    ["Alembic's in a folder", { "app/db/alembic.ini": "" }, {}, alembic("/app/app/db")],
    [
      "Alembic's by pyproject.toml",
      { "pyproject.toml": '[tool.alembic]\nscript_location = "x"\n' },
      {},
      alembic("/app"),
    ],
    ["SQL files", sql, {}, [...runner, "sql", "/app/migrations"]],
    ["SQL files of a database's folder", { "db/migrations/1.sql": "" }, {}, [...runner, "sql", "/app/db/migrations"]],
    [
      "SQL files where they are wanted",
      { "alembic.ini": "", ...sql },
      { migrations: "sql" },
      [...runner, "sql", "/app/migrations"],
    ],
    ["not wanted", sql, { migrations: "none" }, undefined],
    ["of no database", sql, { database: false }, undefined],
    [
      "by a command",
      sql,
      { migrationCommand: ["python", "-m", "app.migrate"] },
      [...runner, "command", "/app", "python", "-m", "app.migrate"],
    ],
  ])("%s", async (_, files, settings, expected) => {
    expect(await command(files, settings)).toEqual(expected);
  });

  test("that are wanted must be there", async () => {
    await expect(command({}, { migrations: "sql" })).rejects.toThrow(
      "there are no SQL files in any of migrations, db/migrations",
    );
    await expect(command(sql, { migrations: "alembic" })).rejects.toThrow("there is no alembic.ini");
  });

  test("by Alembic need Alembic", async () => {
    const files = { "alembic.ini": "", "requirements.txt": "fastapi==1\nuvicorn==1\n" };
    await expect(command(files)).rejects.toThrow("mend it with: uv add alembic");
    await expect(command(files)).rejects.toThrow("`pulumi config set --path backend.migrations none` does without");
  });
});
