"""Writes about conflicts: declared by the person, confirmed or dismissed by the committee."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.models import Edition
from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.assigning import Ending, end, of_sheet
from core.judging.conflict_facts import entry_facts, people_facts, shared_domains
from core.judging.conflict_letters import tell_declared
from core.judging.conflict_models import Conflict
from core.judging.conflict_policies import access_conflicts, require_person
from core.judging.conflict_values import CERTAIN, ConflictState, How, Kind, suspicions
from core.judging.events import AssignmentsFreed
from core.judging.models import Assignment, Judge, Sheet
from core.judging.services.returning import give_back
from core.judging.states import SheetState
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.db import session
from core.kernel.errors import DomainError, Invalid
from core.kernel.events import emit
from core.kernel.text import clean
from core.letters.post import bound_tenant

WORDS_CHARS = 1000
REASON_CHARS = 2000


class ConflictMoved(DomainError):
    """A conflict changed since the page was read."""

    kind = "conflict-moved"


def declare(
    entries: Sequence[Entry], kinds: Collection[str], words: str, *, actor: Actor, now: datetime
) -> int:
    """The actor says that he has to do with these dossiers: they are closed to him at once. Gives how many are new.

    The caller got the entries by an `access_*`. Declaring again changes nothing. Raises Invalid at `entries`, `kinds`,
    `words`; Forbidden for who is nobody.
    """
    person = require_person(actor)
    if not entries:
        raise Invalid.one("entries", _("Bạn chưa chọn hồ sơ nào."))
    chosen = [one for one in Kind if one.value in kinds]
    words = clean(words)
    if not chosen:
        raise Invalid.one("kinds", _("Bạn hãy chọn mối liên quan."))
    if Kind.OTHER in chosen and not words:
        raise Invalid.one("words", _("Bạn hãy ghi rõ mối liên quan khác đó."))
    if len(words) > WORDS_CHARS:
        raise Invalid.one("words", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=WORDS_CHARS))
    new = [entry for entry in entries if _declare(entry, person, chosen, words, actor=actor, now=now)]
    for edition_id in sorted({entry.edition_id for entry in new}):
        own = [entry.id for entry in new if entry.edition_id == edition_id]
        tell_declared(edition_with(edition_id), own, person, now=now)
    return len(new)


def decide(seen: dict[UUID, int], verdict: ConflictState, reason: str, *, actor: Actor, now: datetime) -> int:
    """Confirm or dismiss conflicts, for one reason; `seen` names each with the revision that was read.

    Confirmed, the dossier is closed to the person and locked sheets count no more; dismissed, all is as it was, save a
    place that was given to another meanwhile (`returning`), and the evidence that was read does not open it again.
    What is certain is not dismissed while the data say it. Nobody decides on himself, nor on a dossier that is closed
    to him: those do not exist for him. Gives how many changed. Raises NotFound, Forbidden, Invalid at `pick` or
    `reason`, ConflictMoved.
    """
    reason = clean(reason)
    if not seen:
        raise Invalid.one("pick", _("Bạn chưa chọn xung đột nào."))
    if not reason:
        raise Invalid.one("reason", _("Bạn hãy ghi lý do; lý do được giữ cùng quyết định."))
    if len(reason) > REASON_CHARS:
        raise Invalid.one("reason", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=REASON_CHARS))
    changed = 0
    for one in access_conflicts(actor, seen):
        if one.state == verdict:
            continue
        if one.revision != seen[one.id]:
            raise ConflictMoved(_("Có xung đột vừa thay đổi. Bạn hãy xem lại rồi quyết định."))
        if verdict is ConflictState.DISMISSED:
            _require_doubt(one)
            one.covered = [*one.covered, *(each for each in one.evidence if each not in one.covered)]
        one.state, one.reason = verdict.value, reason
        one.decided_by, one.decided_name, one.decided_at = actor.id, actor.name, now
        one.revision += 1
        session().flush()
        carry_out(one, actor, now)
        changed += 1
    return changed


def _require_doubt(one: Conflict) -> None:
    """Raise Invalid where the data say for certain that the person has to do with the dossier."""
    if not any(each["code"] in CERTAIN for each in one.evidence):
        return
    people, shared = people_facts(one.edition_id, one.account_id), shared_domains()
    found = [
        tie
        for person in people
        for entry in entry_facts(one.edition_id, one.entry_id)
        for tie in suspicions(person, entry, shared)
    ]
    if any(tie.is_certain for tie in found):
        raise Invalid.one(
            "pick",
            _(
                "Có dòng không bác được: hồ sơ còn ghi rõ người đó là người nộp, tác giả, người được trao quyền hoặc "
                "người quản lý của tổ chức đứng tên. Hồ sơ ghi sai thì cần sửa hồ sơ trước."
            ),
        )
    one.evidence = [tie.as_json() for tie in found]


def _declare(
    entry: Entry, person: UUID, kinds: Sequence[Kind], words: str, *, actor: Actor, now: datetime
) -> bool:
    hold_edition(entry.edition_id)
    ask = select(Conflict).where(Conflict.account_id == person, Conflict.entry_id == entry.id)
    held = session().scalars(ask.execution_options(populate_existing=True)).one_or_none()
    if held is not None and (
        held.state == ConflictState.CONFIRMED
        or (held.how == How.DECLARED and held.state == ConflictState.OPEN)
    ):
        return False
    if held is None:
        held = Conflict(
            edition_id=entry.edition_id,
            account_id=person,
            entry_id=entry.id,
            evidence=[],
            covered=[],
            revision=0,
            uncounted=0,
        )
        session().add(held)
    held.how, held.state, held.at = How.DECLARED.value, ConflictState.OPEN.value, now
    held.declared = [one.value for one in Kind if one in kinds or one.value in (held.declared or ())]
    if words not in (held.words or "").split("\n"):
        held.words = "\n".join(one for one in (held.words, words) if one)
    held.revision += 1
    session().flush()
    carry_out(held, actor, now, action="declared")
    return True


def carry_out(one: Conflict, actor: Actor, now: datetime, *, action: str = "") -> None:
    """After a change of `state`: end or resume the person's assignments for the dossier, and log the deed."""
    ask = select(Judge.id, Judge.number).where(
        Judge.edition_id == one.edition_id, Judge.account_id == one.account_id
    )
    judge = session().execute(ask).one_or_none()
    freed = 0
    if one.state == ConflictState.DISMISSED:
        one.uncounted = 0
        session().flush()
        if judge is not None:
            once = f"{one.id.hex}-{one.revision}"
            give_back(edition_with(one.edition_id), judge.id, one.entry_id, once=once, now=now)
    elif judge is not None:
        one.uncounted = _locked_sheets(judge.id, one.entry_id)
        session().flush()
        freed = end(Ending.CONFLICT, judge_id=judge.id, entry_id=one.entry_id, now=now)
    write_line(one, action or one.state, actor, now, judge=None if judge is None else judge.number)
    if freed and judge is not None:
        emit(AssignmentsFreed(edition_with(one.edition_id), judge.id, None, SYSTEM, now))


