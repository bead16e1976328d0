"""Who gets in, and who does not."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from fastapi.testclient import TestClient

from library import tokens
from library.passwords import hash_password, verify_password
from library.settings import SettingsError, token_secret

SECRET = "a secret of the tests alone, long enough"
WRONG = {"name": "ada", "password": "ada likes films"}


def test_member_signs_in_with_the_password_of_joining(api: TestClient, ada: dict[str, str]) -> None:
    answer = api.post("/sessions", json={"name": " Ada ", "password": "ada likes books"})
    assert answer.status_code == 200
    assert tokens.member_of(answer.json()["token"], SECRET) == 1


def test_unknown_name_and_wrong_password_are_told_alike(api: TestClient, ada: dict[str, str]) -> None:
    wrong = api.post("/sessions", json=WRONG)
    unknown = api.post("/sessions", json=WRONG | {"name": "grace"})
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == 401


def test_name_is_taken_once(api: TestClient, ada: dict[str, str]) -> None:
    assert api.post("/members", json=WRONG).status_code == 409


@pytest.mark.parametrize("changed", [{"name": "a"}, {"name": "ada'--"}, {"password": "short"}, {"password": "x" * 201}])
def test_joining_refuses(api: TestClient, changed: dict[str, str]) -> None:
    assert api.post("/members", json=WRONG | changed).status_code == 422


def test_token_ends(api: TestClient, ada: dict[str, str]) -> None:
    old = tokens.issue(1, SECRET, datetime.now(UTC) - tokens.LIFETIME - timedelta(seconds=1))
    assert api.get("/books", headers={"Authorization": f"Bearer {old}"}).status_code == 401


@pytest.mark.parametrize(
    "forged",
    [
        jwt.encode({"sub": "1", "aud": "library", "exp": 9999999999}, SECRET[::-1], "HS256"),
        jwt.encode({"sub": "1", "aud": "another", "exp": 9999999999}, SECRET, "HS256"),
        jwt.encode({"sub": "1", "aud": "library"}, SECRET, "HS256"),
        jwt.encode({"sub": "1", "aud": "library", "exp": 9999999999}, None, "none"),
    ],
    ids=["another key", "another audience", "no end", "no signature"],
)
def test_token_of_another_hand_is_none(forged: str) -> None:
    assert tokens.member_of(forged, SECRET) is None


def test_password_is_stored_salted_and_compared() -> None:
    first, second = hash_password("ada likes books"), hash_password("ada likes books")
    assert first != second
    assert verify_password("ada likes books", first)
    assert not verify_password("ada likes films", first)
    assert not verify_password("ada likes books", None)


def test_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", "short")
    with pytest.raises(SettingsError, match="openssl rand"):
        token_secret()
