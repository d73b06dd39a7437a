"""Notices at the turns of an edition, and items of the public menu."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.plugin_api.values.words import Text


class Phase(StrEnum):
    """The phases of an edition that a notice can belong to."""

    SUBMISSION = "submission"
    SCREENING = "screening"
    VOTING = "voting"
    JUDGING = "judging"
    RESULTS = "results"


class Moment(StrEnum):
    """The turn of the phase at which a notice goes out: its beginning, a few days before its end, its end."""

    OPENED = "opened"
    CLOSING = "closing"
    CLOSED = "closed"


class Audience(StrEnum):
    """To whom a notice goes."""

    ENTRANTS = "entrants"
    VOTERS = "voters"
    JUDGES = "judges"
    UNITS = "units"
    EVERYONE = "everyone"


NOTICE_FIELDS = ("edition", "from", "until", "address")
"""Names that may stand in braces in a notice: edition, first and last moment, address."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of the contest; `subject` and `body` may hold the NOTICE_FIELDS in braces."""

    key: str
    phase: str
    subject: Text
    body: Text
    audience: str
    moment: str = Moment.OPENED


@dataclass(frozen=True, slots=True)
class NavItem:
    """One item of the public menu; `href` is a path of the tenant's site, items stand by ascending `order`."""

    label: Text
    href: str
    order: int
