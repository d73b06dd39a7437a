"""Deliberations of entries whose judges differ, and points that were changed in them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliberation",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("participants", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("before", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("opened_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("after", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("next_entry_id", sa.Uuid(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "closed_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_deliberation_tenant_id_closed_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_deliberation_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_deliberation_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "leader_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_deliberation_tenant_id_leader_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "next_entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_deliberation_tenant_id_next_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opened_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_deliberation_tenant_id_opened_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_deliberation_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deliberation")),
        sa.UniqueConstraint(
            "tenant_id",
            "round",
            "entry_id",
            "number",
            name=op.f("uq_deliberation_tenant_id_round_entry_id_number"),
        ),
    )
    with op.batch_alter_table("deliberation", schema=None) as batch_op:
        batch_op.create_index("ix_deliberation_edition", ["tenant_id", "edition_id", "round"], unique=False)

    op.create_table(
        "score_change",
        sa.Column("deliberation_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("after", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deliberation_id"],
            ["deliberation.tenant_id", "deliberation.id"],
            name=op.f("fk_score_change_tenant_id_deliberation_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_score_change_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "judge_id"],
            ["judge.tenant_id", "judge.id"],
            name=op.f("fk_score_change_tenant_id_judge_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sheet_id"],
            ["sheet.tenant_id", "sheet.id"],
            name=op.f("fk_score_change_tenant_id_sheet_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_score_change_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_score_change")),
        sa.UniqueConstraint(
            "tenant_id", "sheet_id", "number", name=op.f("uq_score_change_tenant_id_sheet_id_number")
        ),
    )
    with op.batch_alter_table("score_change", schema=None) as batch_op:
        batch_op.create_index("ix_score_change_deliberation", ["tenant_id", "deliberation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("score_change", schema=None) as batch_op:
        batch_op.drop_index("ix_score_change_deliberation")

    op.drop_table("score_change")
    with op.batch_alter_table("deliberation", schema=None) as batch_op:
        batch_op.drop_index("ix_deliberation_edition")

    op.drop_table("deliberation")
