"""One deed for many dossiers: each checked by itself, in a transaction of its own, its outcome kept with it.

The one place of this room that commits: what was done for one dossier stands whatever becomes of the next. A run has a
token; sending it twice, or again after a stop, does what is left and nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.policies import access_entry_office
from core.entries.screening.claims import claim
from core.entries.screening.models import BulkRun
from core.entries.services import accept, publish, return_, unpublish
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.kernel.uow import unit_of_work

ACCEPT, RETURN, CLAIM, PUBLISH, UNPUBLISH = "accept", "return", "claim", "publish", "unpublish"
ACTIONS = (ACCEPT, RETURN, CLAIM, PUBLISH, UNPUBLISH)
MAX_BULK = 500
MAX_REASON = 5000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one dossier of a run: done, or why not; `is_done` None while it is not looked at yet."""

    name: str
    is_done: bool | None
    said: str


def start_run(
    edition: EditionView,
    names: Sequence[str],
    action: str,
    *,
    token: str,
    reason: str = "",
    due_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> BulkRun:
    """Keep what is to be done; the same token gives the run that is kept already. Nothing is done yet.

    Raises Invalid at `do`, `pick` or `reason`; NotFound for another officer's token.
    """
    words = clean(reason)
    if action not in ACTIONS:
        raise Invalid.one("do", _("Bạn hãy chọn việc cần làm."))
    if not names:
        raise Invalid.one("pick", _("Bạn chưa chọn hồ sơ nào."))
    if len(names) > MAX_BULK:
        raise Invalid.one("pick", _("Mỗi lần làm tối đa 500 hồ sơ. Bạn hãy lọc bớt."))
    if action == RETURN and not words:
        raise Invalid.one("reason", _("Bạn hãy ghi lý do để người nộp hiểu và biết cần làm gì."))
    if len(words) > MAX_REASON:
        raise Invalid.one("reason", _("Lý do dài quá 5.000 ký tự."))
    wanted = list(dict.fromkeys(names))
    values: dict[str, Any] = {
        "edition_id": edition.id,
        "officer_id": actor.id,
        "token": token[:64],
        "action": action,
        "names": wanted,
        "reason": words,
        "due_at": due_at,
        "outcomes": {},
        "at": now,
    }
    if insert_once(BulkRun, ("token",), values):
        data = {"action": action, "count": len(wanted)}
        audit.append("screening.bulk_started", edition.key, data, actor=actor, now=now)
    return access_run(actor, token)


def access_run(actor: Actor, token: str) -> BulkRun:
    """The actor's own run with this token; raises NotFound."""
    ask = select(BulkRun).where(BulkRun.token == token[:64], BulkRun.officer_id == actor.id)
    run = session().scalars(ask.execution_options(populate_existing=True)).one_or_none()
    if run is None:
        raise NotFound(_("Không tìm thấy lượt xử lý này."))
    return run


def outcomes_of(run: BulkRun) -> list[Outcome]:
    """What became of each dossier of the run, in its order."""
    return [
        Outcome(name, known["ok"] if known else None, known["said"] if known else "")
        for name in run.names
        for known in (run.outcomes.get(name),)
    ]


def go_on(token: str, edition: EditionView, *, actor: Actor, now: datetime) -> None:
    """Do what is left of the actor's run, dossier by dossier, each stored with its outcome before the next."""
    with unit_of_work():
        left = [one.name for one in outcomes_of(access_run(actor, token)) if one.is_done is None]
    for name in left:
        try:
            with unit_of_work():
                run = _locked(token)
                if name not in run.outcomes:
                    _do(run, name, edition, actor=actor, now=now)
                    _note(run, name, ok=True, said="")
        except DomainError as refusal:
            said = " ".join(_sentences(refusal))
            with unit_of_work():
                run = _locked(token)
                if name not in run.outcomes:
                    _note(run, name, ok=False, said=said)


def _do(run: BulkRun, name: str, edition: EditionView, *, actor: Actor, now: datetime) -> None:
    entry = access_entry_office(actor, name)
    if entry.edition_id != edition.id:
        raise NotFound(_("Hồ sơ này thuộc kỳ khác."))
    deeds: dict[str, Callable[[Entry], object]] = {
        ACCEPT: lambda one: accept(one, edition, reason=run.reason, actor=actor, now=now),
        RETURN: lambda one: return_(one, edition, reason=run.reason, due_at=run.due_at, actor=actor, now=now),
        CLAIM: lambda one: claim(one, actor=actor, now=now),
        PUBLISH: lambda one: publish([one], actor=actor, now=now),
        UNPUBLISH: lambda one: unpublish([one], actor=actor, now=now),
    }
    deeds[run.action](entry)


def _locked(token: str) -> BulkRun:
    ask = select(BulkRun).where(BulkRun.token == token[:64]).with_for_update()
    return session().scalars(ask.execution_options(populate_existing=True)).one()


def _note(run: BulkRun, name: str, *, ok: bool, said: str) -> None:
    run.outcomes = {**run.outcomes, name: {"ok": ok, "said": said}}
    session().flush()


def _sentences(refusal: DomainError) -> list[str]:
    if isinstance(refusal, Invalid):
        return [sentence for sentences in refusal.errors.values() for sentence in sentences]
    return [refusal.told]


def entries_named(names: Sequence[str]) -> dict[str, tuple[UUID, str]]:
    """Id and title of the dossiers with these codes. One query."""
    ask = select(Entry.code, Entry.id, Entry.title).where(Entry.code.in_(list(names)))
    return {code: (entry_id, title) for code, entry_id, title in session().execute(ask) if code is not None}
