"""The person's calendar address, for their copy: when it was made and ended; the secret itself is kept by nobody."""

from __future__ import annotations

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.formats import datetime_
from core.messages.models import CalendarFeed
from core.people.models import Account
from core.privacy.collectors import Part, collects
from core.privacy.collectors.wording import at


@collects("lich", "Địa chỉ lịch riêng bạn đã tạo", "calendar_feed: account_id")
def _feeds(account: Account) -> Part:
    ask = select(CalendarFeed).where(CalendarFeed.account_id == account.id).order_by(CalendarFeed.created_at)
    return Part(
        [
            {"tạo lúc": datetime_(one.created_at), "thôi dùng lúc": at(one.ended_at)}
            for one in session().scalars(ask)
        ]
    )
