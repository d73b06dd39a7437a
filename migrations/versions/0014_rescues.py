"""Rescues of accounts, and what a tenant decided about accounts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_settings",
        sa.Column("values", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_account_settings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_account_settings")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_account_settings_tenant_id")),
    )
    op.create_table(
        "account_rescue",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("papers", sa.String(length=20), nullable=False),
        sa.Column("reason", core.kernel.types.EncryptedText("rescue"), nullable=False),
        sa.Column("address", core.kernel.types.EncryptedText("rescue"), nullable=True),
        sa.Column("reached_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("holds_from", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("ended_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_account_rescue_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asked_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_account_rescue_tenant_id_asked_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_account_rescue_tenant_id_decided_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_account_rescue_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_account_rescue")),
    )
    with op.batch_alter_table("account_rescue", schema=None) as batch_op:
        batch_op.create_index("ix_account_rescue_account", ["tenant_id", "account_id"], unique=False)
        batch_op.create_index("ix_account_rescue_state", ["tenant_id", "state", "asked_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("account_rescue", schema=None) as batch_op:
        batch_op.drop_index("ix_account_rescue_state")
        batch_op.drop_index("ix_account_rescue_account")

    op.drop_table("account_rescue")
    op.drop_table("account_settings")
