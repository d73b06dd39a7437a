"""The first line of the audit log that was changed behind the platform's back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round_tally", schema=None) as batch_op:
        batch_op.add_column(sa.Column("false_line", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("round_tally", schema=None) as batch_op:
        batch_op.drop_column("false_line")
