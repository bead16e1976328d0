"""Helm test: the frontend is healthy, and the backend answers through it."""

import json
import os
import time
import urllib.error
import urllib.request

BASE_URL = os.environ["BASE_URL"]
DEADLINE = time.monotonic() + 30


def get(path: str) -> str:
    """Body of a path; waits for a Service that has no endpoint yet."""
    while True:
        try:
            with urllib.request.urlopen(BASE_URL + path, timeout=5) as response:
                return response.read().decode()
        except OSError as error:
            if time.monotonic() > DEADLINE:
                detail = error.read().decode()[:500] if isinstance(error, urllib.error.HTTPError) else ""
                raise SystemExit(f"GET {BASE_URL}{path}: {error} {detail}") from error
            time.sleep(0.5)


def version_in(text: str) -> str:
    """What an answer says of its version, where it is one that does."""
    try:
        return f" with version {json.loads(text)['version']}"
    except (ValueError, TypeError, KeyError):
        return ""


get(os.environ["HEALTH_PATH"])
api_path = os.environ["API_PATH"]
answer = f", and behind it the backend answers{version_in(get(api_path))}" if api_path else ""
print(f"The frontend is healthy{answer}.")
