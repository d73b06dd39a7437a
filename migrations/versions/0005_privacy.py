"""Personal data: requests, erasure, copies, guardians, openings of dossiers, settings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "privacy_settings",
        sa.Column("values", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_privacy_settings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_privacy_settings")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_privacy_settings_tenant_id")),
    )
    op.create_table(
        "data_request",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("received_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("acknowledge_by", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("acknowledged_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("due_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("extended_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("extended_why", sa.Text(), nullable=True),
        sa.Column("closed_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_data_request_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_data_request_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_data_request")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_data_request_tenant_id_code")),
        sa.UniqueConstraint("tenant_id", "form_token", name=op.f("uq_data_request_tenant_id_form_token")),
    )
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.create_index("ix_data_request_account", ["tenant_id", "account_id"], unique=False)
        batch_op.create_index("ix_data_request_due", ["tenant_id", "closed_at", "due_at"], unique=False)

    op.create_table(
        "personal_export",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("asked_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("ready_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("expires_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_personal_export_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_personal_export_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_personal_export")),
    )
    with op.batch_alter_table("personal_export", schema=None) as batch_op:
        batch_op.create_index("ix_personal_export_account", ["tenant_id", "account_id"], unique=False)

    op.create_table(
        "dossier_opening",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("hour", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_dossier_opening_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_dossier_opening_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_dossier_opening_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dossier_opening")),
        sa.UniqueConstraint(
            "tenant_id",
            "entry_id",
            "account_id",
            "what",
            "hour",
            name=op.f("uq_dossier_opening_tenant_id_entry_id_account_id_what_hour"),
        ),
    )
    with op.batch_alter_table("dossier_opening", schema=None) as batch_op:
        batch_op.create_index("ix_dossier_opening_at", ["tenant_id", "at"], unique=False)

    op.create_table(
        "erasure",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_name", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("withdrawn_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("summary", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_erasure_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "confirmed_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_erasure_tenant_id_confirmed_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "proposed_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_erasure_tenant_id_proposed_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["data_request.tenant_id", "data_request.id"],
            name=op.f("fk_erasure_tenant_id_request_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_erasure_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index("ix_erasure_request", ["tenant_id", "request_id"], unique=False)

    op.create_table(
        "guardian",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("child_agreed", sa.Boolean(), nullable=False),
        sa.Column("given_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("withdrawn_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_guardian_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recorded_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_guardian_tenant_id_recorded_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_guardian_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guardian")),
        sa.UniqueConstraint(
            "tenant_id", "entry_id", "author", name=op.f("uq_guardian_tenant_id_entry_id_author")
        ),
    )


def downgrade() -> None:
    op.drop_table("guardian")
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_index("ix_erasure_request")

    op.drop_table("erasure")
    with op.batch_alter_table("dossier_opening", schema=None) as batch_op:
        batch_op.drop_index("ix_dossier_opening_at")

    op.drop_table("dossier_opening")
    with op.batch_alter_table("personal_export", schema=None) as batch_op:
        batch_op.drop_index("ix_personal_export_account")

    op.drop_table("personal_export")
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.drop_index("ix_data_request_due")
        batch_op.drop_index("ix_data_request_account")

    op.drop_table("data_request")
    op.drop_table("privacy_settings")
