"""What is kept: remarks, and how many there were at the end of each count."""

from __future__ import annotations

from bangvang_so_tay.settings import LONGEST
from core.plugin_api import Column, ColumnKind, Table

REMARK = Table(
    "remark",
    (
        Column("words", length=LONGEST),
        Column("signed", length=80, optional=True),
        Column("at", ColumnKind.INSTANT),
    ),
    indexes=(("at",),),
)
TALLY = Table("tally", (Column("day", length=10), Column("number", ColumnKind.WHOLE)), unique=(("day",),))
TABLES = (REMARK, TALLY)
