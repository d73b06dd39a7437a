"""The copy: what plugins keep of the person in tables of their own."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from core.extensions.persons import rows_of_person
from core.kernel.formats import datetime_
from core.people.models import Account
from core.plugin_api import Value
from core.privacy.collectors.registry import Part, collects


@collects("phan-bo-sung", "Những gì các phần bổ sung của cuộc thi (plugin) giữ dưới tên của bạn", "")
def _rows(account: Account) -> Part:
    return Part(
        [
            {
                "phần bổ sung": row.plugin.vi,
                "bảng": row.table,
                "nội dung": {name: _plain(value) for name, value in row.values.items()},
            }
            for row in rows_of_person(account.id)
        ]
    )


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return datetime_(value)
    return str(value) if isinstance(value, Decimal) else value
