"""Borrowing, bringing back, and the letters about it."""

from datetime import UTC, datetime, timedelta

from fastapi.testclient import TestClient

from library.books import PERIOD
from library.overdue import remind
from library.postman import post_one
from tests.conftest import join


def test_shelf_is_for_members(api: TestClient) -> None:
    assert api.get("/books").status_code == 401


def test_book_is_lent_once(api: TestClient, ada: dict[str, str]) -> None:
    grace = join(api, "grace")
    assert api.post("/books/1/loan", headers=ada).status_code == 201
    assert api.post("/books/1/loan", headers=grace).status_code == 409
    states = [api.get("/books", headers=member).json()[0]["state"] for member in (ada, grace)]
    assert states == ["yours", "lent"]


def test_book_comes_back_from_whoever_has_it(api: TestClient, ada: dict[str, str]) -> None:
    grace = join(api, "grace")
    api.post("/books/1/loan", headers=ada)
    assert api.delete("/books/1/loan", headers=grace).status_code == 404
    assert api.delete("/books/1/loan", headers=ada).status_code == 204
    assert api.post("/books/1/loan", headers=grace).status_code == 201


def test_unknown_book_is_none(api: TestClient, ada: dict[str, str]) -> None:
    assert api.post("/books/99/loan", headers=ada).status_code == 404


def test_postman_brings_the_letter_of_a_loan(api: TestClient, ada: dict[str, str]) -> None:
    api.post("/books/2/loan", headers=ada)
    assert api.get("/letters", headers=ada).json() == []
    assert (post_one(), post_one()) == (True, False)
    [letter] = api.get("/letters", headers=ada).json()
    assert "Moby-Dick" in letter["text"]


def test_overdue_is_reminded_of_once_a_day(api: TestClient, ada: dict[str, str]) -> None:
    api.post("/books/2/loan", headers=ada)
    last_day = datetime.now(UTC).date() + PERIOD
    late = last_day + timedelta(days=1)
    assert [remind(last_day), remind(late), remind(late)] == [0, 1, 0]


def test_probes_answer(api: TestClient) -> None:
    assert [api.get(path).status_code for path in ("/health", "/ready")] == [200, 200]
