"""A later end of handing in, for one dossier or for all: one officer proposes it, another confirms it.

Nothing changes before it is confirmed. Then it is announced: to all by news and letters, to one entrant by a letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.policies import require_phase_changeable
from core.contests.queries import editions
from core.contests.services import locked_edition, prolong_submission
from core.contests.values import EditionView, PhaseKind
from core.entries import letters
from core.entries.deadlines import handing_in_ends
from core.entries.errors import ExtensionRefused
from core.entries.events import SubmissionProlonged
from core.entries.models import Entry, Extension
from core.entries.services.moves import fresh
from core.entries.states import EDITABLE, State
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import ALL_TENANTS, session
from core.kernel.errors import Invalid, NotFound
from core.kernel.events import emit
from core.kernel.formats import datetime_, deadline
from core.kernel.i18n import locale
from core.kernel.jobs import enqueue, handler
from core.kernel.proposals import LASTS, Standing, decide, require_person, require_waiting
from core.kernel.text import clean
from core.tenancy.models import Tenant

LONGEST_REASON = 500
LETTERS, LETTER = "entries.extension_letters", "entries.extension_letter"


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom an extension reaches: how many dossiers wait to be handed in, by state; `ended` is the present end."""

    ended: datetime
    drafts: int
    returned: int
    revising: int


def touched_by(edition: EditionView, entry: Entry | None) -> Touched:
    """Whom an extension of `entry`, or of all dossiers, would reach now. One query."""
    ask = select(Entry.state, func.count()).where(Entry.edition_id == edition.id, Entry.state.in_(EDITABLE))
    if entry is not None:
        ask = ask.where(Entry.id == entry.id)
    found = {State(state): number for state, number in session().execute(ask.group_by(Entry.state))}
    return Touched(
        ended=_present_end(edition, entry),
        drafts=found.get(State.DRAFT, 0),
        returned=found.get(State.RETURNED, 0),
        revising=found.get(State.REVISING, 0),
    )


