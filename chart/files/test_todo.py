"""Helm test: a todo is written, read back and deleted through the frontend."""

import json
import os
import time
import urllib.error
import urllib.request

BASE_URL = os.environ["BASE_URL"]
DEADLINE = time.monotonic() + 30


def call(method: str, path: str, body: dict[str, str] | None = None, expect: int = 200) -> dict:
    """JSON of one request; waits while the backend is not ready, refuses any other status than the expected one."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE_URL + path, data, {"Content-Type": "application/json"}, method=method)
    while True:
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                status, text = response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        except OSError as error:
            status, text = 0, str(error)
        if status == expect:
            return json.loads(text) if text and status < 400 else {}
        if status not in (0, 502, 503, 504) or time.monotonic() > DEADLINE:
            raise SystemExit(f"{method} {path} answered {status} and not {expect}: {text[:500]}")
        time.sleep(0.5)


title = f"helm test {time.time_ns()}"
todo = call("POST", "/api/todos", {"title": title}, expect=201)
path = f"/api/todos/{todo['id']}"
try:
    read = call("GET", path)
    if read["title"] != title:
        raise SystemExit(f"wrote {title!r} and read back {read['title']!r}")
finally:
    call("DELETE", path, expect=204)
call("GET", path, expect=404)
print(f"A todo was written, read back and deleted: {todo['id']}.")
