"""Members, books, loans and letters, and the first books on the shelf."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SHELF = [
    ("Frankenstein", "Mary Shelley", 1818),
    ("Moby-Dick", "Herman Melville", 1851),
    ("Middlemarch", "George Eliot", 1871),
    ("Around the World in Eighty Days", "Jules Verne", 1872),
    ("The Time Machine", "H. G. Wells", 1895),
    ("The Country of the Pointed Firs", "Sarah Orne Jewett", 1896),
]


def upgrade() -> None:
    """Go one revision forward."""
    op.create_table(
        "members",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(40), nullable=False, unique=True),
        sa.Column("password", sa.String(200), nullable=False),
    )
    books = op.create_table(
        "books",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
    )
    op.create_table(
        "loans",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("book_id", sa.Integer, sa.ForeignKey("books.id"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True)),
    )
    op.create_index("loans_out", "loans", ["book_id"], unique=True, postgresql_where=sa.text("returned_at IS NULL"))
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False, unique=True),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
    )
    op.create_index("letters_to_post", "letters", ["id"], postgresql_where=sa.text("posted_at IS NULL"))
    op.bulk_insert(books, [{"title": title, "author": author, "year": year} for title, author, year in SHELF])


def downgrade() -> None:
    """Go one revision back."""
    for table in ("letters", "loans", "books", "members"):
        op.drop_table(table)
