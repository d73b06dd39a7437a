"""Days and times as people type them, and the edition as programs read it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from flask_babel import gettext as _
from marshmallow import Schema, fields

from core.kernel.clock import LOCAL, end_of, local
from core.kernel.errors import Invalid
from core.kernel.text import clean_line

_SPOKEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_TIME = re.compile(r"(\d{1,2})\s*(?:[:hg]\s*(\d{2})?)?")


def parse_day(value: str, field: str) -> date:
    """A day typed as 20/11/2025 or 2025-11-20. Raises Invalid at `field`."""
    text = clean_line(value)
    spoken = _SPOKEN.fullmatch(text)
    try:
        if spoken:
            return date(int(spoken[3]), int(spoken[2]), int(spoken[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid.one(field, _("Ngày chưa đúng. Viết như 20/11/2025.")) from error


def parse_time(value: str, field: str) -> time | None:
    """A time of day typed as 17:00 or 17h; None for nothing. Raises Invalid at `field`."""
    text = clean_line(value).lower()
    if not text:
        return None
    found = _TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        return time(int(found[1]), int(found[2] or 0))
    except ValueError as error:
        raise Invalid.one(field, _("Giờ chưa đúng. Viết như 17:00.")) from error


def parse_opening(day: str, hour: str, field: str = "opens") -> datetime:
    """The UTC instant at which something opens: the day's first moment, or the time typed. Raises Invalid."""
    typed = parse_time(hour, f"{field}_time")
    return datetime.combine(parse_day(day, field), typed or time(0), LOCAL).astimezone(UTC)


def parse_closing(day: str, hour: str, field: str = "closes") -> datetime:
    """The exclusive UTC instant at which something closes: the end of the day, or the time typed. Raises Invalid."""
    typed = parse_time(hour, f"{field}_time")
    if typed is None:
        return end_of(parse_day(day, field))
    return datetime.combine(parse_day(day, field), typed, LOCAL).astimezone(UTC)


def typed_opening(instant: datetime) -> tuple[str, str]:
    """Day and time as `parse_opening` reads them; no time for the day's first moment."""
    there = local(instant)
    return there.strftime("%d/%m/%Y"), "" if there.time() == time(0) else there.strftime("%H:%M")


def typed_closing(instant: datetime) -> tuple[str, str]:
    """Day and time as `parse_closing` reads them; no time for the end of a day."""
    there = local(instant)
    if there.time() != time(0):
        return there.strftime("%d/%m/%Y"), there.strftime("%H:%M")
    last = date.fromordinal(there.date().toordinal() - 1)
    return last.strftime("%d/%m/%Y"), ""


class WordsSchema(Schema):
    """A text in Vietnamese and English."""

    vi = fields.String(required=True)
    en = fields.String(required=True)


class PhaseSchema(Schema):
    """A phase: open while opens_at <= now < closes_at (UTC)."""

    kind = fields.String(required=True)
    name = fields.Nested(WordsSchema, required=True)
    opens_at = fields.AwareDateTime(required=True, format="iso")
    closes_at = fields.AwareDateTime(required=True, format="iso")
    is_open = fields.Boolean(required=True)
    opens_mark = fields.String(
        required=True,
        metadata={"description": "exact, inferred or illustration: how far a document gives the date"},
    )
    closes_mark = fields.String(required=True)


class CriterionSchema(Schema):
    """One line of the score sheet; points are decimal strings. `official` false: an illustration."""

    key = fields.String(required=True)
    name = fields.Nested(WordsSchema, required=True)
    maximum = fields.String(required=True)
    step = fields.String(required=True)
    clause = fields.String(required=True, allow_none=True)
    official = fields.Boolean(required=True)


class RoundSchema(Schema):
    """A round of judging with its criteria."""

    key = fields.String(required=True)
    name = fields.Nested(WordsSchema, required=True)
    deciding = fields.Boolean(required=True)
    criteria = fields.List(fields.Nested(CriterionSchema), required=True)


class ClauseSchema(Schema):
    """A provision of the contest's documents that a rule carries out. `official` false: an illustration."""

    key = fields.String(required=True)
    document = fields.Nested(WordsSchema, required=True)
    article = fields.Nested(WordsSchema, required=True)
    text = fields.Nested(WordsSchema, required=True)
    official = fields.Boolean(required=True)


class PluginSchema(Schema):
    """A plugin that speaks for the edition, with the version in force."""

    name = fields.String(required=True)
    version = fields.String(required=True)


class EditionSchema(Schema):
    """The edition of this address: what it is, when it runs, by which rules."""

    tenant = fields.String(required=True)
    key = fields.String(required=True)
    ordinal = fields.Integer(required=True)
    years = fields.List(fields.Integer(), required=True)
    name = fields.Nested(WordsSchema, required=True)
    short_name = fields.Nested(WordsSchema, required=True)
    code_prefix = fields.String(required=True)
    now = fields.AwareDateTime(
        required=True, format="iso", metadata={"description": "the edition's clock (UTC)"}
    )
    is_frozen = fields.Boolean(required=True)
    plugins = fields.List(fields.Nested(PluginSchema), required=True)
    phases = fields.List(fields.Nested(PhaseSchema), required=True)
    terms = fields.Dict(keys=fields.String(), values=fields.Nested(WordsSchema), required=True)
    rounds = fields.List(fields.Nested(RoundSchema), required=True)
    clauses = fields.List(fields.Nested(ClauseSchema), required=True)
