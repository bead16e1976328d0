"""A worker: posts the letters that have been written. `python -m library.postman`, as many times as one likes."""

import logging
import signal
from datetime import UTC, datetime
from threading import Event

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from library.database import new_session
from library.models import Letter

_log = logging.getLogger("library.postman")

# Seconds between two looks into an empty outbox.
PAUSE = 2.0


def post_one() -> bool:
    """Post the oldest letter that no other postman holds; tells whether there was one."""
    waiting = select(Letter).where(Letter.posted_at.is_(None)).order_by(Letter.id).limit(1)
    with new_session() as session:
        letter = session.scalars(waiting.with_for_update(skip_locked=True)).first()
        if letter is None:
            return False
        letter.posted_at = datetime.now(UTC)
        session.commit()
    _log.info("posted letter %d to member %d", letter.id, letter.member_id)
    return True


def walk(stop: Event) -> None:
    """Post until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            posted = post_one()
        except SQLAlchemyError as error:
            _log.warning("the outbox cannot be reached: %s", type(error).__name__)
            posted = False
        if not posted:
            stop.wait(PAUSE)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    finished = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: finished.set())
    _log.info("on the way")
    walk(finished)
