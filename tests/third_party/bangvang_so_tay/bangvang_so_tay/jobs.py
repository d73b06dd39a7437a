"""The count of remarks: by itself each day, and after a remark."""

from __future__ import annotations

from datetime import timedelta, timezone

from core.plugin_api import Job, JobRequest

VIET_NAM = timezone(timedelta(hours=7))


def count(request: JobRequest) -> None:
    """Note how many remarks there are today; run again, it notes the newer number."""
    day = request.now.astimezone(VIET_NAM).date().isoformat()
    number = request.tables["remark"].count()
    tally = request.tables["tally"]
    if tally.add_once(("day",), {"day": day, "number": number}):
        return
    for row in tally.find({"day": day}):
        tally.change(row.id, {"number": number})


JOBS = (Job("count", count, every=timedelta(days=1)),)
