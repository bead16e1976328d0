"""Passwords as scrypt hashes, with their salt and cost beside them."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from threading import BoundedSemaphore

# OWASP's Password Storage Cheat Sheet: 16 MiB of memory each, five passes.
COST = (2**14, 8, 5)

# A hash takes memory and a processor: as many at once as a small pod has room for.
_PLACES = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """Make what is stored of a password."""
    salt = secrets.token_bytes(16)
    n, r, p = COST
    return f"scrypt${n}${r}${p}${b64encode(salt).decode()}${b64encode(_scrypt(password, salt, COST)).decode()}"


def verify_password(password: str, stored: str | None) -> bool:
    """Compare in constant time; `None`, an unknown member, takes as long as a wrong password."""
    _, n, r, p, salt, digest = (stored or _NOBODY).split("$")
    made = _scrypt(password, b64decode(salt), (int(n), int(r), int(p)))
    return hmac.compare_digest(made, b64decode(digest)) and stored is not None


def _scrypt(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    with _PLACES:
        return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p)


_NOBODY = hash_password(secrets.token_hex(16))
