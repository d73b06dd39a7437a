"""Who does not sign of a visit; what sections of minutes were drafted from; visits to withdrawn dossiers are off"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CALL_OFF = """
UPDATE site_visit SET state = 'cancelled', reason = 'Hồ sơ đã rút khỏi cuộc thi.'
WHERE state = 'planned' AND EXISTS (
  SELECT 1 FROM entry
  WHERE entry.tenant_id = site_visit.tenant_id AND entry.id = site_visit.entry_id AND entry.state = 'withdrawn'
)
"""


def upgrade() -> None:
    with op.batch_alter_table("council_minutes_section", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("council_minutes_section", schema=None) as batch_op:
        batch_op.alter_column("told", existing_type=sa.String(length=64), server_default=None)
    with op.batch_alter_table("site_visit_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waived", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("waived_why", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("waived_by", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("waived_name", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("waived_at", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_site_visit_member_tenant_id_waived_by"),
            "account",
            ["tenant_id", "waived_by"],
            ["tenant_id", "id"],
            initially="DEFERRED",
            deferrable=True,
        )
    with op.batch_alter_table("site_visit_member", schema=None) as batch_op:
        batch_op.alter_column("waived_why", existing_type=sa.Text(), server_default=None)
        batch_op.alter_column("waived_name", existing_type=sa.String(length=200), server_default=None)
    bind = op.get_bind()
    # The wall between tenants stands before the owner of the tables too.
    if bind.dialect.name == "postgresql":
        bind.execute(sa.text("select set_config('app.tenant', '*', true)"))
    bind.execute(sa.text(CALL_OFF))


def downgrade() -> None:
    with op.batch_alter_table("site_visit_member", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_site_visit_member_tenant_id_waived_by"), type_="foreignkey")
        batch_op.drop_column("waived_at")
        batch_op.drop_column("waived_name")
        batch_op.drop_column("waived_by")
        batch_op.drop_column("waived_why")
        batch_op.drop_column("waived")
    with op.batch_alter_table("council_minutes_section", schema=None) as batch_op:
        batch_op.drop_column("told")
