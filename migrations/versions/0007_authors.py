"""Authors who confirm by invitation, and rights of co-authors to a dossier"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("entry_author", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("confirmed_at", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("confirmed_how", sa.String(length=10), nullable=True))
        batch_op.add_column(
            sa.Column("declined_at", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("decline_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            op.f("fk_entry_author_tenant_id_account_id"),
            "account",
            ["tenant_id", "account_id"],
            ["tenant_id", "id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_index("ix_entry_author_account", ["tenant_id", "account_id"], unique=False)
    with op.batch_alter_table("entry_author", schema=None) as batch_op:
        batch_op.alter_column("decline_reason", existing_type=sa.Text(), server_default=None)

    op.create_table(
        "author_invitation",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("sent_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("expires_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("asked_again", sa.Boolean(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_id"],
            ["entry_author.tenant_id", "entry_author.id"],
            name=op.f("fk_author_invitation_tenant_id_author_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_author_invitation_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_author_invitation_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_author_invitation")),
        sa.UniqueConstraint("tenant_id", "author_id", name=op.f("uq_author_invitation_tenant_id_author_id")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_author_invitation_tenant_id_digest")),
        sa.UniqueConstraint(
            "tenant_id",
            "entry_id",
            "email_digest",
            name=op.f("uq_author_invitation_tenant_id_entry_id_email_digest"),
        ),
    )
    op.create_table(
        "entry_right",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_entry_right_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_entry_right_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_entry_right_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_entry_right")),
        sa.UniqueConstraint(
            "tenant_id",
            "entry_id",
            "account_id",
            name=op.f("uq_entry_right_tenant_id_entry_id_account_id"),
        ),
    )
    with op.batch_alter_table("entry_right", schema=None) as batch_op:
        batch_op.create_index("ix_entry_right_account", ["tenant_id", "account_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("entry_right", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_right_account")

    op.drop_table("entry_right")
    op.drop_table("author_invitation")
    with op.batch_alter_table("entry_author", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_author_account")
        batch_op.drop_constraint(op.f("fk_entry_author_tenant_id_account_id"), type_="foreignkey")
        batch_op.drop_column("decline_reason")
        batch_op.drop_column("declined_at")
        batch_op.drop_column("confirmed_how")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("account_id")
