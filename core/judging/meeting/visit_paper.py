"""The minutes of one site visit, and fixing them once nobody who was there is awaited with a signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.judging.council_room import Attendee, require_leader
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.minutes_paper import (
    committee_of,
    dated,
    decision_of,
    head_words,
    keep_content,
    signing,
)
from core.judging.meeting.visit_models import SiteVisit, VisitFile, VisitMember, VisitMove
from core.judging.meeting.visit_signing import is_waived, unsigned, waived_words
from core.judging.meeting.visits import (
    FIXED,
    HELD,
    access_visit,
    code_of,
    files_of,
    members_of,
    moves_of,
    moves_told,
    title_of,
)
from core.judging.seating import council_of
from core.judging.seats import SeatRole, role_words
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.formats import datetime_
from core.kernel.paper import Block, Heading, Masthead, OfficialPaper, Paragraph, Table, plain
from core.kernel.paper.typeset import pdf_of
from core.kernel.paper.word import word_of


def fix_visit(
    edition: EditionView, attendee: Attendee, number: int, revision: int, *, actor: Actor, now: datetime
) -> SiteVisit:
    """Fix what was written and signed: the papers are made and kept; done again, it changes nothing.

    Raises Forbidden, NotFound, PdfNotMade, MeetingRefused while somebody who was there has not signed, or for an old
    page.
    """
    require_leader(attendee)
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    if visit.state == FIXED:
        return visit
    members = members_of(visit)
    missing = unsigned(visit, members)
    if visit.state != HELD or visit.revision != revision:
        raise MeetingRefused(_("Nội dung vừa được sửa hoặc chưa có. Xin xem lại rồi chốt."))
    if missing:
        raise MeetingRefused(
            _("Còn chờ chữ ký của: %(names)s.", names=", ".join(one.name for one in missing))
        )
    head = audit.log_head()
    visit.state, visit.fixed_by, visit.fixed_name, visit.fixed_at = FIXED, actor.id, actor.name, now
    visit.log_size, visit.log_head = head.size, head.root
    paper = visit_paper(edition, visit, members, files_of(visit))
    visit.pdf, visit.pdf_size = keep_content(pdf_of(paper, at=now, organiser=committee_of(edition)))
    visit.docx, visit.docx_size = keep_content(word_of(paper, at=now))
    session().flush()
    line = {
        "number": visit.number,
        "pdf": visit.pdf,
        "docx": visit.docx,
        "log_size": head.size,
        "log_head": head.root,
    }
    audit.append("visit.fixed", code_of(visit), line, actor=actor, now=now)
    return visit


def visit_paper(
    edition: EditionView, visit: SiteVisit, members: Sequence[VisitMember], files: Sequence[VisitFile]
) -> OfficialPaper:
    """The paper of a visit, in Vietnamese."""
    with force_locale("vi"):
        code, title = code_of(visit), title_of(edition, visit)
        council = council_of(edition.id, visit.round)
        terms = edition.rules.terms()
        name = council.name if council is not None and council.name else terms.jury.vi
        is_fixed = visit.state == FIXED
        return OfficialPaper(
            title=_("BIÊN BẢN THẨM ĐỊNH THỰC TẾ"),
            subtitle=code if title == code else f"{code}: {title}",
            note="" if is_fixed else _("(Bản dự thảo, chưa chốt)"),
            blocks=tuple(
                _blocks(visit, members, files, moves_of([visit.id]), decision_of(edition, visit.round))
            ),
            masthead=Masthead(
                superior=committee_of(edition).upper(),
                issuer=name.upper(),
                number=_("Số: ……/BB-HĐ"),
                place_and_day=dated(visit.at),
            ),
            footer=f"{code} · {edition.short_name.vi}",
            qr=head_words(visit.log_size, visit.log_head, edition) if is_fixed else "",
            qr_note=_(
                "Gốc nhật ký khi chốt biên bản, gồm %(size)s dòng: %(head)s.",
                size=visit.log_size,
                head=visit.log_head,
            )
            if is_fixed
            else "",
        )


def _blocks(
    visit: SiteVisit,
    members: Sequence[VisitMember],
    files: Sequence[VisitFile],
    moves: Sequence[VisitMove],
    decision: str,
) -> Iterator[Block]:
    if decision:
        yield Paragraph(plain(decision, italic=True))
    yield Paragraph(plain(_("Thời gian: %(when)s.", when=datetime_(visit.at))))
    yield Paragraph(plain(_("Địa điểm: %(place)s.", place=visit.place)))
    for line in moves_told(moves):
        yield Paragraph(plain(line))
    yield Heading(plain(_("Thành phần")))
    heads = (_("TT"), _("Họ và tên"), _("Nhiệm vụ"), _("Có mặt"), _("Ký trên hệ thống"))
    rows = [
        (
            str(place),
            one.name,
            role_words(SeatRole(one.role)) if one.role else "",
            _("có mặt") if one.was_there else _("vắng"),
            _signing(visit, one),
        )
        for place, one in enumerate(members, start=1)
    ]
    yield Table(tuple(tuple(plain(cell) for cell in row) for row in (heads, *rows)))
    for member in members:
        if is_waived(visit, member):
            yield Paragraph(plain(waived_words(member)))
    yield Heading(plain(_("Kết quả thẩm định")))
    for line in filter(None, visit.found.split("\n")):
        yield Paragraph(plain(line))
    if files:
        yield Heading(plain(_("Ảnh và giấy tờ kèm theo")))
        for one in files:
            yield Paragraph(plain(f"{one.name} (SHA-256: {one.sha256})"))
    yield signing()


def _signing(visit: SiteVisit, member: VisitMember) -> str:
    if member.signed_at and member.signed == visit.revision:
        return datetime_(member.signed_at)
    told: str = _("không ký") if is_waived(visit, member) else ""
    return told
