"""Fills the folders of an image that its source does not: one step of the build each.

    python install.py dependencies FOLDER ENVIRONMENT
    python install.py own FOLDER TARGET PACKAGE...
    python install.py tools FOLDER TARGET

Bytecode is made here, as the container cannot write any, and names its source by its content. No file keeps the moment
of its build, so that equal sources make equal layers.
"""

import compileall
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

# Where docker/own/fastapi.Dockerfile mounts it.
UV = "/usr/local/bin/uv"


def uv(*words: str, folder: Path) -> None:
    """Run uv in a folder. Ends this program where it fails, after what it said itself."""
    done = subprocess.run([UV, *words], cwd=folder, check=False)  # noqa: S603 - words of this program's own
    if done.returncode != 0:
        sys.exit(done.returncode)


def finish(target: Path) -> None:
    """Compile what is there, and forget when it was made. Templates in packages that are no Python are no mistake."""
    compileall.compile_dir(target, quiet=2, workers=0, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    for path in (target, *target.rglob("*")):
        os.utime(path, (0, 0), follow_symlinks=False)


def dependencies(folder: Path, environment: Path) -> None:
    """Install what the application depends on, what its migrations need beside, and uvicorn where nothing brings it."""
    plan = json.loads((folder / "install.json").read_text())
    # The stack's backend.buildEnv, such as UV_EXCLUDE_NEWER.
    os.environ.update(plan["environment"])
    os.environ["UV_PROJECT_ENVIRONMENT"] = str(environment)
    into = ["--no-progress", "--python", str(environment / "bin" / "python")]
    if plan["way"] == "lock":
        members = ["--all-packages"] if plan["wholeWorkspace"] else []
        uv("sync", "--frozen", "--no-dev", "--no-install-local", "--no-progress", *members, folder=folder)
    else:
        files = [word for file in plan["requirements"] for word in ("--requirement", file)]
        uv("venv", "--no-project", str(environment), folder=folder)
        uv("pip", "install", *into, *files, folder=folder)
    if not list(environment.glob("lib/python3*/site-packages/uvicorn/__init__.py")):
        uv("pip", "install", *into, plan["server"], folder=folder)
    if plan["beside"]:
        uv("pip", "install", *into, *plan["beside"], folder=folder)
    (environment / ".lock").unlink(missing_ok=True)
    finish(environment)


def own(folder: Path, target: Path, packages: list[str]) -> None:
    """Install the application's own packages beside its source: for their programs, plug-ins and versions."""
    target.mkdir()
    if packages:
        paths = [str(folder / package) for package in packages]
        uv("pip", "install", "--no-progress", "--no-deps", "--target", str(target), *paths, folder=folder)
        (target / ".lock").unlink(missing_ok=True)
    finish(target)


def tools(folder: Path, target: Path) -> None:
    """Bring the start of the server and, in an image that migrates, the runner of migrations with its driver."""
    start, migrate = target / "start", target / "migrate"
    start.mkdir(parents=True)
    migrate.mkdir()
    shutil.copyfile(folder / "python" / "start.py", start / "start.py")
    shutil.copyfile(folder / "start.json", start / "start.json")
    if os.environ["MIGRATIONS"] != "none":
        needed = str(folder / "python" / "migrate.txt")
        uv("pip", "install", "--no-progress", "--require-hashes", "--target", str(migrate), "-r", needed, folder=folder)
        (migrate / ".lock").unlink(missing_ok=True)
        for file in folder.glob("python/migrate*.py"):
            shutil.copyfile(file, migrate / file.name)
    finish(target)


def main(way: str, folder: str, target: str, *packages: str) -> None:
    """Entry point."""
    if way == "dependencies":
        dependencies(Path(folder), Path(target))
    elif way == "own":
        own(Path(folder), Path(target), list(packages))
    else:
        tools(Path(folder), Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
