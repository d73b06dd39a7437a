"""New material in what judges of blind rounds read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("blind_copy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("material_file_id", sa.Uuid(), nullable=True))
        batch_op.alter_column("attachment_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_unique_constraint(
            op.f("uq_blind_copy_tenant_id_material_file_id"), ["tenant_id", "material_file_id"]
        )
        batch_op.create_foreign_key(
            op.f("fk_blind_copy_tenant_id_material_file_id"),
            "material_file",
            ["tenant_id", "material_file_id"],
            ["tenant_id", "id"],
            initially="DEFERRED",
            deferrable=True,
        )
    with op.batch_alter_table("blind_dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("material", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("blind_dossier", schema=None) as batch_op:
        batch_op.alter_column("material", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("blind_scan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("material", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("blind_scan", schema=None) as batch_op:
        batch_op.alter_column("material", existing_type=sa.String(length=64), server_default=None)


def downgrade() -> None:
    bind = op.get_bind()
    # The wall between tenants stands before the owner of the tables too.
    if bind.dialect.name == "postgresql":
        bind.execute(sa.text("select set_config('app.tenant', '*', true)"))
    bind.execute(sa.text("DELETE FROM blind_copy WHERE attachment_id IS NULL"))
    with op.batch_alter_table("blind_scan", schema=None) as batch_op:
        batch_op.drop_column("material")
    with op.batch_alter_table("blind_dossier", schema=None) as batch_op:
        batch_op.drop_column("material")
    with op.batch_alter_table("blind_copy", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_blind_copy_tenant_id_material_file_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_blind_copy_tenant_id_material_file_id"), type_="unique")
        batch_op.alter_column("attachment_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("material_file_id")
