"""The nightly sweep: contents of the tenant that no row of any table names and that are older than a day are removed.

Such are files taken out of a dossier, previews of files that are gone, copies and uploads whose process was killed
between the writing and the commit. A day is far more than anything takes from the one to the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.clock import real_now
from core.kernel.contents import named_among
from core.kernel.db import session
from core.kernel.files import file_store
from core.kernel.jobs import enqueue, handler

SWEEP, SWEPT, SUBJECT = "privacy.sweep", "files.swept", "files"
UNNAMED_FOR = timedelta(days=1)
AT_ONCE = 500


def sweep(*, now: datetime, after: str = "", most: int = AT_ONCE) -> tuple[int, str]:
    """Look through at most `most` old contents from the key after `after` on, and remove those that nothing names.

    Returns how many went, and the last key that was looked at; "" when there are no more.
    """
    store, before = file_store(), now - UNNAMED_FOR
    keys = list(islice(store.old_keys(session().tenant_id.hex, before, after), most))
    unnamed = {_digest(one) for one in keys}
    for _look in range(
        2
    ):  # what goes from one table to another between two statements is found by the second look
        unnamed -= named_among(unnamed)
    removed = sum(store.delete_old(one, before) for one in keys if _digest(one) in unnamed)
    return removed, keys[-1] if len(keys) == most else ""


@handler(SWEEP)
def _sweep(payload: Mapping[str, Any]) -> None:
    """One step, and the next one asked for; done twice it finds nothing more."""
    now, night = real_now(), payload["night"]
    if not payload["after"]:
        file_store().clear(session().tenant_id.hex, now - UNNAMED_FOR)
    removed, last = sweep(now=now, after=payload["after"])
    removed += payload["removed"]
    if last:
        enqueue(SWEEP, {"night": night, "after": last, "removed": removed}, dedupe=f"{night}:{last[-64:]}")
    elif removed:
        audit.append(SWEPT, SUBJECT, {"contents": removed}, actor=SYSTEM, now=now)


def ask_to_sweep(night: str) -> None:
    """Have the tenant's contents looked through once this night."""
    enqueue(SWEEP, {"night": night, "after": "", "removed": 0}, dedupe=night)


def _digest(key: str) -> str:
    return key.rpartition("/")[2]
