"""How many locked sheets of a round are not what the audit log says"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round_tally", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unlike", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("round_tally", schema=None) as batch_op:
        batch_op.alter_column("unlike", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("round_tally", schema=None) as batch_op:
        batch_op.drop_column("unlike")
