"""What the sheets of a round add up to, kept beside them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_tally",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("checked_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("differing", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_round_tally_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_round_tally_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_round_tally")),
        sa.UniqueConstraint(
            "tenant_id", "edition_id", "round", name=op.f("uq_round_tally_tenant_id_edition_id_round")
        ),
    )
    op.create_table(
        "round_total",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("total", core.kernel.types.ExactDecimal(), nullable=False),
        sa.Column("sum", core.kernel.types.ExactDecimal(), nullable=False),
        sa.Column("least", core.kernel.types.ExactDecimal(), nullable=False),
        sa.Column("most", core.kernel.types.ExactDecimal(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_round_total_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_round_total_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_round_total_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_round_total")),
        sa.UniqueConstraint(
            "tenant_id", "round", "entry_id", name=op.f("uq_round_total_tenant_id_round_entry_id")
        ),
    )
    with op.batch_alter_table("round_total", schema=None) as batch_op:
        batch_op.create_index(
            "ix_round_total_rank", ["tenant_id", "edition_id", "round", "total", "entry_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("round_total", schema=None) as batch_op:
        batch_op.drop_index("ix_round_total_rank")

    op.drop_table("round_total")
    op.drop_table("round_tally")
