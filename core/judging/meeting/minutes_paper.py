"""The paper of minutes in the layout of official papers, and fixing: from then on nothing of it changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import IO

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.errors import FileRefused
from core.entries.sniff import sniff
from core.judging.council_room import Attendee, require_leader
from core.judging.meeting.apart import entries_in_round, named_in, say_the_code, told_titles
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.minutes import (
    FIXED,
    SectionView,
    access_minutes,
    content_of,
    is_whole_for,
    part_words,
    sections_for,
    sections_of,
    subject_of,
)
from core.judging.meeting.minutes_drafting import add_parts
from core.judging.meeting.minutes_models import Minutes, MinutesScan
from core.judging.meeting.minutes_standing import standing_of
from core.judging.minutes_parts import MinutesPart
from core.judging.seating import council_of
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import canonical_bytes
from core.kernel.clock import local
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.files import digest_of, file_key, file_store
from core.kernel.formats import time
from core.kernel.log_heads import written_head
from core.kernel.paper import Block, Heading, Masthead, OfficialPaper, Paragraph, Table, plain
from core.kernel.paper.typeset import pdf_of
from core.kernel.paper.word import word_of
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.plugin_api import FieldKind, FormField, Text

WHY_CHARS = 1000
LINE = "…………………"
SCAN_FIELD = FormField(
    "scan", Text("Bản quét", "Scan"), FieldKind.FILES, accept=(".pdf", ".jpg", ".jpeg", ".png")
)


def fix_minutes(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    seen: str,
    *,
    why: str = "",
    actor: Actor,
    now: datetime,
) -> Minutes:
    """Fix the minutes as they were read (`seen` is `digest_seen` of that page): the papers are made and kept.

    While something is open or newer than they tell, only with `why`: both then stand in a section of their own. Done
    again, it changes nothing. Raises Forbidden, NotFound, PdfNotMade, Invalid at `why`, MeetingRefused when somebody
    changed them since, or when the actor does not see all of them.
    """
    require_leader(attendee)
    minutes = access_minutes(edition, attendee, number, held=True)
    if minutes.state == FIXED:
        return minutes
    sections = sections_for(minutes, attendee, actor=actor)
    if not is_whole_for(sections):
        raise MeetingRefused(_("Biên bản có mục mà bạn không được xem hết: xin để người khác chốt."))
    if seen != digest_seen(minutes, sections):
        raise MeetingRefused(_("Biên bản vừa được sửa sau khi bạn mở trang. Xin đọc lại rồi chốt."))
    _tell_what_stands(edition, attendee, minutes, why, actor=actor, now=now)
    sections = sections_for(minutes, attendee, actor=actor)
    head = audit.log_head()
    minutes.log_size, minutes.log_head = head.size, head.root
    minutes.state, minutes.fixed_by, minutes.fixed_name, minutes.fixed_at = FIXED, actor.id, actor.name, now
    minutes.sha256 = hashlib.sha256(canonical_bytes(content_of(minutes, sections_of(minutes)))).hexdigest()
    paper = paper_of(edition, minutes, sections)
    minutes.pdf, minutes.pdf_size = keep_content(pdf_of(paper, at=now, organiser=committee_of(edition)))
    minutes.docx, minutes.docx_size = keep_content(word_of(paper, at=now))
    session().flush()
    line = {
        "number": minutes.number,
        "corrects": minutes.corrects,
        "sha256": minutes.sha256,
        "pdf": minutes.pdf,
        "docx": minutes.docx,
        "log_size": head.size,
        "log_head": head.root,
    }
    audit.append("minutes.fixed", subject_of(edition, minutes), line, actor=actor, now=now)
    return minutes


def _tell_what_stands(
    edition: EditionView, attendee: Attendee, minutes: Minutes, why: str, *, actor: Actor, now: datetime
) -> None:
    standing = standing_of(edition, attendee, minutes, actor=actor, now=now)
    if standing.is_clear:
        return
    if standing.hides:
        raise MeetingRefused(
            _("Còn việc chưa xong về hồ sơ mà bạn không được xem hết: xin để người khác chốt.")
        )
    reason, entries = clean(why), entries_in_round(edition, minutes.round)
    told = told_titles(reason, entries)
    if not reason or len(reason) > WHY_CHARS or told:
        raise Invalid.one(
            "why",
            say_the_code(told)
            if told
            else _(
                "Còn việc mở hoặc thông tin mới hơn: bạn hãy xử lý, hoặc ghi vì sao vẫn chốt, tối đa %(count)s ký tự.",
                count=WHY_CHARS,
            ),
        )
    with force_locale("vi"):
        lines = [one.words for one in standing.open]
        lines += [_("Mục “%(heading)s” có thông tin mới hơn.", heading=one.heading) for one in standing.newer]
        lines.append(_("Lý do vẫn chốt: %(why)s", why=" ".join(reason.split())))
        heading = _("Việc chưa xong khi chốt biên bản")
    codes = frozenset(named_in("\n".join(lines), entries)).union(*(one.codes for one in standing.open))
    add_parts(minutes, [MinutesPart("open", 95, heading, tuple(lines), codes)], actor, now)


def add_scan(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    name: str,
    stream: IO[bytes],
    *,
    actor: Actor,
    now: datetime,
) -> MinutesScan:
    """Keep a scan of the minutes as they were signed on paper; the same content is there once.

    Raises Forbidden, NotFound, MeetingRefused while they are a draft, Invalid at `scan`.
    """
    require_leader(attendee)
    minutes = access_minutes(edition, attendee, number, held=True)
    if minutes.state != FIXED:
        raise MeetingRefused(_("Chốt biên bản trước, rồi in, ký và gửi bản quét."))
    digest, size = digest_of(stream)
    try:
        sniffed = sniff(SCAN_FIELD, name, stream, size)
    except FileRefused as refused:
        raise Invalid.one("scan", refused.message) from refused
    file_store().put(file_key(session().tenant_id, digest), stream)
    values = {
        "minutes_id": minutes.id,
        "sha256": digest,
        "name": sniffed.name,
        "media_type": sniffed.media_type,
        "size": size,
        "added_at": now,
        "by_name": actor.name,
    }
    if insert_once(MinutesScan, ("minutes_id", "sha256"), values):
        line = {"number": minutes.number, "sha256": digest, "size": size}
        audit.append("minutes.scanned", subject_of(edition, minutes), line, actor=actor, now=now)
    ask = select(MinutesScan).where(MinutesScan.minutes_id == minutes.id, MinutesScan.sha256 == digest)
    return session().scalars(ask).one()


def scans_of(minutes: Minutes) -> list[MinutesScan]:
    """The scans in the order they came. One query."""
    ask = select(MinutesScan).where(MinutesScan.minutes_id == minutes.id)
    return list(session().scalars(ask.order_by(MinutesScan.added_at, MinutesScan.id)))


def access_scan(minutes: Minutes, sha256: str) -> MinutesScan:
    """A scan of these minutes; NotFound for any other."""
    found = next((one for one in scans_of(minutes) if one.sha256 == sha256), None)
    if found is None:
        raise NotFound(_("Không tìm thấy tệp này."))
    return found


def digest_seen(minutes: Minutes, sections: Sequence[SectionView]) -> str:
    """What a page was made of: it changes with every saving."""
    parts = [str(minutes.revision), *(f"{one.key}:{one.revision}:{one.body}" for one in sections)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def head_words(size: int, root: str, edition: EditionView) -> str:
    """What the code on the paper says: the head of the log, on one line."""
    return written_head(edition.tenant, edition.key, size, root)


def paper_of(edition: EditionView, minutes: Minutes, sections: Sequence[SectionView]) -> OfficialPaper:
    """The paper with these sections, in Vietnamese; an excerpt where a reader is not shown all of them."""
    with force_locale("vi"):
        return _paper(edition, minutes, sections)


def _paper(edition: EditionView, minutes: Minutes, sections: Sequence[SectionView]) -> OfficialPaper:
    judging_round = next(one for one in edition.rules.rounds() if one.key == minutes.round)
    council = council_of(edition.id, minutes.round)
    terms = edition.rules.terms()
    name = council.name if council is not None and council.name else terms.jury.vi
    is_fixed = minutes.state == FIXED
    note = "" if is_fixed else _("(Bản dự thảo, chưa chốt)")
    if is_fixed and not is_whole_for(sections):
        note = _("(Bản trích: có nội dung không hiện với người đọc này)")
    said = head_words(minutes.log_size, minutes.log_head, edition) if is_fixed else ""
    return OfficialPaper(
        title=_("BIÊN BẢN"),
        subtitle=_(
            "Họp %(name)s, %(round)s, %(edition)s",
            name=name,
            round=judging_round.name.vi,
            edition=edition.name.vi,
        ),
        note=note,
        blocks=tuple(_blocks(minutes, sections, decision_of(edition, minutes.round), name)),
        masthead=Masthead(
            superior=committee_of(edition).upper(),
            issuer=name.upper(),
            number=_("Số: ……/BB-HĐ"),
            place_and_day=dated(minutes.held_at),
        ),
        footer=_(
            "Biên bản số %(number)s · %(edition)s", number=minutes.number, edition=edition.short_name.vi
        ),
        qr=said,
        qr_note=_(
            "Gốc nhật ký khi chốt biên bản, gồm %(size)s dòng: %(head)s. SHA-256 của nội dung: %(sha)s.",
            size=minutes.log_size,
            head=minutes.log_head,
            sha=minutes.sha256,
        )
        if is_fixed
        else "",
    )


def _blocks(minutes: Minutes, sections: Sequence[SectionView], decision: str, name: str) -> Iterator[Block]:
    if minutes.corrects is not None:
        yield Paragraph(
            plain(
                _(
                    "Biên bản này đính chính Biên bản số %(number)s của cùng vòng chấm.",
                    number=minutes.corrects,
                )
            )
        )
    if decision:
        yield Paragraph(plain(decision, italic=True))
    at = local(minutes.held_at) if minutes.held_at is not None else None
    when = (
        _("%(time)s, ngày %(day)s", time=time(minutes.held_at), day=f"{at:%d/%m/%Y}")
        if minutes.held_at is not None and at is not None
        else LINE
    )
    yield Paragraph(plain(_("Thời gian: %(when)s.", when=when)))
    yield Paragraph(plain(_("Địa điểm: %(place)s.", place=minutes.place or LINE)))
    if minutes.people:
        yield Heading(plain(_("Thành phần")))
        heads = (_("TT"), _("Họ và tên"), _("Nhiệm vụ"), _("Có mặt"))
        rows = [
            (
                str(place),
                str(one["name"]),
                part_words(one["role"]),
                _("có mặt") if one["here"] else _("vắng"),
            )
            for place, one in enumerate(minutes.people, start=1)
        ]
        yield Table(tuple(tuple(plain(cell) for cell in row) for row in (heads, *rows)))
    for number, section in enumerate(sections, start=1):
        yield Heading(plain(f"{number}. {section.heading}"))
        for line in section.lines:
            yield Paragraph(plain(line))
        if section.hidden:
            yield Paragraph(
                plain(_("(%(count)s dòng không hiện vì bạn có liên quan)", count=section.hidden), italic=True)
            )
        elif section.waits:
            yield Paragraph(plain(_("(Có điểm: hiện ra sau khi bạn khóa hết phiếu của mình)"), italic=True))
        elif not section.lines:
            yield Paragraph(plain(LINE))
    yield Paragraph(
        plain(
            _("Điểm trong biên bản đứng dưới số hiệu giám khảo hoặc là điểm chung của %(name)s.", name=name),
            italic=True,
        )
    )
    yield signing()


def decision_of(edition: EditionView, round_key: str) -> str:
    """The decision that a round's council rests on, as a line of a paper; "" where it is not known."""
    council = council_of(edition.id, round_key)
    if council is None or not council.decision:
        return ""
    day = f" ngày {council.decided_on:%d/%m/%Y}" if council.decided_on else ""
    return str(
        _("Căn cứ Quyết định số %(number)s%(day)s về thành lập hội đồng;", number=council.decision, day=day)
    )


