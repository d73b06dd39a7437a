"""Handing in: extensions by two officers, and revisions that were not handed in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("extended_until", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )

    op.create_table(
        "unsent_revision",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_unsent_revision_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_unsent_revision_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_unsent_revision")),
    )
    with op.batch_alter_table("unsent_revision", schema=None) as batch_op:
        batch_op.create_index("ix_unsent_revision_entry", ["tenant_id", "entry_id", "at"], unique=False)

    op.create_table(
        "extension",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("ended", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("until", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=op.f(f"fk_extension_tenant_id_{column}"),
                initially="DEFERRED",
                deferrable=True,
            )
            for column, table in (
                ("edition_id", "edition"),
                ("entry_id", "entry"),
                ("asked_by", "account"),
                ("decided_by", "account"),
            )
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_extension_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index("ix_extension_edition", ["tenant_id", "edition_id", "asked_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index("ix_extension_edition")

    op.drop_table("extension")
    with op.batch_alter_table("unsent_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_unsent_revision_entry")

    op.drop_table("unsent_revision")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_column("extended_until")
