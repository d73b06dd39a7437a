"""The papers of one dossier, made from the same data as its pages: to print, sign, stamp and send.

Three papers: the contest's own documents filled in (the registration form), the description with every answer, and
the cover sheet that lies on top of what is sent and carries the code that the receiving office scans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.forms import answer_text, questions
from core.entries.models import EntryVersion
from core.entries.papers import values_of
from core.entries.queries import Dossier
from core.entries.tables import table_answer
from core.entries.words import role_name
from core.extensions.documents import BLANK, access_document, documents_of, filled
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.kernel.paper import (
    Block,
    Box,
    Heading,
    Items,
    OfficialPaper,
    Paragraph,
    Table,
    plain,
    read_prose,
)
from core.plugin_api import FieldKind, FormField, Text
from core.plugin_host import illustration_marks
from core.plugin_host.core_settings import NAME as CORE
from core.tenancy.profile import TenantView

DESCRIPTION = "mo-ta"
"""The name of the paper with every answer."""


@dataclass(frozen=True, slots=True)
class ExpectedPaper:
    """Something that the receiving office looks for in what arrived: `key` names it in the receiving record."""

    key: str
    title: Text
    clause: str | None


@dataclass(frozen=True, slots=True)
class PaperWanted:
    """That an edition wants its dossiers on paper too: `agency` receives them, before `until` (exclusive).

    `is_illustration`: no document says so, and the committee has not confirmed it.
    """

    agency: Text
    until: datetime | None
    is_illustration: bool


def wants_paper(edition: EditionView) -> bool:
    """Whether the edition wants its dossiers on paper too: a setting of the core."""
    return edition.values.setting_as(CORE, "paper_dossier", bool)


def paper_wanted(edition: EditionView, tenant: TenantView, until: datetime | None) -> PaperWanted | None:
    """What an entrant is told of the paper, which is due until the dossier can be handed in; None: none is wanted."""
    if not wants_paper(edition):
        return None
    marks = {(one.plugin, one.key) for one in illustration_marks(edition.values)}
    return PaperWanted(tenant.agency, until, (CORE, "paper_dossier") in marks)


def expected_papers(edition: EditionView) -> tuple[ExpectedPaper, ...]:
    """What a dossier on paper consists of: the contest's documents to sign, the description, and what is attached."""
    documents = tuple(
        ExpectedPaper(f"giay.{one.key}", one.title, one.clause)
        for one in documents_of(edition, per_entry=True)
    )
    description = ExpectedPaper(DESCRIPTION, description_title(edition), None)
    attached = tuple(
        ExpectedPaper(f"tep.{one.key}", one.label, one.clause)
        for one in questions(edition)
        if one.kind is FieldKind.FILES
    )
    return (*documents, description, *attached)


def description_title(edition: EditionView) -> Text:
    """What the paper with all answers is called: "Bản mô tả giải pháp", in the contest's own term."""
    entry = edition.rules.terms().entry
    return Text(f"Bản mô tả {entry.vi}", f"Description of the {entry.in_('en')}")


def registration(dossier: Dossier, edition: EditionView, key: str, now: datetime) -> OfficialPaper:
    """The document `key` of the contest filled in, in the reader's language. Raises NotFound."""
    document = access_document(edition, key, per_entry=True)
    source = filled(document, edition, values_of(dossier, edition), now, locale())
    return OfficialPaper(
        title=document.title.in_(locale()).upper(),
        blocks=read_prose(source),
        language=locale(),
        footer=footer_of(dossier, edition),
    )


def description(dossier: Dossier, edition: EditionView) -> OfficialPaper:
    """Every question with its answer, in the order of the form; a line to write on where there is none."""
    return OfficialPaper(
        title=description_title(edition).in_(locale()).upper(),
        subtitle=dossier.entry.title,
        blocks=(*_who(dossier, edition), *_answers(dossier, edition), *_signing()),
        language=locale(),
        footer=footer_of(dossier, edition),
    )


