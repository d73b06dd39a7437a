"""Writes about conflicts: declared by the person, found in the data, confirmed or dismissed by the committee."""

from __future__ import annotations

from collections import Counter
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
from core.judging.conflict_facts import entry_facts, people_facts
from core.judging.conflict_letters import tell_declared
from core.judging.conflict_models import Conflict
from core.judging.conflict_policies import access_conflicts, require_person
from core.judging.conflict_values import CERTAIN, ConflictState, Evidence, Found, How, Kind, suspicions
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
        tell_declared(_edition(edition_id), own, person, now=now)
    return len(new)


def suspect(
    edition_id: UUID, *, now: datetime, entry_id: UUID | None = None, account_id: UUID | None = None
) -> Counter[str]:
    """Compare people and dossiers of an edition (or one of them) and keep what ties them, with its evidence.

    Being owner or author is confirmed at once; all else waits for the committee and closes nothing. What was dismissed
    comes back only with new evidence; an open suspicion that the data no longer bear out is dismissed. Doing it twice
    changes nothing. Gives how many were opened, confirmed, dismissed.
    """
    _hold(edition_id)
    entries = entry_facts(edition_id, entry_id)
    people = people_facts(edition_id, account_id)
    ask = select(Conflict).where(Conflict.edition_id == edition_id)
    if entry_id is not None:
        ask = ask.where(Conflict.entry_id == entry_id)
    if account_id is not None:
        ask = ask.where(Conflict.account_id == account_id)
    stored = {(one.account_id, one.entry_id): one for one in session().scalars(ask)}
    seen: set[tuple[UUID, UUID]] = set()
    done: Counter[str] = Counter()
    for person in people:
        for entry in entries:
            found = suspicions(person, entry)
            pair = (person.account_id, entry.entry_id)
            if found:
                seen.add(pair)
                done[_keep(edition_id, pair, found, stored.get(pair), now)] += 1
    for pair, one in stored.items():
        if pair not in seen and one.how == How.SUSPECTED and one.state == ConflictState.OPEN:
            one.state, one.decided_name, one.decided_at = ConflictState.DISMISSED.value, SYSTEM.name, now
            one.reason = "Dữ liệu đã thay đổi, không còn dấu hiệu liên quan."
            one.revision += 1
            done["dismissed"] += 1
    del done[""]
    session().flush()
    if done:
        key = session().scalars(select(Edition.key).where(Edition.id == edition_id)).one()
        audit.append("conflict.searched", key, dict(sorted(done.items())), actor=SYSTEM, now=now)
    return done


