"""Helm test: further paths answer through the frontend."""

import json
import os
import time
import urllib.error
import urllib.request

BASE_URL = os.environ["BASE_URL"]
PATHS: list[str] = json.loads(os.environ["PATHS"])
DEADLINE = time.monotonic() + 30


def get(path: str) -> int:
    """Status of a path; waits for what does not answer yet, refuses any mistake."""
    while True:
        try:
            with urllib.request.urlopen(BASE_URL + path, timeout=5) as response:
                return response.status
        except OSError as error:
            said = error.read().decode()[:500] if isinstance(error, urllib.error.HTTPError) else ""
            waiting = not isinstance(error, urllib.error.HTTPError) or error.code in (502, 503, 504)
            if not waiting or time.monotonic() > DEADLINE:
                raise SystemExit(f"GET {BASE_URL}{path}: {error} {said}") from error
            time.sleep(0.5)


for path in PATHS:
    print(f"{path} answers {get(path)}.")
