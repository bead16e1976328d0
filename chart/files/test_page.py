"""Helm test: the page and every script and style sheet it names are served."""

import os
import re
import time
import urllib.error
import urllib.request

BASE_URL = os.environ["BASE_URL"]
DEADLINE = time.monotonic() + 30


def get(path: str) -> tuple[str, str]:
    """Content type and body of a path; waits for a Service that has no endpoint yet."""
    while True:
        try:
            with urllib.request.urlopen(BASE_URL + path, timeout=5) as response:
                return response.headers.get_content_type(), response.read().decode()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"GET {path} answered {error.code}: {error.read().decode()[:500]}") from error
        except OSError as error:
            if time.monotonic() > DEADLINE:
                raise SystemExit(f"GET {BASE_URL}{path}: {error}") from error
            time.sleep(0.5)


content_type, page = get("/")
if content_type != "text/html" or "</html>" not in page:
    raise SystemExit(f"GET / is not a page but {content_type}: {page[:500]}")

assets = sorted(set(re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css)(?:\?[^"]*)?)"', page)))
for asset in assets:
    get(asset)
print(f"The page and {len(assets)} scripts and style sheets are served.")
