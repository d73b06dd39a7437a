"""Councils by decision: seats, judging groups, signed pledges, reserves who stepped in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel.types import UtcInstant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("answer_by", UtcInstant(timezone=True), nullable=True),
        sa.Column("pledge_required", sa.Boolean(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("reserves_step_in", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_council_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council")),
        sa.UniqueConstraint(
            "tenant_id", "edition_id", "round", name=op.f("uq_council_tenant_id_edition_id_round")
        ),
    )
    op.create_table(
        "council_group",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "council_id"],
            ["council.tenant_id", "council.id"],
            name=op.f("fk_council_group_tenant_id_council_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_group_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_group")),
        sa.UniqueConstraint(
            "tenant_id", "council_id", "name", name=op.f("uq_council_group_tenant_id_council_id_name")
        ),
    )
    op.create_table(
        "council_seat",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("invited_at", UtcInstant(timezone=True), nullable=False),
        sa.Column("reminded_at", UtcInstant(timezone=True), nullable=True),
        sa.Column("answered_at", UtcInstant(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_council_seat_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "council_id"],
            ["council.tenant_id", "council.id"],
            name=op.f("fk_council_seat_tenant_id_council_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_seat_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_seat")),
        sa.UniqueConstraint(
            "tenant_id",
            "council_id",
            "account_id",
            name=op.f("uq_council_seat_tenant_id_council_id_account_id"),
        ),
    )
    op.create_table(
        "council_group_field",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "council_id"],
            ["council.tenant_id", "council.id"],
            name=op.f("fk_council_group_field_tenant_id_council_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["council_group.tenant_id", "council_group.id"],
            name=op.f("fk_council_group_field_tenant_id_group_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_group_field_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_group_field")),
        sa.UniqueConstraint(
            "tenant_id", "council_id", "field", name=op.f("uq_council_group_field_tenant_id_council_id_field")
        ),
    )
    op.create_table(
        "council_group_seat",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["council_group.tenant_id", "council_group.id"],
            name=op.f("fk_council_group_seat_tenant_id_group_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "seat_id"],
            ["council_seat.tenant_id", "council_seat.id"],
            name=op.f("fk_council_group_seat_tenant_id_seat_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_group_seat_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_group_seat")),
        sa.UniqueConstraint(
            "tenant_id", "group_id", "seat_id", name=op.f("uq_council_group_seat_tenant_id_group_id_seat_id")
        ),
    )
    op.create_table(
        "council_pledge",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UtcInstant(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "seat_id"],
            ["council_seat.tenant_id", "council_seat.id"],
            name=op.f("fk_council_pledge_tenant_id_seat_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_pledge_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_pledge")),
        sa.UniqueConstraint("tenant_id", "seat_id", name=op.f("uq_council_pledge_tenant_id_seat_id")),
    )
    op.create_table(
        "council_stand_in",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("reserve_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_council_stand_in_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_council_stand_in_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "judge_id"],
            ["judge.tenant_id", "judge.id"],
            name=op.f("fk_council_stand_in_tenant_id_judge_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reserve_id"],
            ["judge.tenant_id", "judge.id"],
            name=op.f("fk_council_stand_in_tenant_id_reserve_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_stand_in_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_stand_in")),
        sa.UniqueConstraint(
            "tenant_id",
            "judge_id",
            "entry_id",
            "round",
            name=op.f("uq_council_stand_in_tenant_id_judge_id_entry_id_round"),
        ),
    )


def downgrade() -> None:
    op.drop_table("council_stand_in")
    op.drop_table("council_pledge")
    op.drop_table("council_group_seat")
    op.drop_table("council_group_field")
    op.drop_table("council_seat")
    op.drop_table("council_group")
    op.drop_table("council")