def write_line(one: Conflict, action: str, actor: Actor, now: datetime, *, judge: str | None = None) -> None:
    """The deed as a line of the log, without a name."""
    entry = session().execute(select(Entry.code, Entry.ref).where(Entry.id == one.entry_id)).one()
    data = {
        "how": one.how,
        "why": [*one.declared, *(each["code"] for each in one.evidence)],
        "judge": judge,
        "uncounted": one.uncounted,
    }
    audit.append(f"conflict.{action}", entry.code or entry.ref, data, actor=actor, now=now)


def edition_with(edition_id: UUID) -> EditionView:
    """The edition of the bound tenant with this id."""
    return next(one for one in editions(bound_tenant().slug) if one.id == edition_id)


def _locked_sheets(judge_id: UUID, entry_id: UUID) -> int:
    ask = (
        select(func.count())
        .select_from(Sheet)
        .join(Assignment, of_sheet())
        .where(Sheet.judge_id == judge_id, Sheet.entry_id == entry_id, Sheet.state == SheetState.LOCKED)
    )
    return session().scalars(ask).one()


def hold_edition(edition_id: UUID) -> None:
    """Hold the edition, so that nobody assigns or declares at the same time."""
    ask = select(Edition.id).where(Edition.id == edition_id).with_for_update(key_share=True)
    session().execute(ask)
