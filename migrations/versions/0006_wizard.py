"""What is saved part by part: versions of a dossier's parts, and what was typed and did not pass"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("entry", schema=None) as batch_op:
        for name in ("parts", "unsaved"):
            batch_op.add_column(
                sa.Column(name, core.kernel.types.JsonDoc(), server_default="{}", nullable=False)
            )


def downgrade() -> None:
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_column("unsaved")
        batch_op.drop_column("parts")
