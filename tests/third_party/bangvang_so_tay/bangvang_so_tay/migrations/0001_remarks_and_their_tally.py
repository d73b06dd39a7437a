"""Remarks and their tally"""

from __future__ import annotations

from core.plugin_api import Column, ColumnKind, Table
from core.plugin_api.migrations import create_table, drop_table

revision = "so_tay_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "so_tay",
        Table(
            "remark",
            (
                Column("words", ColumnKind.WORDS, length=500),
                Column("signed", ColumnKind.WORDS, length=80, optional=True),
                Column("at", ColumnKind.INSTANT),
            ),
            indexes=(("at",),),
        ),
    )
    create_table(
        "so_tay",
        Table(
            "tally",
            (
                Column("day", ColumnKind.WORDS, length=10),
                Column("number", ColumnKind.WHOLE),
            ),
            unique=(("day",),),
        ),
    )


def downgrade() -> None:
    drop_table("so_tay", "tally")
    drop_table("so_tay", "remark")
