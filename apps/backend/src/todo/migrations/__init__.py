"""The database's schema, revision by revision (Alembic)."""


class MigrationError(Exception):
    """The schema could not be brought up to date; the message is for the person who must mend it."""
