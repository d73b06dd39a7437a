"""Announcing and making a draw: first the list and the head of the log are fixed, then chance is drawn from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.blind import title_shown
from core.judging.council_models import Council
from core.judging.council_room import Attendee, require_leader
from core.judging.draw import DrawInputs, drawn_order
from core.judging.meeting.apart import entries_in_round, kept_from
from core.judging.meeting.draw_models import Draw
from core.judging.meeting.errors import MeetingRefused
from core.judging.seating import council_of, group_rows
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.i18n import locale
from core.kernel.text import clean, clean_line

SOURCE_CHARS = SAID_CHARS = 200
REASON_CHARS = 1000
SHOWN = ("own", "all")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a draw may be made for: its key, its words, and the codes that are in it now."""

    key: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a drawn order; without `code` it belongs to a dossier that the reader is kept from. `later` is the
    number of the draw that took the place of this one for the dossier."""

    number: int
    code: str
    title: str
    is_gone: bool
    later: int | None


class Use(StrEnum):
    """Whether an order is to be kept to: for all its dossiers that are in the contest, for some, or for none."""

    WAITING = "waiting"  # announced, not drawn
    PASSED = "passed"  # announced, and drawn no more: a later draw has all its dossiers
    WHOLE = "whole"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DrawView:
    """A draw as the council reads it; `places` is empty until it is drawn. A later draw takes its place for those
    dossiers that stand in both, and for those alone."""

    id: UUID
    round: str
    number: int
    scope: str
    scope_name: str
    source: str
    reason: str
    log_size: int
    log_head: str
    entries: tuple[str, ...]
    entries_sha256: str
    announced_name: str
    announced_at: datetime
    said: str
    drawn_name: str
    drawn_at: datetime | None
    places: tuple[Place, ...]
    shown: str
    use: Use
    is_whole: bool

    @property
    def is_drawn(self) -> bool:
        """Whether chance has spoken."""
        return self.drawn_at is not None

    @property
    def in_force(self) -> bool:
        """Whether somebody is to keep to its order."""
        return self.use in (Use.WHOLE, Use.PART)


def scopes_of(edition: EditionView, round_key: str) -> list[Scope]:
    """What can be drawn in a round: all of it, each field, each judging group; empty where it is not open."""
    entries = entries_in_round(edition, round_key)
    if not entries:
        return []
    fields = {one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()}
    of_field = {key: tuple(one.code for one in entries if one.field == key) for key in fields}
    found = [Scope("", _("Cả vòng"), tuple(one.code for one in entries))]
    found += [
        Scope(f"field:{key}", _("Lĩnh vực %(name)s", name=name), of_field[key])
        for key, name in fields.items()
    ]
    council: Council | None = council_of(edition.id, round_key)
    for group in group_rows(council) if council is not None else ():
        codes = sorted(code for key in group.fields for code in of_field.get(key, ()))
        found.append(Scope(f"group:{group.id}", group.name, tuple(codes)))
    return [one for one in found if one.codes]


def announce(
    edition: EditionView,
    attendee: Attendee,
    scope_key: str,
    *,
    source: str = "",
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Draw:
    """Fix the list of entries and the head of the log for a draw, and say which public value will be taken.

    Raises Forbidden, MeetingRefused where the round is not open, Invalid at `scope`, `source` or `reason`: a draw over
    a dossier that an earlier one was announced for needs one, whatever part either was for.
    """
    require_leader(attendee)
    round_key = attendee.round.key
    source, reason = clean_line(source), clean(reason)
    held_edition(edition.id)
    scopes = {one.key: one for one in scopes_of(edition, round_key)}
    if not scopes:
        raise MeetingRefused(_("Vòng này chưa mở nên chưa có hồ sơ để bốc thăm."))
    errors: dict[str, list[str]] = {}
    scope = scopes.get(scope_key)
    if scope is None:
        errors["scope"] = [_("Bạn hãy chọn phần cần bốc thăm.")]
    if len(source) > SOURCE_CHARS:
        errors["source"] = [_("Tối đa %(count)s ký tự.", count=SOURCE_CHARS)]
    if len(reason) > REASON_CHARS:
        errors["reason"] = [_("Tối đa %(count)s ký tự.", count=REASON_CHARS)]
    elif scope is not None and not reason:
        earlier = earlier_draws(edition, round_key, scope.codes)
        if earlier:
            errors["reason"] = [
                _(
                    "Hồ sơ của phần này đã có ở %(draws)s: bạn hãy ghi lý do bốc lại.",
                    draws=", ".join(_("lần %(number)s", number=one) for one in earlier),
                )
            ]
    if errors or scope is None:
        raise Invalid(errors)
    last = select(func.max(Draw.number)).where(Draw.edition_id == edition.id, Draw.round == round_key)
    draw = Draw(
        edition_id=edition.id,
        round=round_key,
        number=(session().scalars(last).one() or 0) + 1,
        scope=scope.key,
        scope_name=scope.name[:200],
        entries=sorted(scope.codes),
        source=source,
        reason=reason,
        announced_by=actor.id,
        announced_name=actor.name,
        announced_at=now,
    )
    line = {
        "number": draw.number,
        "scope": scope.key,
        "entries_sha256": list_digest(draw.entries),
        "source": source,
    }
    audit.append("draw.announced", subject_of(edition, draw), line, actor=actor, now=now)
    head = audit.log_head()
    draw.log_size, draw.log_head = head.size, head.root
    session().add(draw)
    session().flush()
    return draw


def make_draw(
    edition: EditionView, attendee: Attendee, number: int, said: str, *, actor: Actor, now: datetime
) -> Draw:
    """Draw the order of an announced draw with the public value that was said since; the same again changes nothing.

    Raises Forbidden, NotFound, Invalid at `said` where a value was announced and none is given, MeetingRefused when it
    is drawn already with another value, and when a later draw has all its dossiers.
    """
    require_leader(attendee)
    draw = _held(edition, attendee.round.key, number)
    said = clean_line(said) if draw.source else ""
    if draw.drawn is not None:
        if said == draw.said:
            return draw
        raise MeetingRefused(_("Lần này đã bốc thăm rồi. Thứ tự đã bốc được giữ nguyên."))
    if draw_of(edition, draw.round, number, actor=None).use is Use.PASSED:
        raise MeetingRefused(_("Hồ sơ của lần này đã bốc thăm ở lần sau nên lần này không bốc nữa."))
    if draw.source and not said:
        raise Invalid.one("said", _("Bạn hãy nhập giá trị đã công bố: %(source)s.", source=draw.source))
    if len(said) > SAID_CHARS:
        raise Invalid.one("said", _("Tối đa %(count)s ký tự.", count=SAID_CHARS))
    draw.said = said
    draw.drawn = list(drawn_order(inputs_of(edition, draw), draw.entries))
    draw.drawn_by, draw.drawn_name, draw.drawn_at = actor.id, actor.name, now
    session().flush()
    line = {"number": draw.number, "said": said, "order_sha256": list_digest(draw.drawn)}
    audit.append("draw.drawn", subject_of(edition, draw), line, actor=actor, now=now)
    return draw


def show_to(
    edition: EditionView, attendee: Attendee, number: int, shown: str, *, actor: Actor, now: datetime
) -> None:
    """Let everybody read the whole order ("all"), or each entrant the own place ("own").

    Raises Forbidden, NotFound, Invalid at `shown`.
    """
    require_leader(attendee)
    draw = _held(edition, attendee.round.key, number)
    if shown not in SHOWN:
        raise Invalid.one("shown", _("Bạn hãy chọn ai được xem thứ tự."))
    if draw.shown == shown:
        return
    draw.shown = shown
    session().flush()
    line = {"number": draw.number, "shown": shown}
    audit.append("draw.shown", subject_of(edition, draw), line, actor=actor, now=now)


def draws_of(edition: EditionView, round_key: str, *, actor: Actor | None) -> list[DrawView]:
    """The draws of a round, the newest first, without what `actor` is kept from. Two queries."""
    ask = select(Draw).where(Draw.edition_id == edition.id, Draw.round == round_key)
    rows = list(session().scalars(ask.order_by(Draw.number.desc())))
    codes = {code for one in rows for code in one.entries}
    known = _named(edition, round_key, codes) if codes else {}
    hidden = frozenset() if actor is None else kept_from(actor)
    newest = _newest(rows)
    return [_view(one, known, hidden, newest) for one in rows]


def draw_of(edition: EditionView, round_key: str, number: int, *, actor: Actor | None) -> DrawView:
    """One draw of a round; NotFound for any other. Two queries."""
    found = next((one for one in draws_of(edition, round_key, actor=actor) if one.number == number), None)
    if found is None:
        raise NotFound(_("Không có lần bốc thăm này."))
    return found


def places_of(entry: Entry) -> list[tuple[str, DrawView]]:
    """The draw in force that an entry stands in, of each round, with its place as "3/12". One query."""
    if entry.code is None:
        return []
    ask = select(Draw).where(Draw.edition_id == entry.edition_id).order_by(Draw.number.desc())
    rows = list(session().scalars(ask))
    found = []
    for round_key in dict.fromkeys(one.round for one in rows):
        of_round = [one for one in rows if one.round == round_key]
        newest = _newest(of_round)
        for one in of_round:
            if one.drawn is not None and newest.get(entry.code) == one.number:
                place = f"{one.drawn.index(entry.code) + 1}/{len(one.drawn)}"
                found.append((place, _view(one, {}, frozenset(), newest)))
    return found


def inputs_of(edition: EditionView, draw: Draw | DrawView) -> DrawInputs:
    """What the draw is computed from."""
    return DrawInputs(edition.tenant, edition.key, draw.round, draw.log_head, draw.said)


def list_digest(codes: Iterable[str]) -> str:
    """SHA-256 over the codes, one a line: what the log holds of a list."""
    return hashlib.sha256("\n".join(codes).encode()).hexdigest()


def subject_of(edition: EditionView, draw: Draw) -> str:
    """How the log names a draw's round."""
    return f"{edition.key}/{draw.round}"


