"""Starts uvicorn on the port that the environment names: the image's own command, without a shell.

Every option of uvicorn can be set from outside by its variable, e.g. UVICORN_LOG_LEVEL or UVICORN_ROOT_PATH:
https://www.uvicorn.org/settings/
"""

import json
import os
import runpy
import signal
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

SETTINGS = Path(__file__).with_name("start.json")
# Less than the pods' terminationGracePeriodSeconds of 30 with their preStopSeconds of 3: chart/values.yaml.
GRACE_SECONDS = "20"


def words(settings: Mapping[str, Any], environment: Mapping[str, str], uvicorn: str) -> list[str]:
    """Give the arguments of a version of uvicorn. From 0.22 on it can limit the time that its end takes."""
    port = environment.get("PORT") or str(settings["port"])
    # The page's nginx and the Ingress alone reach the port: they say by which scheme and for whom they ask.
    proxies = environment.get("FORWARDED_ALLOW_IPS", "*")
    graceful = [int(part) for part in uvicorn.split(".")[:2]] >= [0, 22]
    grace = ["--timeout-graceful-shutdown", GRACE_SECONDS] if graceful else []
    factory = ["--factory"] if settings["factory"] else []
    place = ["--host", "0.0.0.0", "--port", port]
    return [settings["module"], *place, "--proxy-headers", "--forwarded-allow-ips", proxies, *grace, *factory]


def main() -> None:
    """Entry point. An end by SIGTERM, before or after the server is up, is a good one: exit status 0."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.argv = ["uvicorn", *words(json.loads(SETTINGS.read_text()), os.environ, version("uvicorn"))]
    runpy.run_module("uvicorn", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
