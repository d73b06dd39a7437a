"""Totals of a round kept beside its sheets; score sheets on paper"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0024"
down_revision = "0023"
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
        "paper_sheet",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("printed_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("scan_sha256", core.kernel.types.ContentDigest(length=64), nullable=True),
        sa.Column("scan_name", sa.String(length=255), nullable=False),
        sa.Column("scan_type", sa.String(length=100), nullable=False),
        sa.Column("scan_size", sa.Integer(), nullable=False),
        sa.Column("locked_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("objected_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_paper_sheet_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_paper_sheet_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "judge_id"],
            ["judge.tenant_id", "judge.id"],
            name=op.f("fk_paper_sheet_tenant_id_judge_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_paper_sheet_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_paper_sheet_tenant_id_code")),
        sa.UniqueConstraint(
            "tenant_id",
            "judge_id",
            "entry_id",
            "round",
            name=op.f("uq_paper_sheet_tenant_id_judge_id_entry_id_round"),
        ),
    )
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_paper_sheet_edition", ["tenant_id", "edition_id", "round"], unique=False)

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

    op.create_table(
        "paper_keying",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("scores", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_paper_keying_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "paper_id"],
            ["paper_sheet.tenant_id", "paper_sheet.id"],
            name=op.f("fk_paper_keying_tenant_id_paper_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_paper_keying_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_paper_keying")),
        sa.UniqueConstraint(
            "tenant_id", "paper_id", "turn", name=op.f("uq_paper_keying_tenant_id_paper_id_turn")
        ),
    )


def downgrade() -> None:
    op.drop_table("paper_keying")
    with op.batch_alter_table("round_total", schema=None) as batch_op:
        batch_op.drop_index("ix_round_total_rank")

    op.drop_table("round_total")
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_sheet_edition")

    op.drop_table("paper_sheet")
    op.drop_table("round_tally")
