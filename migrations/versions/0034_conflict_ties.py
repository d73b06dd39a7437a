"""What was found of a conflict apart from what was declared; where people of a council work; shared mail domains"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

CONFLICT = sa.table(
    "conflict",
    sa.column("id", sa.Uuid()),
    sa.column("how", sa.String()),
    sa.column("state", sa.String()),
    sa.column("decided_by", sa.Uuid()),
    sa.column("declared", sa.JSON()),
    sa.column("evidence", sa.JSON()),
    sa.column("covered", sa.JSON()),
)


def upgrade() -> None:
    op.create_table(
        "conflict_settings",
        sa.Column("shared_domains", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_conflict_settings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_conflict_settings")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_conflict_settings_tenant_id")),
    )
    op.create_table(
        "affiliation",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("workplace", sa.String(length=300), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_affiliation_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["unit.tenant_id", "unit.id"],
            name=op.f("fk_affiliation_tenant_id_unit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_affiliation_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_affiliation")),
        sa.UniqueConstraint("tenant_id", "account_id", name=op.f("uq_affiliation_tenant_id_account_id")),
    )
    for column in ("declared", "covered"):
        with op.batch_alter_table("conflict", schema=None) as batch_op:
            batch_op.add_column(
                sa.Column(column, core.kernel.types.JsonDoc(), nullable=False, server_default="[]")
            )
        with op.batch_alter_table("conflict", schema=None) as batch_op:
            batch_op.alter_column(column, existing_type=core.kernel.types.JsonDoc(), server_default=None)
    bind = _everybody()
    for row in bind.execute(sa.select(CONFLICT)).all():
        if row.how == "declared":
            new = {"declared": [one["code"] for one in row.evidence], "evidence": []}
        elif row.state == "dismissed" and row.decided_by is not None:
            new = {"covered": row.evidence}
        else:
            continue
        bind.execute(sa.update(CONFLICT).where(CONFLICT.c.id == row.id).values(new))


def downgrade() -> None:
    bind = _everybody()
    for row in bind.execute(sa.select(CONFLICT).where(CONFLICT.c.how == "declared")).all():
        evidence = [{"code": code, "what": ""} for code in row.declared]
        bind.execute(sa.update(CONFLICT).where(CONFLICT.c.id == row.id).values(evidence=evidence))
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_column("covered")
        batch_op.drop_column("declared")
    op.drop_table("affiliation")
    op.drop_table("conflict_settings")


def _everybody() -> sa.Connection:
    """The wall between tenants stands before the owner of the tables too."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        bind.execute(sa.text("select set_config('app.tenant', '*', true)"))
    return bind
