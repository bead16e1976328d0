"""The members' tokens: JWTs that end after an hour."""

from datetime import UTC, datetime, timedelta

import jwt

LIFETIME = timedelta(hours=1)
_ALGORITHM = "HS256"
_AUDIENCE = "library"


def issue(member_id: int, secret: str, now: datetime | None = None) -> str:
    """Sign a token for a member."""
    moment = now or datetime.now(UTC)
    claims = {"sub": str(member_id), "aud": _AUDIENCE, "iat": moment, "exp": moment + LIFETIME}
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def member_of(token: str, secret: str) -> int | None:
    """Tell whose token it is; `None` for one that is expired, of another audience or not ours."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["sub", "aud", "exp"]},
        )
        return int(claims["sub"])
    except (jwt.InvalidTokenError, ValueError):
        return None
