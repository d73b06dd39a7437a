"""When the words of a letter were removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel.types import UtcInstant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words_removed_at", UtcInstant(timezone=True), nullable=True))
        batch_op.create_index("ix_mail_words", ["tenant_id", "words_removed_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_words")
        batch_op.drop_column("words_removed_at")