def cover(
    dossier: Dossier, version: EntryVersion, edition: EditionView, tenant: TenantView, address: str
) -> OfficialPaper:
    """The sheet on top of what is sent: what dossier it is, what is enclosed, where it goes, and a code to scan.

    `address` is where the code leads: the receiving office's page of this version.
    """
    code = str(version.snapshot.get("code") or dossier.entry.code or "")
    titles = [one.title.in_(locale()) for one in expected_papers(edition)]
    agency, contact = tenant.agency.in_(locale()), tenant.contact.in_(locale())
    facts = [
        (_("Mã hồ sơ"), code),
        (_("Tên"), dossier.entry.title),
        (_("Tác giả"), "; ".join(one.name for one in dossier.authors)),
        (_("Đơn vị"), dossier.unit.name if dossier.unit else ""),
        (_("Bản điện tử đã nộp"), _when(version)),
        ("SHA-256", version.sha256),
    ]
    return OfficialPaper(
        title=_("PHIẾU GỬI HỒ SƠ BẢN GIẤY"),
        subtitle=edition.name.in_(locale()),
        blocks=(
            Paragraph(
                (*plain(_("Kính gửi: "), bold=True), *plain(f"{agency}\n{contact}" if contact else agency))
            ),
            Items(
                tuple(
                    (0, "-", (*plain(f"{name}: "), *plain(value, bold=True)))
                    for name, value in facts
                    if value
                )
            ),
            Heading(plain(_("Giấy tờ gửi kèm"))),
            Paragraph(plain(_("Người gửi đánh dấu giấy tờ có trong phong bì:"))),
            Box(tuple(plain(title) for title in titles)),
            *_signing(),
        ),
        language=locale(),
        state=False,
        footer=f"{code} · {version.receipt}",
        qr=address,
        qr_note=_(
            "Cán bộ nơi nhận quét mã này để ghi nhận giấy tờ đã đến, hoặc mở: %(address)s", address=address
        ),
    )


def footer_of(dossier: Dossier, edition: EditionView) -> str:
    """What stands at the foot of each page: which dossier, which version, which edition."""
    entry = dossier.entry
    code = entry.code or _("Bản nháp")
    number = _("lần nộp %(number)s", number=entry.version) if entry.version else _("chưa nộp")
    return f"{code} · {number} · {edition.short_name.in_(locale())}"


def _when(version: EntryVersion) -> str:
    return str(_("lần %(number)s, %(when)s", number=version.number, when=datetime_(version.at, locale())))


def _who(dossier: Dossier, edition: EditionView) -> Iterator[Block]:
    fields = {one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()}
    yield Heading(plain(_("Thông tin chung")))
    facts = [
        (_("Mã hồ sơ"), dossier.entry.code or ""),
        (_("Lĩnh vực"), fields.get(dossier.entry.field or "", "")),
        (_("Đơn vị"), dossier.unit.name if dossier.unit else ""),
    ]
    lines = tuple((0, "-", plain(f"{name}: {value}")) for name, value in facts if value)
    if lines:
        yield Items(lines)
    heads = (_("TT"), _("Họ và tên"), _("Vai trò"), _("Năm sinh"), _("Nơi công tác hoặc nơi ở"))
    rows = [tuple(plain(one) for one in heads)]
    rows += [
        (
            plain(str(number)),
            plain(one.name),
            plain(role_name(one.role)),
            plain(str(one.birth_year or "")),
            plain(one.workplace),
        )
        for number, one in enumerate(dossier.authors, start=1)
    ]
    yield Heading(plain(_("Tác giả")), 3)
    yield Table(tuple(rows))


def _answers(dossier: Dossier, edition: EditionView) -> Iterator[Block]:
    facts: Mapping[str, object] = dossier.entry.facts
    for section in edition.rules.dossier_form():
        yield Heading(plain(section.title.in_(locale())))
        for asked in section.fields:
            yield Heading(plain(asked.label.in_(locale())), 3)
            yield from _answer(dossier, asked, facts.get(asked.key))


def _answer(dossier: Dossier, asked: FormField, value: object) -> Iterator[Block]:
    if asked.kind is FieldKind.FILES:
        names = [one.name for one in dossier.files_in(asked.key)]
        yield Items(tuple((0, "-", plain(name)) for name in names)) if names else Paragraph(plain(BLANK))
        return
    if asked.kind is FieldKind.TABLE:
        yield _rows(asked, value)
        return
    lines = [line.strip() for line in answer_text(asked, value, locale()).splitlines()]
    said = [line for line in lines if line] or [BLANK]
    for line in said:
        yield Paragraph(plain(line))


def _rows(asked: FormField, value: object) -> Block:
    """The rows of a table with their sums; a table without rows is a line to write on."""
    said = table_answer(value if isinstance(value, list) else [], asked, locale())
    if not said.rows:
        return Paragraph(plain(BLANK))
    rows = [said.heads, *said.rows]
    if said.sums:
        rows.append((said.sums[0] or _("Cộng"), *said.sums[1:]))
    right = frozenset(column for column, is_number in enumerate(said.numbers) if is_number)
    return Table(tuple(tuple(plain(cell) for cell in row) for row in rows), right=right)


def _signing() -> Iterator[Block]:
    blank = _("Ngày …… tháng …… năm ……")
    left, right = _("Xác nhận của cơ quan, đơn vị"), _("Tác giả hoặc đại diện nhóm tác giả")
    under = (_("(ký, ghi rõ họ tên, đóng dấu)"), _("(ký, ghi rõ họ tên)"))
    yield Table(
        (
            (plain(left), plain(right)),
            (plain(blank), plain(blank)),
            (plain(under[0], italic=True), plain(under[1], italic=True)),
        ),
        ruled=False,
    )
