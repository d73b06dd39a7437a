"""Abstentions that are final, answers to objections against paper sheets"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_answer",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_paper_answer_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "paper_id"],
            ["paper_sheet.tenant_id", "paper_sheet.id"],
            name=op.f("fk_paper_answer_tenant_id_paper_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_paper_answer_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_paper_answer")),
        sa.UniqueConstraint(
            "tenant_id", "paper_id", "at", name=op.f("uq_paper_answer_tenant_id_paper_id_at")
        ),
    )
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("settled_at", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.add_column(sa.Column("final_at", core.kernel.types.UtcInstant(timezone=True), nullable=True))

    # Until now who had abstained was shown others' points for the entry, so nobody may take that back any more.
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":  # the wall between tenants stands before the owner too
        bind.execute(sa.text("select set_config('app.tenant', '*', true)"))
    bind.execute(sa.text("update sheet set final_at = updated_at where state = 'abstained'"))


def downgrade() -> None:
    # Without a batch: SQLite would make the tables anew, and other rows point at theirs.
    op.drop_column("sheet", "final_at")
    op.drop_column("paper_sheet", "settled_at")
    op.drop_table("paper_answer")
