"""Who is to judge what: an assignment for each judge and entry, as the whole council had them"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from core.kernel.ids import uuid7
from core.kernel.types import UtcInstant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("at", UtcInstant(timezone=True), nullable=False),
        sa.Column("ended_at", UtcInstant(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_assignment_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_assignment_tenant_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "judge_id"],
            ["judge.tenant_id", "judge.id"],
            name=op.f("fk_assignment_tenant_id_judge_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_assignment_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "tenant_id",
            "judge_id",
            "entry_id",
            "round",
            name=op.f("uq_assignment_tenant_id_judge_id_entry_id_round"),
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_edition", ["tenant_id", "edition_id", "round"], unique=False)
        batch_op.create_index("ix_assignment_entry", ["tenant_id", "entry_id"], unique=False)

    _assign_what_is_judged()


def _assign_what_is_judged() -> None:
    """Until now everybody in the council judged every entry of a round; sheets of who left stand too."""
    bind = op.get_bind()
    if (
        bind.dialect.name == "postgresql"
    ):  # the wall between tenants stands before the owner of the tables too
        bind.execute(sa.text("select set_config('app.tenant', '*', true)"))
    rows = bind.execute(
        sa.text(
            "select j.tenant_id, j.edition_id, j.id, r.entry_id, r.round from judge j "
            "join round_entry r on r.tenant_id = j.tenant_id and r.edition_id = j.edition_id where j.is_active "
            "union select tenant_id, edition_id, judge_id, entry_id, round from sheet"
        ).columns(
            *(sa.column(name, sa.Uuid()) for name in ("tenant_id", "edition_id", "id", "entry_id")),
            sa.column("round", sa.String()),
        )
    ).all()
    table = sa.table(
        "assignment",
        *(sa.column(name, sa.Uuid()) for name in ("tenant_id", "id", "edition_id", "judge_id", "entry_id")),
        *(sa.column(name, sa.String()) for name in ("round", "way", "why")),
        sa.column("at", UtcInstant(timezone=True)),
    )
    now = datetime.now(UTC)
    op.bulk_insert(
        table,
        [
            {"tenant_id": tenant, "id": uuid7(), "edition_id": edition, "judge_id": judge, "entry_id": entry,
             "round": key, "way": "whole", "why": "", "at": now}
            for tenant, edition, judge, entry, key in rows
        ],
    )  # fmt: skip


def downgrade() -> None:
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_entry")
        batch_op.drop_index("ix_assignment_edition")

    op.drop_table("assignment")
