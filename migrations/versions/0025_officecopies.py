"""Text copies of Word and Excel files in blind rounds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("blind_copy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text", core.kernel.types.ContentDigest(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("left_out", core.kernel.types.JsonDoc(), nullable=False, server_default="{}")
        )
    with op.batch_alter_table("blind_copy", schema=None) as batch_op:
        batch_op.alter_column("left_out", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("blind_copy", schema=None) as batch_op:
        batch_op.drop_column("left_out")
        batch_op.drop_column("text")
