"""Score sheets of one judge as a PDF to print: what he reads of the dossier, criteria with anchors, a code to scan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.judging.dossiers import shown_to_judge
from core.judging.paper_models import PaperSheet
from core.judging.seating import council_of
from core.judging.values import SheetPlace
from core.kernel.formats import score
from core.kernel.i18n import locale
from core.kernel.paper.word import STATE
from core.kernel.pdf import render_pdf
from core.kernel.qr import qr_svg_file
from core.plugin_api import Criterion


def sheets_pdf(
    edition: EditionView,
    made: Sequence[tuple[PaperSheet, SheetPlace]],
    *,
    judge_name: str,
    site: str,
    at: datetime,
) -> bytes:
    """The sheets, a page each; the same sheets and instant give the same bytes. Raises PdfNotMade."""
    language, terms = locale(), edition.rules.terms()
    judging_round = made[0][1].round
    council = council_of(edition.id, judging_round.key)
    files = {
        f"{paper.code}.svg": qr_svg_file(f"{site}/hoi-dong/{paper.round}/phieu-giay/{paper.code}")
        for paper, _place in made
    }
    shown = [(paper, shown_to_judge(edition, place)) for paper, place in made]
    data = {
        "language": language,
        "title": _("Phiếu chấm điểm"),
        "organiser": terms.committee.in_(language),
        "state": list(STATE),
        "superior": terms.committee.in_(language),
        "issuer": (council.name if council and council.name else terms.jury.in_(language)),
        "criteria_heads": [_("Tiêu chí"), _("Tối đa"), _("Điểm chấm")],
        "total_label": _("Tổng điểm"),
        "remark_label": _("Nhận xét:"),
        "code_label": _("Mã phiếu"),
        "signature": [_("Ngày ….. tháng ….. năm ……"), _("Giám khảo"), _("(ký, ghi rõ họ tên)")],
        "sheets": [
            {
                "qr": f"{paper.code}.svg",
                "qr_alt": _("Mã QR của phiếu %(code)s", code=paper.code),
                "code": paper.code,
                "judge": judge_name,
                "maximum": score(judging_round.maximum, language),
                "rows": [
                    [_("Kỳ thi"), edition.name.in_(language)],
                    [_("Vòng chấm"), judging_round.name.in_(language)],
                    [_("Mã hồ sơ"), dossier.code],
                    [_("Tên"), dossier.title],
                    *([[_("Lĩnh vực"), dossier.field_name]] if dossier.field_name else []),
                ],
                "criteria": [_criterion(one, language) for one in judging_round.criteria],
            }
            for paper, dossier in shown
        ],
    }
    return render_pdf("score_sheets", data, at=at, files=files)


def _criterion(one: Criterion, language: str) -> list[object]:
    anchors = [
        f"{score(anchor.least, language)}–{score(anchor.most, language)}: {anchor.text.in_(language)}"
        for anchor in one.anchors
    ]
    return [one.name.in_(language), anchors, score(one.maximum, language)]
