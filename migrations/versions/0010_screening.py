"""Screening: claims, checklists, likenesses, saved views, bulk runs, the eligible list; due dates of returns"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_run",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("names", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("outcomes", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_bulk_run_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "officer_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_bulk_run_tenant_id_officer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_bulk_run_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_bulk_run")),
        sa.UniqueConstraint("tenant_id", "token", name=op.f("uq_bulk_run_tenant_id_token")),
    )
    op.create_table(
        "eligible_list",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_name", sa.String(length=200), nullable=False),
        sa.Column("drafted_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("rows", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("document_day", sa.Date(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_eligible_list_tenant_id_decided_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "drafted_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_eligible_list_tenant_id_drafted_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_eligible_list_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_eligible_list_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_eligible_list")),
        sa.UniqueConstraint(
            "tenant_id", "edition_id", "number", name=op.f("uq_eligible_list_tenant_id_edition_id_number")
        ),
    )
    op.create_table(
        "saved_view",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=800), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_saved_view_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_saved_view_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "tenant_id", "account_id", "name", name=op.f("uq_saved_view_tenant_id_account_id_name")
        ),
    )
    op.create_table(
        "checklist_mark",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=160), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=80), nullable=True),
        sa.Column("answer", sa.String(length=5), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("details", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_checklist_mark_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_checklist_mark_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checklist_mark")),
        sa.UniqueConstraint(
            "tenant_id",
            "entry_id",
            "round",
            "item",
            name=op.f("uq_checklist_mark_tenant_id_entry_id_round_item"),
        ),
    )
    op.create_table(
        "entry_print",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("print", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_entry_print_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_entry_print_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_entry_print")),
        sa.UniqueConstraint(
            "tenant_id", "entry_id", "print", name=op.f("uq_entry_print_tenant_id_entry_id_print")
        ),
    )
    with op.batch_alter_table("entry_print", schema=None) as batch_op:
        batch_op.create_index("ix_entry_print_print", ["tenant_id", "print"], unique=False)

    op.create_table(
        "screening_claim",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.String(length=200), nullable=False),
        sa.Column("since", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("until", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_screening_claim_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "officer_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_screening_claim_tenant_id_officer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_screening_claim_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_screening_claim")),
        sa.UniqueConstraint("tenant_id", "entry_id", name=op.f("uq_screening_claim_tenant_id_entry_id")),
    )
    op.create_table(
        "screening_digest",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_screening_digest_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_screening_digest_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_screening_digest_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_screening_digest")),
        sa.UniqueConstraint("tenant_id", "entry_id", name=op.f("uq_screening_digest_tenant_id_entry_id")),
    )
    op.create_table(
        "similar_pair",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("text_percent", sa.Integer(), nullable=False),
        sa.Column("title_percent", sa.Integer(), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("dismissal", sa.Text(), nullable=False),
        sa.Column("dismissed_name", sa.String(length=200), nullable=False),
        sa.Column("dismissed_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "first_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_similar_pair_tenant_id_first_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "second_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_similar_pair_tenant_id_second_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_similar_pair_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_similar_pair")),
        sa.UniqueConstraint(
            "tenant_id", "first_id", "second_id", name=op.f("uq_similar_pair_tenant_id_first_id_second_id")
        ),
    )
    with op.batch_alter_table("similar_pair", schema=None) as batch_op:
        batch_op.create_index("ix_similar_pair_second", ["tenant_id", "second_id"], unique=False)

    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("due_at", core.kernel.types.UtcInstant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("ix_screening_due", ["due_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.drop_index("ix_screening_due")
        batch_op.drop_column("reminded")
        batch_op.drop_column("due_at")
        batch_op.drop_column("version")

    with op.batch_alter_table("similar_pair", schema=None) as batch_op:
        batch_op.drop_index("ix_similar_pair_second")

    op.drop_table("similar_pair")
    op.drop_table("screening_digest")
    op.drop_table("screening_claim")
    with op.batch_alter_table("entry_print", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_print_print")

    op.drop_table("entry_print")
    op.drop_table("checklist_mark")
    op.drop_table("saved_view")
    op.drop_table("eligible_list")
    op.drop_table("bulk_run")
