"""Create the table of todos."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The limits stand here too: the database is the last to refuse what the API lets through by mistake."""
    op.create_table(
        "todo",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False, server_default=""),
        sa.Column("completed", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("char_length(title) BETWEEN 1 AND 200", name="todo_title_length"),
        sa.CheckConstraint("char_length(notes) <= 2000", name="todo_notes_length"),
    )
    op.create_index("todo_newest_first", "todo", [sa.text("created_at DESC"), sa.text("id DESC")])


def downgrade() -> None:
    """Undo it."""
    op.drop_table("todo")
