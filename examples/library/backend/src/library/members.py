"""Joining and signing in. Both end with a token."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from library import tokens
from library.database import new_session
from library.models import Member
from library.passwords import hash_password, verify_password

router = APIRouter(tags=["members"])
_bearer = HTTPBearer(auto_error=False)


class Credentials(BaseModel):
    """A bounded name and password, so that nobody has the server hash a novel."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[\w.-]{2,40}$")]
    password: Annotated[str, StringConstraints(min_length=10, max_length=200)]


class Ticket(BaseModel):
    """A token, and the seconds after which it ends."""

    token: str
    expires_in: int = int(tokens.LIFETIME.total_seconds())


@router.post("/members", status_code=201)
def join(credentials: Credentials, request: Request) -> Ticket:
    """Make a member of who has found a free name."""
    member = Member(name=credentials.name, password=hash_password(credentials.password))
    with new_session() as session:
        session.add(member)
        try:
            session.commit()
        except IntegrityError:
            raise HTTPException(409, "That name is taken.") from None
    return _ticket(member, request)


@router.post("/sessions")
def sign_in(credentials: Credentials, request: Request) -> Ticket:
    """Answer an unknown name and a wrong password alike, and as slowly."""
    with new_session() as session:
        member = session.scalars(select(Member).where(Member.name == credentials.name)).first()
    valid = verify_password(credentials.password, member.password if member else None)
    if member is None or not valid:
        raise HTTPException(401, "Name and password do not belong together.")
    return _ticket(member, request)


def signed_in(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> int:
    """Tell the member who asks: the `sub` of the token."""
    member = tokens.member_of(bearer.credentials, request.app.state.token_secret) if bearer else None
    if member is None:
        raise HTTPException(401, "Sign in first.", {"WWW-Authenticate": "Bearer"})
    return member


SignedIn = Annotated[int, Depends(signed_in)]


def _ticket(member: Member, request: Request) -> Ticket:
    return Ticket(token=tokens.issue(member.id, request.app.state.token_secret))
