"""Answers to a dossier form: what a simulated entrant fills in, whatever the tenant's plugins ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from core.plugin_api.values import FieldKind, FormField, FormSection
from core.rehearsal.content import SampleEntry
from core.rehearsal.content_tables import table_rows

# Which kinds of paragraphs answer a question; several are put together as paragraphs of their own.
_PARAGRAPHS: dict[str, tuple[str, ...]] = {
    "tom_tat": ("tom_tat",),
    "van_de": ("dat_van_de",),
    "dat_van_de": ("dat_van_de",),
    "thuc_trang": ("dat_van_de", "giai_phap_da_biet"),
    "giai_phap_da_biet": ("giai_phap_da_biet",),
    "muc_dich": ("dat_van_de",),
    "mo_ta": ("noi_dung", "ban_chat"),
    "noi_dung": ("noi_dung",),
    "ban_chat": ("ban_chat",),
    "doi_moi": ("tinh_moi", "tinh_sang_tao"),
    "doi_moi_sang_tao": ("tinh_moi", "tinh_sang_tao"),
    "tinh_moi": ("tinh_moi", "tinh_sang_tao"),
    "tinh_sang_tao": ("tinh_sang_tao",),
    "kha_nang": ("kha_nang",),
    "kha_nang_ap_dung": ("kha_nang",),
    "hieu_qua": ("hieu_qua_kinh_te", "hieu_qua_xa_hoi"),
    "hieu_qua_kinh_te_xa_hoi": ("hieu_qua_kinh_te", "hieu_qua_xa_hoi"),
    "hieu_qua_ky_thuat": ("hieu_qua_ky_thuat",),
    "hieu_qua_kinh_te": ("hieu_qua_kinh_te",),
    "hieu_qua_xa_hoi": ("hieu_qua_xa_hoi", "hieu_qua_moi_truong"),
    "hieu_qua_moi_truong": ("hieu_qua_moi_truong",),
    "hieu_qua_khong_thanh_tien": ("hieu_qua_xa_hoi",),
    "loi_ich_khong_thanh_tien": ("hieu_qua_xa_hoi", "hieu_qua_moi_truong"),
    "minh_chung": ("minh_chung",),
    "minh_chung_ap_dung": ("ap_dung", "minh_chung"),
    "minh_chung_trien_khai": ("ap_dung", "minh_chung"),
    "qua_trinh_ap_dung": ("ap_dung",),
    "ket_qua_ap_dung": ("ap_dung", "hieu_qua_ky_thuat"),
}

# Which kind of work the first words of a title tell of.
_BY_TITLE: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("Máy", "Thiết bị", "Thiết kế", "Xe", "Bộ", "Tủ", "Hộp", "Kẹo", "Gạch", "Viên", "Nẹp", "Giường"),
        "san_pham",
    ),
    (("Phần mềm", "Hệ thống", "Ứng dụng", "Nền tảng", "Trợ lý", "Zalo", "Cổng", "Tự động hóa"), "cong_nghe"),
    (("Mô hình", "Xây dựng mô hình", "Vườn"), "du_an"),
    (("Đổi mới", "Xây dựng và"), "giai_phap_quan_ly"),
    (("",), "giai_phap_ky_thuat"),
)
# Novelty: most works are new in the unit or the province, few in the country.
_WEIGHTS = {"don_vi": 3, "tinh": 6, "toan_quoc": 1, "the_gioi": 0}


def form_answers(
    rng: Random, entry: SampleEntry, sections: Sequence[FormSection], *, today: date
) -> dict[str, object]:
    """Answers to the questions of a form, by key; files and optional questions it knows nothing of stay out.

    Text as str, CHOICE as the key of the choice, NUMBER and MONEY (đồng) as int, DATE as `YYYY-MM-DD`,
    MONTH as `YYYY-MM`, CHECK as True, a TABLE as two rows. Months lie before `today`: created first,
    applied some months later.
    """
    answers: dict[str, object] = {}
    for section in sections:
        for field in section.fields:
            answer = _answer(rng, entry, field, today)
            if answer is not None:
                answers[field.key] = answer
    return answers


def _answer(rng: Random, entry: SampleEntry, field: FormField, today: date) -> object:
    kind = field.kind
    if kind is FieldKind.FILES:
        return None
    if kind is FieldKind.CHECK:
        return True
    if kind is FieldKind.CHOICE:
        return _chosen(rng, entry, field)
    if kind is FieldKind.MONEY:
        return entry.facts.benefit_vnd
    if kind is FieldKind.NUMBER:
        return entry.facts.units
    if kind is FieldKind.TABLE:
        return table_rows(entry, field)
    if kind in (FieldKind.MONTH, FieldKind.DATE):
        return _when(entry, field, today)
    return _words(entry, field)


def _chosen(rng: Random, entry: SampleEntry, field: FormField) -> str:
    """The choice that the first words of the title call for, else one drawn by weight."""
    keys = [choice.key for choice in field.choices]
    fitting = next((key for words, key in _BY_TITLE if entry.title.startswith(words) and key in keys), None)
    if fitting is not None:
        return fitting
    return rng.choices(keys, weights=[_WEIGHTS.get(key, 2) for key in keys])[0]


def _when(entry: SampleEntry, field: FormField, today: date) -> str:
    """The month the work was applied; created five months before that."""
    back = entry.facts.months_in_use + (5 if "tao_ra" in field.key or "hoan_thanh" in field.key else 0)
    months = today.year * 12 + today.month - 1 - back
    month = f"{months // 12:04d}-{months % 12 + 1:02d}"
    return month if field.kind is FieldKind.MONTH else f"{month}-15"


def _words(entry: SampleEntry, field: FormField) -> str | None:
    kinds = _PARAGRAPHS.get(field.key)
    if field.kind is FieldKind.LONG_TEXT and (kinds or field.required):
        text = "\n\n".join(entry.paragraphs[kind] for kind in kinds or ("noi_dung",))
    elif field.key.startswith(("noi_", "dia_diem", "don_vi")):
        text = entry.facts.place[:1].upper() + entry.facts.place[1:]
    elif field.key.startswith("ten_"):
        text = entry.short_title
    elif field.required:
        text = entry.paragraphs[kinds[0]] if kinds else entry.short_title
    else:
        return None
    return text if field.max_chars is None or len(text) <= field.max_chars else _cut(text, field.max_chars)


def _cut(text: str, most: int) -> str:
    """The sentences that fit into `most` characters; when not even one does, the words that fit."""
    head = text[:most]
    end = max(head.rfind(". "), head.rfind(".\n"))
    return head[: end + 1] if end > 0 else head.rsplit(" ", 1)[0]
