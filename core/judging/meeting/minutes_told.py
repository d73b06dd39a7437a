"""What this part of the room tells minutes of: the council's work, draws, ballots, and the list of points."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.blind import blind_titles, title_shown
from core.judging.meeting.ballot_choices import Choice, choices_told
from core.judging.meeting.ballot_models import Ballot, BallotVoter
from core.judging.meeting.ballot_words import needed_words, outcome_sentence, quorum_words, turnout
from core.judging.meeting.ballots import CANCELLED, CLOSED, OPEN, outcome_of
from core.judging.meeting.draws import DrawView, Use, draws_of
from core.judging.meeting.visit_models import SiteVisit, VisitMember, VisitMove
from core.judging.meeting.visit_signing import is_waived, waived_words
from core.judging.meeting.visits import CANCELLED as CANCELLED_VISIT
from core.judging.meeting.visits import PLANNED, moves_of, moves_told
from core.judging.minutes_parts import MinutesPart, tells_minutes
from core.judging.queries import outstanding_sheets, passing, round_standings
from core.kernel.db import session
from core.kernel.formats import datetime_, score
from core.plugin_api import Round


@tells_minutes
def work(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """How many dossiers and sheets there are. Five queries."""
    standing = next(one for one in round_standings(edition) if one.round.key == judging_round.key)
    if not standing.is_open:
        return
    left = outstanding_sheets(edition, judging_round.key)
    lines = [
        _("Số hồ sơ trong %(round)s: %(count)s.", round=judging_round.name.vi, count=standing.entries),
        _(
            "Số phiếu chấm: %(expected)s; đã khóa %(locked)s; không chấm có lý do %(abstained)s; chưa xong %(left)s.",
            expected=standing.expected,
            locked=standing.locked,
            abstained=standing.abstained,
            left=left,
        ),
    ]
    yield MinutesPart("work", 10, _("Kết quả chấm hồ sơ"), tuple(lines))


@tells_minutes
def draws(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """Each draw that was made or announced, a section each, with its order, one dossier a line. Two queries."""
    for one in draws_of(edition, judging_round.key, actor=None):
        heading = _("Bốc thăm thứ tự trình bày lần %(number)s", number=one.number)
        lines = tuple(_draw_lines(one))
        # One that was announced alone names no dossier.
        codes = frozenset(one.entries) if one.is_drawn else frozenset()
        yield MinutesPart(f"draw-{one.number:03}", 20, heading, lines, codes, by_line=True)


@tells_minutes
def visits(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """Each site visit that was held or cancelled, a section each, with the dates it had before. Four queries."""
    ask = (
        select(SiteVisit, Entry.code, title_shown(edition, judging_round.key))
        .join(Entry, Entry.id == SiteVisit.entry_id)
        .where(SiteVisit.edition_id == edition.id, SiteVisit.round == judging_round.key)
        .where(SiteVisit.state != PLANNED)
        .order_by(SiteVisit.number)
    )
    rows = list(session().execute(ask))
    there: dict[object, list[VisitMember]] = {}
    members = select(VisitMember).where(
        VisitMember.visit_id.in_([one.id for one, _code, _title in rows]), VisitMember.was_there.is_(True)
    )
    for member in session().scalars(members.order_by(VisitMember.name, VisitMember.id)):
        there.setdefault(member.visit_id, []).append(member)
    moves: dict[object, list[VisitMove]] = {}
    for move in moves_of([one.id for one, _code, _title in rows]):
        moves.setdefault(move.visit_id, []).append(move)
    for one, code, title in rows:
        about = _("Hồ sơ %(code)s: %(title)s.", code=code, title=title)
        when = _("Hẹn lúc %(at)s, tại %(place)s.", at=datetime_(one.at), place=one.place)
        if one.state == CANCELLED_VISIT:
            told = [_("Đã hủy: %(reason)s", reason=" ".join(one.reason.split()))]
        else:
            present = there.get(one.id, [])
            names = "; ".join(member.name for member in present)
            told = [_("Người có mặt: %(names)s.", names=names), *filter(None, one.found.split("\n"))]
            told += [waived_words(member) for member in present if is_waived(one, member)]
        heading = _("Thẩm định thực tế lần %(number)s", number=one.number)
        lines = (about, when, *moves_told(moves.get(one.id, [])), *told)
        yield MinutesPart(f"visit-{one.number:03}", 30, heading, lines, frozenset({code or ""}))


@tells_minutes
def ballots(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """Each ballot with its counts; of none, who chose what. Three queries."""
    ask = select(Ballot).where(Ballot.edition_id == edition.id, Ballot.round == judging_round.key)
    rows = list(session().scalars(ask.order_by(Ballot.number)))
    ids = [one.id for one in rows]
    options = choices_told(edition, rows, judging_round.key)
    voters: dict[object, list[bool]] = {}
    for row in session().execute(
        select(BallotVoter.ballot_id, BallotVoter.has_voted).where(BallotVoter.ballot_id.in_(ids))
    ):
        voters.setdefault(row.ballot_id, []).append(row.has_voted)
    for one in rows:
        lines = _ballot_lines(one, options[one.id], voters.get(one.id, []))
        heading = _("Biểu quyết lần %(number)s", number=one.number)
        yield MinutesPart(f"ballot-{one.number:03}", 50, heading, tuple(lines), frozenset(one.entries))


@tells_minutes
def result(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """The entries by points, once no sheet is awaited. Nine queries."""
    if outstanding_sheets(edition, judging_round.key):
        return
    rows = [one for one in passing(edition, judging_round) if one.total is not None]
    blind = blind_titles(edition, judging_round.key)
    lines: list[str] = []
    rank, before = 0, None
    for place, one in enumerate(rows, start=1):
        if one.total != before:
            rank, before = place, one.total
        points = score(one.total) if one.total is not None else ""
        lines.append(
            _(
                "%(rank)s. %(code)s: %(title)s, %(points)s điểm.",
                rank=rank,
                code=one.code,
                title=one.title if blind is None else blind.get(one.code, "–"),
                points=points,
            )
        )
    heading = _("Danh sách theo điểm của hội đồng")
    codes = frozenset(one.code for one in rows)
    yield MinutesPart("result", 60, heading, tuple(lines), codes, tells_points=True, by_line=True)


def _draw_lines(draw: DrawView) -> Iterator[str]:
    yield _(
        "%(scope)s: chốt danh sách %(count)s hồ sơ lúc %(announced)s.",
        scope=draw.scope_name,
        count=len(draw.entries),
        announced=datetime_(draw.announced_at),
    )
    if draw.reason:
        yield _("Lý do bốc lại: %(reason)s", reason=" ".join(draw.reason.split()))
    if draw.drawn_at is None:
        if draw.source:
            yield _("Giá trị công khai sẽ dùng: %(source)s.", source=draw.source)
        else:
            yield _("Không dùng giá trị công khai.")
        if draw.use is Use.PASSED:
            yield _("Không bốc thăm lần này: hồ sơ đã được bốc ở lần sau.")
        else:
            yield _("Chưa bốc thăm.")
        return
    if draw.source:
        yield _("Giá trị công khai: %(source)s, là %(said)s.", source=draw.source, said=draw.said)
    else:
        yield _("Không dùng giá trị công khai.")
    yield _("Bốc thăm lúc %(drawn)s. Thứ tự:", drawn=datetime_(draw.drawn_at))
    for place in draw.places:
        later = "" if place.later is None else _(" (sau theo lần %(number)s)", number=place.later)
        yield f"{place.number}. {_named(place.code, place.title)}{later}"


def _named(code: str, title: str) -> str:
    return code if title in ("", code) else f"{code}: {title}"


def _ballot_lines(ballot: Ballot, options: list[Choice], voters: list[bool]) -> Iterator[str]:
    outcome = outcome_of(ballot)
    yield _("Nội dung: %(question)s", question=ballot.question)
    if ballot.state == CANCELLED:
        yield _("Đã hủy: %(reason)s", reason=" ".join(ballot.reason.split()))
    if outcome is None or ballot.state != CLOSED:
        if ballot.state == OPEN:
            yield _("Đang bỏ phiếu, chưa kiểm phiếu.")
        return
    way = _("bỏ phiếu kín") if ballot.is_secret else _("biểu quyết công khai")
    yield _(
        "Cách thức: %(way)s; cần %(quorum)s; phương án được chọn cần %(majority)s (hội đồng chọn cho lần này).",
        way=way,
        quorum=quorum_words(ballot.quorum),
        majority=needed_words(ballot.majority, ballot.basis),
    )
    yield turnout(sum(voters), len(voters))
    for option, count in zip(options, outcome.counts, strict=True):
        yield _("%(words)s: %(count)s phiếu.", words=option.words, count=count)
    yield _("Phiếu trắng: %(count)s phiếu.", count=outcome.blank)
    yield outcome_sentence(outcome, [one.words for one in options])
