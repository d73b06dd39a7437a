"""What deliberations tell minutes: how far apart the judges were before and after, and each change with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.judging.deliberation_values import (
    Change,
    DeliberationRecord,
    DeliberationState,
    Points,
    spread_of,
    total_of,
)
from core.judging.minutes_parts import MinutesPart, tells_minutes
from core.judging.queries.deliberations import deliberations_of
from core.kernel import audit
from core.kernel.formats import datetime_, score
from core.plugin_api import Round


@tells_minutes
def deliberations(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """Each deliberation, a section each, judges under their numbers. Two queries."""
    for place, record in enumerate(deliberations_of(edition, judging_round.key), start=1):
        code = record.deliberation.code
        yield MinutesPart(
            f"deliberation-{place:03}",
            40,
            _("Thảo luận lại lần %(number)s", number=place),
            tuple(_lines(judging_round, record)),
            frozenset({code}),
            tells_points=True,
        )


@tells_minutes
def not_talked_about(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """Which entries the council left apart when the next round opened, and why. One query at most."""
    rounds = [one.key for one in edition.rules.rounds()]
    later = rounds[rounds.index(judging_round.key) + 1 :][:1]
    if not later:
        return
    lines: list[str] = []
    codes: set[str] = set()
    for one in audit.records(subject=f"{edition.key}/{later[0]}", actions=["round.opened"]):
        if "not_deliberated" not in one.data:
            continue
        codes |= set(one.data["not_deliberated"])
        lines += [
            _(
                "Khi mở vòng sau lúc %(at)s, %(count)s hồ sơ có điểm cách nhau quá mức chưa được thảo luận: %(codes)s.",
                at=datetime_(one.at),
                count=len(one.data["not_deliberated"]),
                codes=", ".join(one.data["not_deliberated"]),
            ),
            _("Lý do không thảo luận: %(reason)s", reason=" ".join(one.data["reason"].split())),
        ]
    heading = _("Hồ sơ chênh điểm không thảo luận lại")
    yield MinutesPart("not-deliberated", 41, heading, tuple(lines), frozenset(codes), tells_points=True)


def _lines(judging_round: Round, record: DeliberationRecord) -> Iterator[str]:
    talk = record.deliberation
    yield _("Hồ sơ %(code)s: %(title)s.", code=talk.code, title=talk.title)
    is_ended = talk.state is DeliberationState.ENDED
    if talk.closed_at is None:
        yield _("Mở lúc %(at)s, chưa kết thúc.", at=datetime_(talk.opened_at))
    elif is_ended:
        yield _(
            "Mở lúc %(opened)s, dừng lúc %(closed)s vì hồ sơ rút khỏi kỳ thi.",
            opened=datetime_(talk.opened_at),
            closed=datetime_(talk.closed_at),
        )
    else:
        yield _(
            "Mở lúc %(opened)s, kết thúc lúc %(closed)s.",
            opened=datetime_(talk.opened_at),
            closed=datetime_(talk.closed_at),
        )
    if talk.reason:
        yield _("Lý do mở: %(reason)s", reason=" ".join(talk.reason.split()))
    if talk.before:
        yield _("Trước thảo luận: %(spread)s.", spread=_spread(judging_round, talk.before))
    for change in record.changes:
        yield _changed(judging_round, change)
    if talk.closed_at is None:
        return
    if talk.after and record.changes:
        yield _("Sau thảo luận: %(spread)s.", spread=_spread(judging_round, talk.after))
    elif not record.changes and not is_ended:
        yield _("Các giám khảo giữ nguyên điểm.")
    if talk.outcome:
        yield _("Kết luận: %(outcome)s", outcome=" ".join(talk.outcome.split()))


def _spread(judging_round: Round, points: Points) -> str:
    totals = [total_of(own) for own in points.values()]
    spread = spread_of(totals, judging_round.maximum)
    told: str = _(
        "%(count)s phiếu, tổng điểm từ %(lowest)s đến %(highest)s",
        count=len(totals),
        lowest=score(spread.lowest),
        highest=score(spread.highest),
    )
    return told


def _changed(judging_round: Round, change: Change) -> str:
    names: Mapping[str, str] = {one.key: one.name.vi for one in judging_round.criteria}
    moved = [key for key in names if change.before.get(key) != change.after.get(key)]
    told: str = _(
        "%(judge)s sửa điểm lúc %(at)s: %(points)s. Lý do: %(reason)s",
        judge=change.judge,
        at=datetime_(change.at),
        points="; ".join(
            _(
                "“%(criterion)s” từ %(before)s thành %(after)s",
                criterion=names[key],
                before=_text(change.before.get(key)),
                after=_text(change.after.get(key)),
            )
            for key in moved
        ),
        reason=" ".join(change.reason.split()),
    )
    return told


def _text(points: Decimal | None) -> str:
    return "–" if points is None else score(points)