def dated(held_at: datetime | None) -> str:
    """Place and day as Decree 30/2020 writes them: a day below 10 and the months 1 and 2 with a nought."""
    if held_at is None:
        return str(_("%(place)s, ngày …… tháng …… năm ……", place="…………"))
    at = local(held_at)
    month = f"{at.month:02}" if at.month <= 2 else str(at.month)
    return str(
        _(
            "%(place)s, ngày %(day)s tháng %(month)s năm %(year)s",
            place="…………",
            day=f"{at.day:02}",
            month=month,
            year=at.year,
        )
    )


def committee_of(edition: EditionView) -> str:
    """The committee as its papers name it."""
    return edition.rules.terms().committee.vi


def keep_content(content: bytes) -> tuple[str, int]:
    """Store a paper; gives its SHA-256 and size."""
    digest = hashlib.sha256(content).hexdigest()
    file_store().put(file_key(session().tenant_id, digest), BytesIO(content))
    return digest, len(content)


def signing() -> Table:
    """Where secretary and chair sign on paper."""
    under = plain(_("(ký, ghi rõ họ tên)"), italic=True)
    return Table(
        ((plain(_("THƯ KÝ")), plain(_("CHỦ TỊCH HỘI ĐỒNG"))), (under, under)), head=False, ruled=False
    )
