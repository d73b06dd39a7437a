"""Blank votes in ballots of a council; site visits that were moved"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_visit_move",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("was_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("was_place", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_by", sa.Uuid(), nullable=True),
        sa.Column("moved_name", sa.String(length=200), nullable=False),
        sa.Column("moved_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "moved_by"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_site_visit_move_tenant_id_moved_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["site_visit.tenant_id", "site_visit.id"],
            name=op.f("fk_site_visit_move_tenant_id_visit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_site_visit_move_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site_visit_move")),
        sa.UniqueConstraint(
            "tenant_id", "visit_id", "number", name=op.f("uq_site_visit_move_tenant_id_visit_id_number")
        ),
    )
    with op.batch_alter_table("council_ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("basis", sa.String(length=5), nullable=False, server_default="valid"))
        batch_op.add_column(sa.Column("blank", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("council_ballot", schema=None) as batch_op:
        batch_op.alter_column("basis", existing_type=sa.String(length=5), server_default=None)
        batch_op.alter_column("blank", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("council_ballot", schema=None) as batch_op:
        batch_op.drop_column("blank")
        batch_op.drop_column("basis")

    op.drop_table("site_visit_move")
