"""The council's draws, ballots, site visits and minutes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council_ballot",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=500), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("quorum", sa.String(length=12), nullable=False),
        sa.Column("majority", sa.String(length=12), nullable=False),
        sa.Column("entries", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_name", sa.String(length=200), nullable=False),
        sa.Column("opened_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_name", sa.String(length=200), nullable=False),
        sa.Column("closed_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("outcome", core.kernel.types.JsonDoc(none_as_null=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "closed_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_council_ballot_tenant_id_closed_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_council_ballot_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opened_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_council_ballot_tenant_id_opened_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_ballot_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_ballot")),
        sa.UniqueConstraint(
            "tenant_id",
            "edition_id",
            "round",
            "number",
            name=op.f("uq_council_ballot_tenant_id_edition_id_round_number"),
        ),
        sa.UniqueConstraint("tenant_id", "form_token", name=op.f("uq_council_ballot_tenant_id_form_token")),
    )
    op.create_table(
        "council_draw",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("scope_name", sa.String(length=200), nullable=False),
        sa.Column("entries", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("log_size", sa.Integer(), nullable=False),
        sa.Column("log_head", sa.String(length=64), nullable=False),
        sa.Column("announced_by", sa.Uuid(), nullable=True),
        sa.Column("announced_name", sa.String(length=200), nullable=False),
        sa.Column("announced_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("drawn", core.kernel.types.JsonDoc(none_as_null=True), nullable=True),
        sa.Column("drawn_by", sa.Uuid(), nullable=True),
        sa.Column("drawn_name", sa.String(length=200), nullable=False),
        sa.Column("drawn_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("shown", sa.String(length=10), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "announced_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_council_draw_tenant_id_announced_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "drawn_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_council_draw_tenant_id_drawn_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_council_draw_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_draw_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_draw")),
        sa.UniqueConstraint(
            "tenant_id",
            "edition_id",
            "round",
            "number",
            name=op.f("uq_council_draw_tenant_id_edition_id_round_number"),
        ),
    )
    op.create_table(
        "council_minutes",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("held_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("people", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("drafted_name", sa.String(length=200), nullable=False),
        sa.Column("drafted_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("fixed_by", sa.Uuid(), nullable=True),
        sa.Column("fixed_name", sa.String(length=200), nullable=False),
        sa.Column("fixed_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("log_size", sa.Integer(), nullable=False),
        sa.Column("log_head", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf", core.kernel.types.ContentDigest(length=64), nullable=True),
        sa.Column("pdf_size", sa.Integer(), nullable=False),
        sa.Column("docx", core.kernel.types.ContentDigest(length=64), nullable=True),
        sa.Column("docx_size", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "drafted_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_council_minutes_tenant_id_drafted_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_council_minutes_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fixed_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_council_minutes_tenant_id_fixed_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_minutes_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_minutes")),
        sa.UniqueConstraint(
            "tenant_id",
            "edition_id",
            "round",
            "number",
            name=op.f("uq_council_minutes_tenant_id_edition_id_round_number"),
        ),
    )
    op.create_table(
        "council_ballot_option",
        sa.Column("ballot_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ballot_id"],
            ["council_ballot.tenant_id", "council_ballot.id"],
            name=op.f("fk_council_ballot_option_tenant_id_ballot_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_council_ballot_option_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_council_ballot_option_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_ballot_option")),
        sa.UniqueConstraint(
            "tenant_id",
            "ballot_id",
            "position",
            name=op.f("uq_council_ballot_option_tenant_id_ballot_id_position"),
        ),
    )
    op.create_table(
        "council_ballot_voter",
        sa.Column("ballot_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("has_voted", sa.Boolean(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_council_ballot_voter_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ballot_id"],
            ["council_ballot.tenant_id", "council_ballot.id"],
            name=op.f("fk_council_ballot_voter_tenant_id_ballot_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_ballot_voter_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_ballot_voter")),
        sa.UniqueConstraint(
            "tenant_id",
            "ballot_id",
            "account_id",
            name=op.f("uq_council_ballot_voter_tenant_id_ballot_id_account_id"),
        ),
    )
    op.create_table(
        "council_minutes_scan",
        sa.Column("minutes_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", core.kernel.types.ContentDigest(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "minutes_id"],
            ["council_minutes.tenant_id", "council_minutes.id"],
            name=op.f("fk_council_minutes_scan_tenant_id_minutes_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_council_minutes_scan_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_minutes_scan")),
        sa.UniqueConstraint(
            "tenant_id",
            "minutes_id",
            "sha256",
            name=op.f("uq_council_minutes_scan_tenant_id_minutes_id_sha256"),
        ),
    )
    op.create_table(
        "council_minutes_section",
        sa.Column("minutes_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("entries", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("tells_points", sa.Boolean(), nullable=False),
        sa.Column("by_line", sa.Boolean(), nullable=False),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_name", sa.String(length=200), nullable=False),
        sa.Column("changed_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "minutes_id"],
            ["council_minutes.tenant_id", "council_minutes.id"],
            name=op.f("fk_council_minutes_section_tenant_id_minutes_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_council_minutes_section_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_council_minutes_section")),
        sa.UniqueConstraint(
            "tenant_id", "minutes_id", "key", name=op.f("uq_council_minutes_section_tenant_id_minutes_id_key")
        ),
    )


def downgrade() -> None:
    op.drop_table("council_minutes_section")
    op.drop_table("council_minutes_scan")
    op.drop_table("council_ballot_voter")
    op.drop_table("council_ballot_option")
    op.drop_table("council_minutes")
    op.drop_table("council_draw")
    op.drop_table("council_ballot")
