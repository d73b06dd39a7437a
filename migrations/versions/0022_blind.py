"""What judges of blind rounds read, and what was found in dossiers"""

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
        "blind_round",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("questions", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("changed_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_blind_round_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_blind_round_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blind_round")),
        sa.UniqueConstraint(
            "tenant_id", "edition_id", "round", name=op.f("uq_blind_round_tenant_id_edition_id_round")
        ),
    )
    op.create_table(
        "blind_choice",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_blind_choice_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_blind_choice_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blind_choice")),
        sa.UniqueConstraint(
            "tenant_id", "entry_id", "key", name=op.f("uq_blind_choice_tenant_id_entry_id_key")
        ),
    )
    op.create_table(
        "blind_dossier",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("shown", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "approved_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_blind_dossier_tenant_id_approved_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_blind_dossier_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_blind_dossier_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_blind_dossier_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blind_dossier")),
        sa.UniqueConstraint(
            "tenant_id", "round", "entry_id", name=op.f("uq_blind_dossier_tenant_id_round_entry_id")
        ),
    )
    with op.batch_alter_table("blind_dossier", schema=None) as batch_op:
        batch_op.create_index("ix_blind_dossier_entry", ["tenant_id", "entry_id"], unique=False)

    op.create_table(
        "blind_scan",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("findings", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("unread", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("done_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_blind_scan_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_blind_scan_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blind_scan")),
        sa.UniqueConstraint("tenant_id", "entry_id", name=op.f("uq_blind_scan_tenant_id_entry_id")),
    )
    op.create_table(
        "blind_copy",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("own", core.kernel.types.ContentDigest(length=64), nullable=True),
        sa.Column("own_type", sa.String(length=100), nullable=False),
        sa.Column("boxes", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sha256", core.kernel.types.ContentDigest(length=64), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "attachment_id"],
            ["attachment.tenant_id", "attachment.id"],
            name=op.f("fk_blind_copy_tenant_id_attachment_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_blind_copy_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_blind_copy_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blind_copy")),
        sa.UniqueConstraint("tenant_id", "attachment_id", name=op.f("uq_blind_copy_tenant_id_attachment_id")),
    )
    with op.batch_alter_table("blind_copy", schema=None) as batch_op:
        batch_op.create_index("ix_blind_copy_entry", ["tenant_id", "entry_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("blind_copy", schema=None) as batch_op:
        batch_op.drop_index("ix_blind_copy_entry")

    op.drop_table("blind_copy")
    op.drop_table("blind_scan")
    with op.batch_alter_table("blind_dossier", schema=None) as batch_op:
        batch_op.drop_index("ix_blind_dossier_entry")

    op.drop_table("blind_dossier")
    op.drop_table("blind_choice")
    op.drop_table("blind_round")
