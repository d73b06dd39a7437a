"""Looking for conflicts in the data: what ties people to dossiers is kept with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.contests.models import Edition
from core.judging.conflict_facts import entry_facts, people_facts, shared_domains
from core.judging.conflict_letters import tell_reopened
from core.judging.conflict_models import Conflict
from core.judging.conflict_values import ConflictState, Found, How, suspicions
from core.judging.services.conflicts import carry_out, edition_with, hold_edition, write_line
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session

Pair = tuple[UUID, UUID]


def suspect(
    edition_id: UUID, *, now: datetime, entry_id: UUID | None = None, account_id: UUID | None = None
) -> Counter[str]:
    """Compare people and dossiers of an edition (or one of them) and keep what ties them, with its evidence.

    What is certain is confirmed at once, whatever was decided before; all else waits for the committee and closes
    nothing. What was dismissed opens again only with evidence that the dismissal was not about, and the committee is
    told; an open suspicion that the data no longer bear out is dismissed. What was declared is left as it is. Doing it
    twice changes nothing. Gives how many were opened, confirmed, dismissed.
    """
    hold_edition(edition_id)
    entries = entry_facts(edition_id, entry_id)
    people, shared = people_facts(edition_id, account_id), shared_domains()
    stored = _stored(edition_id, entry_id, account_id)
    done: Counter[str] = Counter()
    again: list[Pair] = []
    seen: set[Pair] = set()
    for person in people:
        for entry in entries:
            found = suspicions(person, entry, shared)
            pair = (person.account_id, entry.entry_id)
            if not found:
                continue
            seen.add(pair)
            held = stored.get(pair)
            was_dismissed = held is not None and _is_dismissed_by_somebody(held)
            became = _keep(edition_id, pair, found, held, now)
            done[became] += 1
            if was_dismissed and became:
                again.append(pair)
    for pair, one in stored.items():
        if pair not in seen:
            done[_without_evidence(one, now)] += 1
    del done[""]
    session().flush()
    if done:
        key = session().scalars(select(Edition.key).where(Edition.id == edition_id)).one()
        audit.append("conflict.searched", key, dict(sorted(done.items())), actor=SYSTEM, now=now)
    if again:
        tell_reopened(edition_with(edition_id), again, now=now)
    return done


def _stored(edition_id: UUID, entry_id: UUID | None, account_id: UUID | None) -> dict[Pair, Conflict]:
    ask = select(Conflict).where(Conflict.edition_id == edition_id)
    if entry_id is not None:
        ask = ask.where(Conflict.entry_id == entry_id)
    if account_id is not None:
        ask = ask.where(Conflict.account_id == account_id)
    found = session().scalars(ask.execution_options(populate_existing=True))
    return {(one.account_id, one.entry_id): one for one in found}


def _keep(edition_id: UUID, pair: Pair, found: Sequence[Found], held: Conflict | None, now: datetime) -> str:
    """Store what was found of one person and one dossier; gives what became of it, "" when nothing is new."""
    evidence = [one.as_json() for one in found]
    if held is None:
        held = Conflict(
            edition_id=edition_id,
            account_id=pair[0],
            entry_id=pair[1],
            how=How.SUSPECTED.value,
            declared=[],
            covered=[],
            revision=0,
            uncounted=0,
        )
        session().add(held)
        return _confirm(held, evidence, now) if _is_certain(found) else _open(held, evidence, now)
    if held.state != ConflictState.CONFIRMED and _is_certain(found):
        return _confirm(held, evidence, now)
    is_new = any(one not in held.covered for one in evidence)
    if held.state == ConflictState.DISMISSED:
        return _open(held, evidence, now) if is_new else ""
    if held.state == ConflictState.OPEN and held.how == How.SUSPECTED and not is_new:
        return _dismiss(held, now)
    if held.evidence != evidence:
        held.evidence = evidence
        held.revision += 1
    return ""


def _is_certain(found: Sequence[Found]) -> bool:
    return any(one.is_certain for one in found)


def _is_dismissed_by_somebody(one: Conflict) -> bool:
    return one.state == ConflictState.DISMISSED and one.decided_by is not None


def _without_evidence(one: Conflict, now: datetime) -> str:
    """The data say nothing, or nothing any more: a suspicion falls, what was declared or decided stays."""
    if one.state != ConflictState.OPEN:
        return ""
    if one.how == How.SUSPECTED:
        return _dismiss(one, now)
    if one.evidence:
        one.evidence = []
        one.revision += 1
    return ""


def _open(one: Conflict, evidence: list[dict[str, str]], now: datetime) -> str:
    """It waits for the committee; a decision before stays readable, and what was declared was dismissed with it."""
    is_again = one.state == ConflictState.DISMISSED and one.decided_by is not None
    one.how, one.state = How.SUSPECTED.value, ConflictState.OPEN.value
    one.evidence, one.at = evidence, now
    if one.decided_by is None:
        one.reason, one.decided_name, one.decided_at = "", "", None
    one.revision += 1
    session().flush()
    if is_again:
        write_line(one, "reopened", SYSTEM, now)
    return "opened"


def _confirm(one: Conflict, evidence: list[dict[str, str]], now: datetime) -> str:
    one.state = ConflictState.CONFIRMED.value
    one.evidence, one.at = evidence, now
    one.reason, one.decided_by, one.decided_name, one.decided_at = "", None, SYSTEM.name, now
    one.revision += 1
    session().flush()
    carry_out(one, SYSTEM, now)
    return "confirmed"


def _dismiss(one: Conflict, now: datetime) -> str:
    """The data changed. Where somebody had dismissed it before, that decision holds again."""
    one.state = ConflictState.DISMISSED.value
    if one.decided_by is None:
        one.decided_name, one.decided_at = SYSTEM.name, now
        one.reason = "Dữ liệu đã thay đổi, không còn dấu hiệu liên quan."
    one.revision += 1
    return "dismissed"
