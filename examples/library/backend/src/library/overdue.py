"""A scheduled job: writes to every member whose book is overdue, once a day. `python -m library.overdue`."""

import logging
from datetime import UTC, date, datetime

from sqlalchemy import select

from library.database import new_session
from library.letters import write
from library.models import Book, Loan

_log = logging.getLogger("library.overdue")


def remind(today: date) -> int:
    """Write the letters of a day, and tell how many; a second run on the same day writes none."""
    overdue = select(Loan, Book).join(Book).where(Loan.returned_at.is_(None), Loan.due_on < today)
    with new_session() as session:
        written = [
            write(
                session,
                loan.member_id,
                f"overdue {loan.id} {today}",
                f"“{book.title}” was due on {loan.due_on}. Others are waiting for it.",
            )
            for loan, book in session.execute(overdue)
        ]
        session.commit()
    return sum(written)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    _log.info("letters written: %d", remind(datetime.now(UTC).date()))
