"""The shelf: what is there, borrowing it and bringing it back."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from library.database import new_session
from library.letters import write
from library.members import SignedIn
from library.models import Book, Letter, Loan

router = APIRouter(tags=["books"])
PERIOD = timedelta(days=14)


class Shelved(BaseModel):
    """A book as one member sees it."""

    id: int
    title: str
    author: str
    year: int
    state: Literal["here", "yours", "lent"]
    due_on: date | None


class Received(BaseModel):
    """A letter that the postman has brought."""

    text: str
    posted_at: datetime


@router.get("/books")
def shelf(member: SignedIn) -> list[Shelved]:
    """List all books, and where they are."""
    out = (Loan.book_id == Book.id) & Loan.returned_at.is_(None)
    with new_session() as session:
        rows = session.execute(select(Book, Loan).outerjoin(Loan, out).order_by(Book.id)).all()
    return [_shelved(book, loan, member) for book, loan in rows]


@router.post("/books/{book_id}/loan", status_code=201)
def borrow(book_id: int, member: SignedIn) -> Shelved:
    """Lend a book that is there; the letter about it is written in the same transaction."""
    due_on = datetime.now(UTC).date() + PERIOD
    with new_session() as session:
        book = session.get(Book, book_id)
        if book is None:
            raise HTTPException(404, "There is no such book.")
        loan = Loan(book_id=book_id, member_id=member, due_on=due_on)
        session.add(loan)
        try:
            session.flush()
        except IntegrityError:
            raise HTTPException(409, "Somebody was faster: the book is lent.") from None
        write(session, member, f"loan {loan.id}", f"Enjoy “{book.title}”. Please bring it back by {due_on}.")
        session.commit()
    return _shelved(book, loan, member)


@router.delete("/books/{book_id}/loan", status_code=204)
def bring_back(book_id: int, member: SignedIn) -> Response:
    """Take a book back from the member who has it."""
    mine = (Loan.book_id == book_id) & (Loan.member_id == member) & Loan.returned_at.is_(None)
    with new_session() as session:
        returned = session.scalars(
            update(Loan).where(mine).values(returned_at=datetime.now(UTC)).returning(Loan.id)
        ).first()
        session.commit()
    if returned is None:
        raise HTTPException(404, "You do not have that book.")
    return Response(status_code=204)


@router.get("/letters")
def letters(member: SignedIn) -> list[Received]:
    """List the member's letters, the newest first."""
    mine = (Letter.member_id == member) & Letter.posted_at.is_not(None)
    with new_session() as session:
        found = session.scalars(select(Letter).where(mine).order_by(Letter.id.desc()).limit(10)).all()
    return [Received(text=letter.text, posted_at=letter.posted_at) for letter in found if letter.posted_at]


def _shelved(book: Book, loan: Loan | None, member: int) -> Shelved:
    return Shelved(
        id=book.id,
        title=book.title,
        author=book.author,
        year=book.year,
        state="here" if loan is None else "yours" if loan.member_id == member else "lent",
        due_on=loan.due_on if loan and loan.member_id == member else None,
    )
