"""Letters that carry a file, and letters that are told once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel.types import JsonDoc

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail", sa.Column("enclosed", JsonDoc(), nullable=True))
    op.add_column("mail", sa.Column("once", sa.String(length=120), nullable=True))
    op.create_index("ux_mail_once", "mail", ["tenant_id", "once"], unique=True)


def downgrade() -> None:
    op.drop_index("ux_mail_once", "mail")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_column("once")
        batch_op.drop_column("enclosed")
