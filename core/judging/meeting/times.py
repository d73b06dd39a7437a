"""A day and an hour as people type them in Viet Nam."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from core.kernel.clock import LOCAL
from core.kernel.errors import Invalid
from core.kernel.text import clean_line


def read_instant(day: str, hour: str) -> datetime | None:
    """The instant of a day (2025-11-20) and an hour (08:30); None where no day is given. Raises Invalid at `day`."""
    day, hour = clean_line(day), clean_line(hour)
    if not day:
        return None
    try:
        return datetime.strptime(f"{day} {hour or '00:00'}", "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
    except ValueError as wrong:
        raise Invalid.one("day", _("Ngày hoặc giờ chưa đúng, ví dụ 20/11/2025 và 08:30.")) from wrong
