"""Reopening of frozen rules: who asked, who agreed, and since when an edition's rules are open again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("reopened_at", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )

    op.create_table(
        "rules_reopening",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_name", sa.String(length=200), nullable=False),
        sa.Column("agreed_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("withdrawn_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreed_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_rules_reopening_tenant_id_agreed_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asked_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_rules_reopening_tenant_id_asked_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_rules_reopening_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_rules_reopening_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_rules_reopening")),
    )
    with op.batch_alter_table("rules_reopening", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rules_reopening_edition", ["tenant_id", "edition_id", "asked_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("rules_reopening", schema=None) as batch_op:
        batch_op.drop_index("ix_rules_reopening_edition")

    op.drop_table("rules_reopening")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_column("reopened_at")
