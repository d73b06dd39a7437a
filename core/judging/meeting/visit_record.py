"""What came of a site visit: written, with pictures, by those who went. Who signs it is `visit_signing`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.errors import FileRefused
from core.entries.sniff import sniff
from core.judging.council_room import Attendee, require_leader
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.visit_models import SiteVisit, VisitFile
from core.judging.meeting.visits import (
    CANCELLED,
    FIXED,
    HELD,
    access_visit,
    code_of,
    files_of,
    members_of,
)
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.files import digest_of, file_key, file_store
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.plugin_api import FieldKind, FormField, Text

FOUND_CHARS, MOST_FILES = 20_000, 30
FILE_FIELD = FormField(
    "files",
    Text("Ảnh và giấy tờ", "Pictures and papers"),
    FieldKind.FILES,
    accept=(".jpg", ".jpeg", ".png", ".webp", ".pdf"),
)


@dataclass(frozen=True, slots=True)
class VisitText:
    """What was seen, the accounts of who was there, and the revision that the page was served with."""

    found: str
    present: frozenset[UUID]
    revision: int


def record_visit(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    typed: VisitText,
    *,
    actor: Actor,
    now: datetime,
) -> SiteVisit:
    """Write what was seen and who was there (accounts). What was signed before a change must be signed again.

    Who goes may write, and leaders. Raises Forbidden, NotFound, Invalid (`found`, `present`), MeetingRefused before the
    appointed time, once it is fixed or cancelled, and when somebody wrote meanwhile.
    """
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    members = members_of(visit)
    if actor.id not in {one.account_id for one in members}:
        require_leader(attendee)
    _require_open(visit, now)
    text = clean(typed.found)
    errors: dict[str, list[str]] = {}
    if not text or len(text) > FOUND_CHARS:
        errors["found"] = [_("Cần ghi những gì đã thấy, tối đa %(count)s ký tự.", count=FOUND_CHARS)]
    there = [one for one in members if one.account_id in typed.present]
    if not there:
        errors["present"] = [_("Bạn hãy đánh dấu người có mặt.")]
    if errors:
        raise Invalid(errors)
    if (
        visit.found == text
        and all(one.was_there == (one in there) for one in members)
        and visit.state == HELD
    ):
        return visit
    if visit.revision != typed.revision:
        raise MeetingRefused(
            _("Người khác vừa sửa nội dung này. Những gì bạn viết còn ở dưới; xin xem lại rồi lưu.")
        )
    for one in members:
        one.was_there = one in there
    visit.found, visit.state = text, HELD
    visit.revision += 1
    session().flush()
    line = {"number": visit.number, "revision": visit.revision, "present": len(there)}
    audit.append("visit.recorded", code_of(visit), line, actor=actor, now=now)
    return visit


def add_file(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    file: tuple[str, IO[bytes]],
    *,
    actor: Actor,
    now: datetime,
) -> VisitFile:
    """Keep a picture or paper (its name and content) of a visit, once; what was signed must be signed again.

    Who goes may add, and leaders. Raises Forbidden, NotFound, Invalid at `files`, MeetingRefused.
    """
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    if actor.id not in {one.account_id for one in members_of(visit)}:
        require_leader(attendee)
    _require_open(visit, now)
    name, stream = file
    digest, size = digest_of(stream)
    try:
        sniffed = sniff(FILE_FIELD, name, stream, size)
    except FileRefused as refused:
        raise Invalid.one("files", refused.message) from refused
    kept = files_of(visit)
    if len(kept) >= MOST_FILES and digest not in {one.sha256 for one in kept}:
        raise Invalid.one("files", _("Tối đa %(count)s tệp.", count=MOST_FILES))
    file_store().put(file_key(session().tenant_id, digest), stream)
    values = {
        "visit_id": visit.id,
        "sha256": digest,
        "name": sniffed.name,
        "media_type": sniffed.media_type,
        "size": size,
        "added_at": now,
        "by_name": actor.name,
    }
    if insert_once(VisitFile, ("visit_id", "sha256"), values):
        visit.revision += 1
        session().flush()
        line = {"number": visit.number, "sha256": digest, "size": size}
        audit.append("visit.file_added", code_of(visit), line, actor=actor, now=now)
    ask = select(VisitFile).where(VisitFile.visit_id == visit.id, VisitFile.sha256 == digest)
    return session().scalars(ask).one()


def _require_open(visit: SiteVisit, now: datetime) -> None:
    if visit.state in (FIXED, CANCELLED):
        raise MeetingRefused(_("Lần thẩm định này đã chốt hoặc đã hủy nên không sửa được."))
    if now < visit.at:
        raise MeetingRefused(_("Chưa đến giờ hẹn: ghi kết quả được sau khi đoàn đến nơi."))
