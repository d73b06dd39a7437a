"""Who has a stake in which dossier: declared, or suspected from data, and what the committee said"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflict",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("evidence", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("uncounted", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_conflict_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_conflict_tenant_id_decided_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_conflict_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_conflict_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_conflict_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_conflict")),
        sa.UniqueConstraint(
            "tenant_id", "account_id", "entry_id", name=op.f("uq_conflict_tenant_id_account_id_entry_id")
        ),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_edition", ["tenant_id", "edition_id", "state"], unique=False)
        batch_op.create_index("ix_conflict_entry", ["tenant_id", "entry_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_entry")
        batch_op.drop_index("ix_conflict_edition")

    op.drop_table("conflict")