def check_extension(
    edition: EditionView, entry: Entry | None, until: datetime, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Return when this could be proposed; stores nothing.

    Raises Forbidden, RulesAreFrozen once judging began, Invalid at `until` (not later than the present end, or not in
    the future) or `reason`, ExtensionRefused for a dossier that is closed.
    """
    require_person(actor)
    require_phase_changeable(locked_edition(edition.id), PhaseKind.SUBMISSION)
    if entry is not None and State(entry.state) not in {*EDITABLE, State.SUBMITTED}:
        raise ExtensionRefused(_("Hồ sơ này đã có quyết định hoặc đã rút nên không gia hạn được."))
    errors: dict[str, list[str]] = {}
    ended = _present_end(edition, entry)
    if until <= max(ended, now):
        errors["until"] = [
            _("Hạn mới phải sau hạn hiện nay (%(when)s) và sau lúc này.", when=deadline(ended, locale()))
        ]
    if not clean(reason):
        errors["reason"] = [_("Bạn hãy nêu lý do; lý do được công khai khi gia hạn.")]
    elif len(clean(reason)) > LONGEST_REASON:
        errors["reason"] = [_("Lý do dài quá %(longest)s ký tự.", longest=LONGEST_REASON)]
    if errors:
        raise Invalid(errors)


def propose_extension(
    edition: EditionView,
    entry: Entry | None,
    *,
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Extension:
    """Propose that `entry`, or every dossier (None), may be handed in until `until` (UTC, exclusive).

    The proposer's own waiting proposal of the same is given back. Raises what `check_extension` raises, and
    ExtensionRefused when another one waits for the same dossier, or for all.
    """
    person = require_person(actor)
    check_extension(edition, entry, until, reason, actor=actor, now=now)
    waiting = _waiting(edition, entry, now)
    if waiting is not None:
        if waiting.asked_by == person and waiting.until == until:
            return waiting
        raise ExtensionRefused(
            _(
                "%(name)s đã đề nghị gia hạn lúc %(when)s và đang chờ xác nhận: cần xử lý đề nghị đó trước.",
                name=waiting.asked_name,
                when=datetime_(waiting.asked_at, locale()),
            )
        )
    made = Extension(
        edition_id=edition.id,
        entry_id=None if entry is None else entry.id,
        ended=_present_end(edition, entry),
        until=until,
        reason=clean(reason),
        asked_by=person,
        asked_name=actor.name,
        asked_at=now,
    )
    session().add(made)
    session().flush()
    audit.append("extension.proposed", _subject(edition, entry), _data(made), actor=actor, now=now)
    return made


def confirm_extension(edition: EditionView, extension_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """Let the proposed end hold, as a second officer; returns whether this call did it.

    Raises Forbidden, NotFound, ExtensionRefused (the proposer confirms, it is over, or the end is no longer a later
    one), RulesAreFrozen.
    """
    person = require_person(actor)
    extension, entry = _locked(edition, extension_id)
    row = locked_edition(edition.id)
    if extension.state == Standing.CONFIRMED and extension.decided_by == person:
        return False
    require_waiting(extension, now, ExtensionRefused)
    if extension.asked_by == person:
        raise ExtensionRefused(_("Bạn là người đề nghị: cần một cán bộ khác của Ban Tổ chức xác nhận."))
    require_phase_changeable(row, PhaseKind.SUBMISSION)
    ended, until = _present_end(edition, entry), extension.until
    if until <= max(ended, now):
        raise ExtensionRefused(
            _("Hạn mới trong đề nghị không còn sau hạn hiện nay và lúc này: hãy đề nghị lại.")
        )
    decide(extension, Standing.CONFIRMED, actor=actor, now=now)
    if entry is None:
        prolong_submission(edition.id, until=until, reason=extension.reason, actor=actor, now=now)
    else:
        entry.extended_until = until
        session().flush()
    audit.append("extension.confirmed", _subject(edition, entry), _data(extension), actor=actor, now=now)
    if entry is None:
        emit(SubmissionProlonged(edition, ended, until, extension.reason, actor, now))
        enqueue(LETTERS, {"extension": str(extension.id)}, dedupe=extension.id.hex)
        return True
    data = {"until": until.isoformat()}
    audit.append("entry.extended", entry.code or entry.ref, data, actor=actor, now=now)
    letters.send_extended(entry, edition, until, extension.reason, for_all=False, now=now)
    return True


def decline_extension(
    edition: EditionView, extension_id: UUID, note: str, *, actor: Actor, now: datetime
) -> bool:
    """Turn the proposal down, as another officer; returns whether this call did it. Raises as `confirm_extension`."""
    person = require_person(actor)
    extension, entry = _locked(edition, extension_id)
    if extension.state == Standing.DECLINED and extension.decided_by == person:
        return False
    require_waiting(extension, now, ExtensionRefused)
    if extension.asked_by == person:
        raise ExtensionRefused(_("Bạn là người đề nghị: bạn rút được đề nghị, không tự từ chối."))
    extension.note = clean(note)[:LONGEST_REASON]
    decide(extension, Standing.DECLINED, actor=actor, now=now)
    subject = _subject(edition, entry)
    audit.append("extension.declined", subject, _data(extension), actor=actor, now=now)
    return True


def withdraw_extension(edition: EditionView, extension_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """Take one's own waiting proposal back; returns whether this call did it. Raises as `confirm_extension`."""
    person = require_person(actor)
    extension, entry = _locked(edition, extension_id)
    if extension.asked_by != person:
        raise ExtensionRefused(_("Chỉ người đã đề nghị rút được đề nghị này."))
    if extension.state == Standing.WITHDRAWN:
        return False
    require_waiting(extension, now, ExtensionRefused)
    decide(extension, Standing.WITHDRAWN, actor=actor, now=now)
    subject = _subject(edition, entry)
    audit.append("extension.withdrawn", subject, _data(extension), actor=actor, now=now)
    return True


@handler(LETTERS)
def _write_letters(payload: Mapping[str, Any]) -> None:
    """A job for each dossier that can still be handed in, so that each letter is written exactly once."""
    extension = session().get_one(Extension, (session().tenant_id, UUID(payload["extension"])))
    ask = select(Entry.id).where(Entry.edition_id == extension.edition_id, Entry.state.in_(EDITABLE))
    for entry_id in session().scalars(ask.order_by(Entry.id)).all():
        told = {"extension": str(extension.id), "entry": str(entry_id)}
        enqueue(LETTER, told, dedupe=f"{extension.id.hex}:{entry_id.hex}")


@handler(LETTER)
def _write_letter(payload: Mapping[str, Any]) -> None:
    tenant_id = session().tenant_id
    extension = session().get_one(Extension, (tenant_id, UUID(payload["extension"])))
    entry = session().get_one(Entry, (tenant_id, UUID(payload["entry"])))
    ask = select(Tenant.slug).where(Tenant.id == tenant_id)
    slug = session().scalars(ask, execution_options=ALL_TENANTS).one()
    edition = next(one for one in editions(slug) if one.id == extension.edition_id)
    if State(entry.state) in EDITABLE:
        letters.send_extended(
            entry, edition, extension.until, extension.reason, for_all=True, now=edition.now()
        )


def _present_end(edition: EditionView, entry: Entry | None) -> datetime:
    """Until when the dossier, or all of them, can be handed in now; raises ExtensionRefused where nothing is."""
    phase = edition.phase(PhaseKind.SUBMISSION)
    if phase is None:
        raise ExtensionRefused(_("Kỳ thi này không nhận hồ sơ trực tuyến nên không có gì để gia hạn."))
    return phase.closes_at if entry is None else handing_in_ends(entry, edition) or phase.closes_at


def _waiting(edition: EditionView, entry: Entry | None, now: datetime) -> Extension | None:
    of_entry = Extension.entry_id.is_(None) if entry is None else Extension.entry_id == entry.id
    ask = select(Extension).where(
        Extension.edition_id == edition.id,
        of_entry,
        Extension.state == Standing.PROPOSED,
        Extension.asked_at > now - LASTS,
    )
    return session().scalars(ask.order_by(Extension.asked_at.desc()).limit(1)).one_or_none()


def _locked(edition: EditionView, extension_id: UUID) -> tuple[Extension, Entry | None]:
    """The proposal and its dossier, both locked; the dossier first, as whoever hands it in does. Raises NotFound."""
    ask = select(Extension).where(Extension.edition_id == edition.id, Extension.id == extension_id)
    extension = session().scalars(ask).one_or_none()
    if extension is None:
        raise NotFound
    entry = _entry_of(extension)
    if entry is not None:
        fresh(entry)
    session().refresh(extension, with_for_update=True)
    return extension, entry


def _entry_of(extension: Extension) -> Entry | None:
    if extension.entry_id is None:
        return None
    return session().get_one(Entry, (session().tenant_id, extension.entry_id))


def _subject(edition: EditionView, entry: Entry | None) -> str:
    return edition.key if entry is None else entry.code or entry.ref


def _data(extension: Extension) -> dict[str, Any]:
    """What the log keeps: no reason for one dossier, which may tell of a person; for all it is public anyhow."""
    data: dict[str, Any] = {"ended": extension.ended.isoformat(), "until": extension.until.isoformat()}
    return data if extension.entry_id is not None else data | {"reason": extension.reason}
