"""Judging groups of a council: which fields they merge and who sits in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from core.contests.values import EditionView
from core.judging.council_models import Council, Group, GroupField, GroupSeat, Seat
from core.judging.errors import CouncilRefused
from core.judging.models import Judge, RoundEntry
from core.judging.policies import require_manager
from core.judging.seating import GroupRow, group_rows
from core.judging.seats import JUDGING, SeatState
from core.judging.services.council import held_edition, join_rounds
from core.judging.services.seats import access_council
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.i18n import locale
from core.kernel.text import clean_line

NAME_CHARS = 120


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What is said of a group: its name, keys of its fields, ids of the seats in it."""

    name: str
    fields: frozenset[str]
    seats: frozenset[UUID]


def save_group(
    edition: EditionView,
    round_key: str,
    group_id: UUID | None,
    facts: GroupFacts,
    *,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Make a group, or change one; gives its id. After the round is open a group can still take more judges in.

    Raises Forbidden, NotFound, Invalid at `name` or `fields`, CouncilRefused for what would take judged entries away
    from somebody.
    """
    require_manager(actor)
    held_edition(edition.id)
    council = access_council(edition, round_key)
    groups = group_rows(council)
    group = next((one for one in groups if one.id == group_id), None)
    if group is None and group_id is not None:
        raise NotFound(_("Không có nhóm chấm này."))
    fields, wanted = facts.fields, facts.seats & _seats_that_judge(council)
    name = _fitting_name(facts.name, [one for one in groups if one is not group])
    _require_free_fields(edition, fields, [one for one in groups if one is not group])
    if _is_open(council):
        _require_only_more(group, fields, wanted)
    stored = _stored(council, group, name, fields, wanted)
    line = {"name": name, "fields": sorted(fields), "seats": len(wanted)}
    audit.append("council.group_set", f"{edition.key}/{round_key}", line, actor=actor, now=now)
    if _is_open(council):
        for judge_id in _judges_of(council, wanted):
            join_rounds(edition, judge_id, now)
    return stored


def remove_group(
    edition: EditionView, round_key: str, group_id: UUID, *, actor: Actor, now: datetime
) -> None:
    """Take a group away, before the round is open. Raises Forbidden, NotFound, CouncilRefused."""
    require_manager(actor)
    held_edition(edition.id)
    council = access_council(edition, round_key)
    group = next((one for one in group_rows(council) if one.id == group_id), None)
    if group is None:
        raise NotFound(_("Không có nhóm chấm này."))
    if _is_open(council):
        raise CouncilRefused(_("Vòng chấm đã mở nên không bỏ được nhóm chấm."))
    for table in (GroupSeat, GroupField):
        session().execute(delete(table).where(table.group_id == group_id))
    session().execute(delete(Group).where(Group.id == group_id))
    session().flush()
    line = {"name": group.name}
    audit.append("council.group_removed", f"{edition.key}/{round_key}", line, actor=actor, now=now)


def _stored(
    council: Council, group: GroupRow | None, name: str, fields: Collection[str], seats: frozenset[UUID]
) -> UUID:
    if group is None:
        made = Group(council_id=council.id, name=name)
        session().add(made)
        session().flush()
        group_id = made.id
    else:
        group_id = group.id
        session().get_one(Group, (session().tenant_id, group_id)).name = name
        for table in (GroupSeat, GroupField):
            session().execute(delete(table).where(table.group_id == group_id))
    session().add_all(
        GroupField(council_id=council.id, group_id=group_id, field=one) for one in sorted(set(fields))
    )
    session().add_all(GroupSeat(group_id=group_id, seat_id=one) for one in sorted(seats))
    session().flush()
    return group_id


def _fitting_name(name: str, others: list[GroupRow]) -> str:
    name = clean_line(name)
    if not name:
        raise Invalid.one("name", _("Cần đặt tên nhóm, ví dụ “Nhóm 1”."))
    if len(name) > NAME_CHARS:
        raise Invalid.one("name", _("Tối đa %(count)s ký tự.", count=NAME_CHARS))
    if name in {one.name for one in others}:
        raise Invalid.one("name", _("Đã có nhóm mang tên này."))
    return name


def _require_free_fields(edition: EditionView, fields: Collection[str], others: list[GroupRow]) -> None:
    known = {one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()}
    if not fields or not set(fields) <= set(known):
        raise Invalid.one("fields", _("Cần chọn ít nhất một lĩnh vực cho nhóm."))
    for other in others:
        both = sorted(set(fields) & set(other.fields))
        if both:
            raise Invalid.one(
                "fields",
                _(
                    "%(field)s đã thuộc %(group)s; mỗi lĩnh vực chỉ thuộc một nhóm.",
                    field=known[both[0]],
                    group=other.name,
                ),
            )


def _require_only_more(group: GroupRow | None, fields: Collection[str], seats: frozenset[UUID]) -> None:
    if group is None or set(fields) != set(group.fields) or not seats >= group.seats:
        raise CouncilRefused(
            _("Vòng chấm đã mở: nhóm chỉ nhận thêm giám khảo, không đổi lĩnh vực và không bớt người.")
        )


def _seats_that_judge(council: Council) -> frozenset[UUID]:
    ask = select(Seat.id).where(Seat.council_id == council.id, Seat.role.in_(JUDGING))
    return frozenset(session().scalars(ask))


def _judges_of(council: Council, seats: frozenset[UUID]) -> list[UUID]:
    ask = (
        select(Judge.id)
        .join(Seat, Seat.account_id == Judge.account_id)
        .where(Judge.edition_id == council.edition_id, Judge.is_active.is_(True))
        .where(Seat.id.in_(seats), Seat.state == SeatState.ACCEPTED)
    )
    return list(session().scalars(ask))


def _is_open(council: Council) -> bool:
    ask = select(RoundEntry.id).where(
        RoundEntry.edition_id == council.edition_id, RoundEntry.round == council.round
    )
    return session().scalars(ask.limit(1)).first() is not None
