"""The outbox: who has something to tell a member writes a letter, and the postman takes it from there."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from library.models import Letter


def write(session: Session, member_id: int, subject: str, text: str) -> bool:
    """Write a letter in the caller's transaction; tells whether it is new, and not one on the same subject again."""
    letter = insert(Letter).values(member_id=member_id, subject=subject, text=text)
    written = session.scalars(letter.on_conflict_do_nothing(index_elements=["subject"]).returning(Letter.id))
    return written.first() is not None
