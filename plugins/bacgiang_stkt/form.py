"""Bắc Giang's dossier: the family's form, with the benefit that cannot be counted in money asked for by name."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from core.plugin_api import FieldKind, FormField, FormSection, Text, hookimpl

_NOT_IN_MONEY = FormField(
    "hieu_qua_khong_thanh_tien",
    Text("Hiệu quả không tính được thành tiền", "Benefit that cannot be counted in money"),
    FieldKind.LONG_TEXT,
    help=Text(
        "Sức khỏe, môi trường, điều kiện làm việc, an toàn lao động.",
        "Health, environment, working conditions, labour safety.",
    ),
    clause="tieu_chi_hieu_qua",
    max_chars=10000,
    official=False,
)


@hookimpl(wrapper=True)
def dossier_form() -> Generator[None, tuple[FormSection, ...], tuple[FormSection, ...]]:
    """The form of `stkt_base` with one more question after the economic benefit in money."""
    family = yield
    return tuple(replace(section, fields=_extended(section.fields)) for section in family)


def _extended(asked: tuple[FormField, ...]) -> tuple[FormField, ...]:
    return tuple(
        one
        for field in asked
        for one in ((field, _NOT_IN_MONEY) if field.key == "gia_tri_lam_loi" else (field,))
    )