def earlier_draws(edition: EditionView, round_key: str, codes: Iterable[str]) -> list[int]:
    """The numbers of the draws, made or announced, that one of `codes` stands in. One query.

    An announced one counts: without a public value its order can be computed at once, so that whoever passes it over
    may have seen it.
    """
    ask = select(Draw.number, Draw.entries).where(Draw.edition_id == edition.id, Draw.round == round_key)
    wanted = set(codes)
    return [
        row.number
        for row in session().execute(ask.order_by(Draw.number))
        if not wanted.isdisjoint(row.entries)
    ]


def _newest(rows: Iterable[Draw]) -> dict[str, int]:
    """Code → the number of the newest draw made that it stands in: that one is in force for it. `rows` of a round."""
    return {code: one.number for one in sorted(rows, key=lambda one: one.number) for code in one.drawn or ()}


def _held(edition: EditionView, round_key: str, number: int) -> Draw:
    ask = select(Draw).where(Draw.edition_id == edition.id, Draw.round == round_key, Draw.number == number)
    found = session().scalars(ask.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(_("Không có lần bốc thăm này."))
    return found


def _named(edition: EditionView, round_key: str, codes: set[str]) -> dict[str, tuple[str, bool]]:
    """Code → title, and whether the entry is in the contest no more."""
    ask = select(Entry.code, title_shown(edition, round_key).label("title"), Entry.state).where(
        Entry.edition_id == edition.id, Entry.code.in_(sorted(codes))
    )
    return {row.code or "": (row.title, row.state != State.ACCEPTED) for row in session().execute(ask)}


def _view(
    draw: Draw, known: dict[str, tuple[str, bool]], hidden: frozenset[str], newest: dict[str, int]
) -> DrawView:
    def later(code: str) -> int | None:
        number = newest.get(code, 0)
        return number if number > draw.number else None

    def place(number: int, code: str) -> Place:
        if code in hidden:
            return Place(number, "", "", is_gone=False, later=None)
        title, is_gone = known.get(code, ("", False))
        return Place(number, code, title, is_gone, later(code))

    listed: Sequence[str] = draw.drawn or ()
    staying = [code for code in draw.entries if not known.get(code, ("", False))[1]]
    passed = sum(later(code) is not None for code in staying)
    return DrawView(
        id=draw.id,
        round=draw.round,
        number=draw.number,
        scope=draw.scope,
        scope_name=draw.scope_name,
        source=draw.source,
        reason=draw.reason,
        log_size=draw.log_size,
        log_head=draw.log_head,
        entries=tuple(code for code in draw.entries if code not in hidden),
        entries_sha256=list_digest(draw.entries),
        announced_name=draw.announced_name,
        announced_at=draw.announced_at,
        said=draw.said,
        drawn_name=draw.drawn_name,
        drawn_at=draw.drawn_at,
        places=tuple(place(number, code) for number, code in enumerate(listed, start=1)),
        shown=draw.shown,
        use=_use_of(draw, len(staying), passed),
        is_whole=hidden.isdisjoint(draw.entries),
    )


def _use_of(draw: Draw, staying: int, passed: int) -> Use:
    is_over = passed > 0 and passed == staying
    if draw.drawn is None:
        return Use.PASSED if is_over else Use.WAITING
    if is_over:
        return Use.NONE
    return Use.PART if passed else Use.WHOLE