def decide(seen: dict[UUID, int], verdict: ConflictState, reason: str, *, actor: Actor, now: datetime) -> int:
    """Confirm or dismiss conflicts, for one reason; `seen` names each with the revision that was read.

    Confirmed, the dossier is closed to the person and locked sheets count no more; dismissed, all is as it
    was, save a place that was given to another meanwhile (`returning`).
    Nobody decides on himself, nor on a dossier that is closed to him: those do not exist for him. Gives how many
    changed. Raises NotFound, Forbidden, Invalid at `pick` or `reason`, ConflictMoved.
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
        one.state, one.reason = verdict.value, reason
        one.decided_by, one.decided_name, one.decided_at = actor.id, actor.name, now
        one.revision += 1
        session().flush()
        _carry_out(one, actor, now)
        changed += 1
    return changed


def _declare(
    entry: Entry, person: UUID, kinds: Sequence[Kind], words: str, *, actor: Actor, now: datetime
) -> bool:
    _hold(entry.edition_id)
    ask = select(Conflict).where(Conflict.account_id == person, Conflict.entry_id == entry.id)
    held = session().scalars(ask.execution_options(populate_existing=True)).one_or_none()
    if held is not None and (
        held.state == ConflictState.CONFIRMED
        or (held.how == How.DECLARED and held.state == ConflictState.OPEN)
    ):
        return False
    if held is None:
        held = Conflict(
            edition_id=entry.edition_id, account_id=person, entry_id=entry.id, revision=0, uncounted=0
        )
        session().add(held)
    held.how, held.state, held.at = How.DECLARED.value, ConflictState.OPEN.value, now
    held.evidence = [{"code": one.value, "what": ""} for one in kinds]
    held.words, held.reason, held.decided_name = words, "", ""
    held.decided_by = held.decided_at = None
    held.revision += 1
    session().flush()
    _carry_out(held, actor, now, action="declared")
    return True


def _keep(
    edition_id: UUID,
    pair: tuple[UUID, UUID],
    found: Sequence[Found],
    held: Conflict | None,
    now: datetime,
) -> str:
    """Store what was found of one person and one dossier; gives what became of it, "" when nothing is new."""
    codes = {one.evidence for one in found}
    certain = bool(codes & CERTAIN)
    evidence = [one.as_json() for one in found]
    if held is not None:
        known = {one["code"] for one in held.evidence}
        new = {one.value for one in codes} - known
        by_person = held.decided_by is not None
        is_back = held.state == ConflictState.DISMISSED and (new or not by_person)
        is_surer = certain and held.state == ConflictState.OPEN
        if held.how == How.DECLARED or held.state == ConflictState.CONFIRMED:
            return ""
        if not (is_back or is_surer):
            if held.state == ConflictState.OPEN and held.evidence != evidence:
                held.evidence = evidence
                held.revision += 1
            return ""
    else:
        held = Conflict(edition_id=edition_id, account_id=pair[0], entry_id=pair[1], revision=0, uncounted=0)
        session().add(held)
    held.how, held.evidence, held.at = How.SUSPECTED.value, evidence, now
    held.state = (ConflictState.CONFIRMED if certain else ConflictState.OPEN).value
    held.reason = ""
    held.decided_by, held.decided_name = None, SYSTEM.name if certain else ""
    held.decided_at = now if certain else None
    held.revision += 1
    session().flush()
    if not certain:
        return "opened"
    _carry_out(held, SYSTEM, now)
    return "confirmed"


def _carry_out(one: Conflict, actor: Actor, now: datetime, *, action: str = "") -> None:
    """End or resume the person's assignments for the dossier, and write the deed into the log without a name."""
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
            give_back(_edition(one.edition_id), judge.id, one.entry_id, once=once, now=now)
    elif judge is not None:
        one.uncounted = _locked_sheets(judge.id, one.entry_id)
        session().flush()
        freed = end(Ending.CONFLICT, judge_id=judge.id, entry_id=one.entry_id, now=now)
    entry = session().execute(select(Entry.code, Entry.ref).where(Entry.id == one.entry_id)).one()
    data = {
        "how": one.how,
        "why": [each["code"] for each in one.evidence],
        "judge": None if judge is None else judge.number,
        "uncounted": one.uncounted,
    }
    audit.append(f"conflict.{action or one.state}", entry.code or entry.ref, data, actor=actor, now=now)
    if freed and judge is not None:
        emit(AssignmentsFreed(_edition(one.edition_id), judge.id, None, SYSTEM, now))


def _edition(edition_id: UUID) -> EditionView:
    return next(one for one in editions(bound_tenant().slug) if one.id == edition_id)


def _locked_sheets(judge_id: UUID, entry_id: UUID) -> int:
    ask = (
        select(func.count())
        .select_from(Sheet)
        .join(Assignment, of_sheet())
        .where(Sheet.judge_id == judge_id, Sheet.entry_id == entry_id, Sheet.state == SheetState.LOCKED)
    )
    return session().scalars(ask).one()


def _hold(edition_id: UUID) -> None:
    """Hold the edition, so that nobody assigns or declares at the same time."""
    ask = select(Edition.id).where(Edition.id == edition_id).with_for_update(key_share=True)
    session().execute(ask)


__all__ = ["ConflictMoved", "Evidence", "decide", "declare", "suspect"]
