"""Bắc Kạn's dossier: the family's form, asking for the place of application in the province."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from core.plugin_api import FormField, FormSection, Text, hookimpl

_IN_THE_PROVINCE = Text(
    "Nêu nơi áp dụng trong tỉnh Bắc Kạn, theo tên đơn vị hành chính tại thời điểm áp dụng.",
    "Where in Bắc Kạn Province, by the name of the place at the time of application.",
)


@hookimpl(wrapper=True)
def dossier_form() -> Generator[None, tuple[FormSection, ...], tuple[FormSection, ...]]:
    """The form of `stkt_base` with the help text that the province's condition calls for."""
    family = yield
    return tuple(replace(section, fields=tuple(_asked(one) for one in section.fields)) for section in family)


def _asked(one: FormField) -> FormField:
    return replace(one, help=_IN_THE_PROVINCE) if one.key == "noi_ap_dung" else one
