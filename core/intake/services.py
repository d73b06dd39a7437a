"""Writes of the receiving office: papers taken in, an arrival undone, scans, and a dossier begun for a citizen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView, PhaseKind
from core.entries.deadlines import also_in_time_by
from core.entries.errors import FileRefused
from core.entries.models import Entry, EntryAuthor
from core.entries.paperwork import expected_papers
from core.entries.services import start_draft
from core.entries.services.drafts import refold
from core.entries.services.moves import fresh
from core.entries.sniff import sniff
from core.intake.models import FiledFor, PaperArrival, PaperScan
from core.intake.policies import require_office
from core.intake.schemas import ArrivalForm, FiledForForm
from core.intake.values import Timeliness, timeliness
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.clock import end_of
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.files import digest_of, file_key, file_store
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.people.models import Account
from core.plugin_api import FieldKind, FormField, Text

_MOMENT = timedelta(microseconds=1)
CONSENT_VERSION = "2026-11"
CONSENT_TEXT = Text(
    "Tôi đồng ý để cán bộ của Ban Tổ chức nhập hồ sơ giấy của tôi vào hệ thống và xử lý thông tin trong hồ sơ đó để "
    "tôi tham gia cuộc thi.",
    "I agree that an officer of the Organising Committee keys my paper dossier into this system and processes what is "
    "in it so that I can take part.",
)
"""What the citizen agrees to; the version is kept with each consent (Law 91/2025/QH15, article 9)."""

SCAN_FIELD = FormField(
    "scan", Text("Bản quét", "Scan"), FieldKind.FILES, accept=(".pdf", ".jpg", ".jpeg", ".png")
)


def take_in(
    entry: Entry,
    edition: EditionView,
    form: ArrivalForm,
    *,
    version: int,
    form_token: str,
    actor: Actor,
    now: datetime,
) -> PaperArrival:
    """Record what arrived on paper; the same `form_token` records it once. Raises Forbidden, Invalid.

    `version` is the one that the papers name, 0 for none; one that was never handed in is refused.
    """
    require_office(actor)
    fresh(entry)
    if not 0 <= version <= entry.version:
        raise Invalid.one("version", _("Hồ sơ này không có lần nộp đó."))
    known = {one.key for one in expected_papers(edition)}
    values = {
        "entry_id": entry.id,
        "form_token": form_token,
        "version": version,
        "arrived_on": form.arrived_on,
        "postmarked_on": form.postmarked_on,
        "way": str(form.way),
        "items": [one for one in form.items if one in known],
        "remark": form.remark,
        "by_id": actor.id,
        "by_name": actor.name,
        "at": now,
        "undone_by": "",
        "undone_why": "",
    }
    is_new = insert_once(PaperArrival, ("form_token",), values)
    arrival = session().scalars(select(PaperArrival).where(PaperArrival.form_token == form_token)).one()
    if is_new:
        data = {"version": version, "items": list(arrival.items), "arrived_on": form.arrived_on.isoformat()}
        audit.append("entry.paper_received", entry.code or entry.ref, data, actor=actor, now=now)
    return arrival


def undo(arrival: PaperArrival, entry: Entry, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take an arrival back that was recorded by mistake; it stays visible with the reason. Twice changes nothing."""
    require_office(actor)
    if arrival.undone_at is not None:
        return
    reason = clean(reason)
    if not reason:
        raise Invalid.one("reason", _("Bạn hãy ghi lý do bỏ lần ghi nhận này."))
    arrival.undone_at, arrival.undone_by, arrival.undone_why = now, actor.name, reason[:2000]
    session().flush()
    data = {"arrival": str(arrival.id)}
    audit.append("entry.paper_undone", entry.code or entry.ref, data, actor=actor, now=now)


def add_scan(entry: Entry, filename: str, stream: IO[bytes], *, actor: Actor, now: datetime) -> PaperScan:
    """Keep a scan of what arrived; the same content is there once. Raises FileRefused before anything is stored."""
    require_office(actor)
    digest, size = digest_of(stream)
    try:
        sniffed = sniff(SCAN_FIELD, filename, stream, size)
    except FileRefused as refused:
        raise Invalid.one("scan", refused.message) from refused
    file_store().put(file_key(session().tenant_id, digest), stream)
    values = {
        "entry_id": entry.id,
        "sha256": digest,
        "name": sniffed.name,
        "media_type": sniffed.media_type,
        "size": size,
        "added_at": now,
        "by_name": actor.name,
    }
    if insert_once(PaperScan, ("entry_id", "sha256"), values):
        data = {"sha256": digest, "size": size}
        audit.append("entry.paper_scanned", entry.code or entry.ref, data, actor=actor, now=now)
    ask = select(PaperScan).where(PaperScan.entry_id == entry.id, PaperScan.sha256 == digest)
    return session().scalars(ask).one()


def begin_for(
    edition: EditionView,
    form: FiledForForm,
    *,
    officer: Account,
    form_token: str,
    actor: Actor,
    now: datetime,
) -> Entry:
    """A dossier that an officer keys in for a citizen, who is its chief author; the same token gives the same one.

    The officer holds it until it is handed in, and, as its holder, may not screen it. Papers that came, or were
    postmarked, in time can be keyed in and handed in after the deadline. Raises Forbidden, PhaseClosed.
    """
    require_office(actor)
    entry = start_draft(
        edition,
        owner=officer,
        form_token=form_token,
        counted_at=_counted_at(form, edition, now),
        actor=actor,
        now=now,
    )
    values = {
        "entry_id": entry.id,
        "person": form.person,
        "contact": form.contact,
        "consent": str(form.consent),
        "witness": form.witness,
        "consent_version": CONSENT_VERSION,
        "arrived_on": form.arrived_on,
        "postmarked_on": form.postmarked_on,
        "by_id": officer.id,
        "by_name": actor.name,
        "at": now,
    }
    if insert_once(FiledFor, ("entry_id",), values):
        chief = (
            session()
            .scalars(select(EntryAuthor).where(EntryAuthor.entry_id == entry.id, EntryAuthor.position == 1))
            .one()
        )
        chief.name = form.person
        session().flush()
        refold(entry)
        session().flush()
        data = {"consent": str(form.consent), "version": CONSENT_VERSION}
        audit.append("entry.filed_for", entry.ref, data, actor=actor, now=now)
    return entry


@also_in_time_by
def papers_came_in_time(entry: Entry, edition: EditionView) -> bool:
    """Whether the dossier was keyed in from papers that came, or were postmarked, before the deadline. One query."""
    held = session().scalars(select(FiledFor).where(FiledFor.entry_id == entry.id)).one_or_none()
    phase = edition.phase(PhaseKind.SUBMISSION)
    if held is None or phase is None:
        return False
    return timeliness(held.arrived_on, held.postmarked_on, phase.closes_at) is not Timeliness.LATE


def _counted_at(form: FiledForForm, edition: EditionView, now: datetime) -> datetime:
    """The instant at which the papers count as come: within their day, the postmark's where they came late by it."""
    phase = edition.phase(PhaseKind.SUBMISSION)
    if phase is None:
        return now
    when = timeliness(form.arrived_on, form.postmarked_on, phase.closes_at)
    if when is Timeliness.LATE:
        return now
    day = form.arrived_on
    if when is Timeliness.BY_POSTMARK and form.postmarked_on is not None:
        day = form.postmarked_on
    # Of the deadline's own day what lies before it counts: a day has no hour on paper.
    return min(now, end_of(day) - _MOMENT, phase.closes_at - _MOMENT)
