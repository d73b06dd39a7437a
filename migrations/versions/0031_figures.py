"""When the first points of a sheet were given"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun_at", core.kernel.types.UtcInstant(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.drop_column("begun_at")
