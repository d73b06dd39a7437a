"""When the first points of a sheet were given, and until when a round should be judged"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_end",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("closes_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_round_end_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_round_end_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_round_end")),
        sa.UniqueConstraint(
            "tenant_id", "edition_id", "round", name=op.f("uq_round_end_tenant_id_edition_id_round")
        ),
    )
    op.add_column("sheet", sa.Column("begun_at", core.kernel.types.UtcInstant(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("sheet", "begun_at")  # in place: SQLite would make a table anew that scores point at
    op.drop_table("round_end")
