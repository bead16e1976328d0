"""Puts the source and its bytecode into the image: one step of the build, as each step costs a tenth of a second.

Modes are the image's own: a checkout under a strict umask would be unreadable to the server's user.
"""

import compileall
import os
import shutil
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
TARGET = Path("/app/src")
# The dependencies' bytecode beside it is in the layer below, and what is touched of it would be in this one too.
BYTECODE = Path(os.environ["PYTHONPYCACHEPREFIX"]) / "app"


def forget_time(folder: Path) -> None:
    """Equal sources make equal layers: no file keeps the moment of its build, by which bytecode names its source."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        os.utime(path, (0, 0))


def main() -> None:
    """Copy, compile, and end with status 1 after what the compiler said when it said something."""
    TARGET.mkdir()
    for path in sorted(SOURCE.rglob("*")):
        target = TARGET / path.relative_to(SOURCE)
        if path.is_dir():
            target.mkdir()
        else:
            shutil.copyfile(path, target)
    forget_time(TARGET)
    compiled = compileall.compile_dir(TARGET, quiet=1)
    forget_time(BYTECODE)
    sys.exit(not compiled)


main()
