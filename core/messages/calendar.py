"""Calendar files (RFC 5545): the deadlines of an edition, and a person's own. Pure: values in, bytes out.

An event keeps its UID for ever. SEQUENCE grows when the event may have changed: with the tenant's version, which every
change of public dates raises, and for a dossier also with the minutes since it was touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.models import Entry
from core.kernel.clock import LOCAL
from core.kernel.formats import deadline_long

LENGTH = timedelta(hours=1)
WARNING = timedelta(days=1)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One event: from `starts` to `ends`; `warns` sets an alarm a day before the end."""

    uid: str
    sequence: int
    summary: str
    description: str
    href: str
    starts: datetime
    ends: datetime
    warns: bool = False


def _host(site: str) -> str:
    """The host of an address, without a port: a part of an event's name for ever."""
    return urlsplit(site).hostname or ""


def phase_events(edition: EditionView, version: int, site: str, language: str) -> Iterator[Event]:
    """When each phase of the edition begins and ends; `version` is the tenant's, `site` its address."""
    host = _host(site)
    for phase in edition.phases:
        name = phase.name.in_(language)
        for end, at in (("opens", phase.opens_at), ("closes", phase.closes_at)):
            is_last = end == "closes"
            marks = [_("Mốc minh họa.")] if phase.mark(end) == "illustration" else []
            until = deadline_long(at, language)
            told = (
                _("%(phase)s đến %(when)s.", phase=name, when=until)
                if is_last
                else _("%(phase)s bắt đầu.", phase=name)
            )
            yield Event(
                uid=f"{edition.id.hex}-{phase.kind}-{end}@{host}",
                sequence=version,
                summary=_("Hạn cuối: %(phase)s", phase=name)
                if is_last
                else _("Bắt đầu: %(phase)s", phase=name),
                description=" ".join([edition.name.in_(language), "·", told, *marks]),
                href=f"{site}/?ky={edition.key}",
                starts=at - LENGTH if is_last else at,
                ends=at if is_last else at + LENGTH,
                warns=is_last,
            )


def dossier_event(entry: Entry, due: datetime, version: int, site: str, language: str) -> Event:
    """By when a dossier must be handed in, or completed and handed in again."""
    host = _host(site)
    title = entry.title or _("hồ sơ chưa có tên")
    is_returned = entry.state == "returned"
    summary = (
        _("Hạn bổ sung: %(title)s", title=title) if is_returned else _("Hạn nộp: %(title)s", title=title)
    )
    touched = max(0, int((entry.updated_at - _EPOCH) / timedelta(minutes=1)))
    return Event(
        uid=f"{entry.ref}@{host}",
        sequence=version + touched,
        summary=summary,
        description=_("Đến %(when)s.", when=deadline_long(due, language)),
        href=f"{site}/du-thi/{entry.ref}",
        starts=due - LENGTH,
        ends=due,
        warns=True,
    )


def calendar_bytes(name: str, events: Iterable[Event], *, stamp: datetime) -> bytes:
    """The calendar file, its times on the clock of Viet Nam; `stamp` is when it was made."""
    from icalendar import Alarm, Calendar
    from icalendar import Event as Entry_

    made = Calendar()
    made.add("prodid", "-//Bang Vang//VI")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", LOCAL.key)
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for one in events:
        event = Entry_()
        event.add("uid", one.uid)
        event.add("sequence", one.sequence)
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", one.starts.astimezone(LOCAL))
        event.add("dtend", one.ends.astimezone(LOCAL))
        event.add("summary", one.summary)
        event.add("description", one.description)
        event.add("url", one.href)
        event.add("transp", "TRANSPARENT")
        if one.warns:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", one.summary)
            alarm.add("trigger", -WARNING, parameters={"RELATED": "END"})
            event.add_component(alarm)
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())
