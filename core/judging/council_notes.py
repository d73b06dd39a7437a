"""What is amiss with a council before its round opens, in words; what `blocks` keeps entries from being judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.council_models import Council
from core.judging.seating import GroupRow, SeatRow, fields_without_group, group_rows, seat_rows
from core.judging.seats import SeatRole, SeatState
from core.kernel.db import session
from core.kernel.i18n import locale


@dataclass(frozen=True, slots=True)
class CouncilNote:
    """One sentence on what is amiss."""

    text: str
    blocks: bool


def council_notes(edition: EditionView, council: Council) -> list[CouncilNote]:
    """What the committee should know before the round opens, what blocks first. Five queries."""
    return notes_on(edition, seat_rows(council), group_rows(council), entries_by_field(edition))


def entries_by_field(edition: EditionView) -> dict[str, int]:
    """How many accepted dossiers each field has; "" for those without one. One query."""
    ask = (
        select(Entry.field, func.count().label("number"))
        .where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED)
        .group_by(Entry.field)
    )
    return {row.field or "": row.number for row in session().execute(ask)}


def notes_on(
    edition: EditionView, seats: Sequence[SeatRow], groups: Sequence[GroupRow], waiting: dict[str, int]
) -> list[CouncilNote]:
    """The notes on seats, groups and dossiers by field that were read already."""
    found = [*_on_seats(seats), *_on_groups(edition, seats, groups, waiting)]
    return sorted(found, key=lambda note: not note.blocks)


def _on_seats(seats: Sequence[SeatRow]) -> Iterator[CouncilNote]:
    accepted = [one for one in seats if one.state is SeatState.ACCEPTED and one.role.judges]
    if not accepted:
        yield CouncilNote(_("Chưa có ai chấm điểm nhận lời tham gia hội đồng."), blocks=True)
    open_ = sum(one.state is SeatState.INVITED for one in seats)
    if open_:
        text = ngettext(
            "%(num)s người chưa trả lời lời mời; họ chưa được phân công cho đến khi nhận lời.",
            "%(num)s người chưa trả lời lời mời; họ chưa được phân công cho đến khi nhận lời.",
            open_,
        )
        yield CouncilNote(text, blocks=False)
    if not any(one.role is SeatRole.CHAIR and one.is_on for one in seats):
        yield CouncilNote(_("Hội đồng chưa có Chủ tịch."), blocks=False)


def _on_groups(
    edition: EditionView, seats: Sequence[SeatRow], groups: Sequence[GroupRow], waiting: dict[str, int]
) -> Iterator[CouncilNote]:
    if not groups:
        return
    names = {one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()}
    for key in fields_without_group(groups, names):
        count = waiting.get(key, 0)
        text = _(
            "Lĩnh vực “%(field)s” chưa thuộc nhóm chấm nào (%(count)s hồ sơ).", field=names[key], count=count
        )
        yield CouncilNote(text, blocks=count > 0)
    lost = sum(count for key, count in waiting.items() if key not in names)
    if lost:
        text = _("%(count)s hồ sơ chưa ghi lĩnh vực nên không thuộc nhóm chấm nào.", count=lost)
        yield CouncilNote(text, blocks=True)
    able = {one.id for one in seats if one.state is SeatState.ACCEPTED and one.role.judges}
    for group in groups:
        if not group.seats & able:
            count = sum(waiting.get(key, 0) for key in group.fields)
            text = _("%(group)s chưa có ai nhận lời chấm (%(count)s hồ sơ).", group=group.name, count=count)
            yield CouncilNote(text, blocks=count > 0)
    grouped = {seat for group in groups for seat in group.seats}
    for one in seats:
        if one.is_judging and one.id not in grouped:
            text = _("%(name)s chưa thuộc nhóm chấm nào nên không được phân công hồ sơ.", name=one.name)
            yield CouncilNote(text, blocks=False)
