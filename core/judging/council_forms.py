"""What the committee types about a council: the decision and its settings, a group, ids of the page's own lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.contests.schemas import parse_closing, parse_day
from core.judging.council_models import Council
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, GroupFacts
from core.kernel.clock import local
from core.kernel.errors import Invalid
from core.kernel.text import clean, clean_line

NAME_CHARS, DECISION_CHARS, PLEDGE_CHARS = 200, 60, 8000


def read_role(text: str) -> SeatRole:
    """A part in the council. Raises Invalid at `role`."""
    if text not in {one.value for one in SeatRole}:
        raise Invalid.one("role", _("Bạn hãy chọn nhiệm vụ trong hội đồng."))
    return SeatRole(text)


def typed_of(council: Council | None) -> dict[str, str]:
    """The form of a council as it stands; of one to be made, with its defaults."""
    if council is None:
        return dict.fromkeys(
            ("name", "decision", "decided_on", "answer_by", "pledge", "reserves_step_in"), ""
        ) | {"pledge_required": "1"}
    return {
        "name": council.name,
        "decision": council.decision,
        "decided_on": council.decided_on.isoformat() if council.decided_on else "",
        "answer_by": _day(council.answer_by),
        "pledge": council.pledge,
        "reserves_step_in": "1" if council.reserves_step_in else "",
        "pledge_required": "1" if council.pledge_required else "",
    }


def read_facts(typed: Mapping[str, str]) -> CouncilFacts:
    """What was typed. Raises Invalid with everything that is wrong."""
    wrong: dict[str, list[str]] = {}
    name, decision = clean_line(typed["name"]), clean_line(typed["decision"])
    pledge = clean(typed["pledge"])
    limits = (
        ("name", name, NAME_CHARS),
        ("decision", decision, DECISION_CHARS),
        ("pledge", pledge, PLEDGE_CHARS),
    )
    for key, text, most in limits:
        if len(text) > most:
            wrong[key] = [_("Tối đa %(count)s ký tự.", count=most)]
    decided_on = answer_by = None
    try:
        decided_on = parse_day(typed["decided_on"], "decided_on") if clean_line(typed["decided_on"]) else None
    except Invalid as refused:
        wrong.update({key: list(told) for key, told in refused.errors.items()})
    try:
        answer_by = (
            parse_closing(typed["answer_by"], "", "answer_by") if clean_line(typed["answer_by"]) else None
        )
    except Invalid as refused:
        wrong.update({key: list(told) for key, told in refused.errors.items()})
    if wrong:
        raise Invalid(wrong)
    return CouncilFacts(
        name=name,
        decision=decision,
        decided_on=decided_on,
        answer_by=answer_by,
        pledge_required=bool(typed["pledge_required"]),
        pledge=pledge,
        reserves_step_in=bool(typed["reserves_step_in"]),
    )


def read_group(form: MultiDict[str, str]) -> GroupFacts:
    """A group's name, fields and seats as they were typed."""
    seats = (read_id(text) for text in form.getlist("seats"))
    return GroupFacts(
        form.get("name", ""), frozenset(form.getlist("fields")), frozenset(one for one in seats if one)
    )


def _day(until: datetime | None) -> str:
    """The last whole day before an exclusive end, as a date field has it."""
    if until is None:
        return ""
    return local(until - timedelta(seconds=1)).date().isoformat()


def read_id(text: str) -> UUID | None:
    """An id that a page sent; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
