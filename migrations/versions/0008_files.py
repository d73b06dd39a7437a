"""Files in pieces: uploads on their way; since when a file was sent, whether it may be opened, its pages and preview"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun_at", core.kernel.types.UtcInstant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("scan", sa.String(length=10), nullable=False, server_default="clean"))
        batch_op.add_column(sa.Column("pages", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("preview", sa.String(length=64), nullable=True))
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.alter_column("scan", server_default=None)

    op.create_table(
        "upload",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("expires_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_upload_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_upload_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_upload_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index("ix_upload_expiry", ["tenant_id", "expires_at"], unique=False)
        batch_op.create_index("ix_upload_entry", ["tenant_id", "entry_id"], unique=False)


def downgrade() -> None:
    op.drop_table("upload")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_column("preview")
        batch_op.drop_column("pages")
        batch_op.drop_column("scan")
        batch_op.drop_column("begun_at")
