"""What an officer says of papers that arrived, checked with a sentence at each field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from core.intake.values import ConsentKind, Way, known_items
from core.kernel.clock import local
from core.kernel.errors import Invalid
from core.kernel.text import clean, clean_line

REMARK_CHARS = 2000
NAME_CHARS = 200
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True, slots=True)
class ArrivalForm:
    """An arrival that passed."""

    arrived_on: date
    postmarked_on: date | None
    way: Way
    items: tuple[str, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class FiledForForm:
    """For whom an officer files, and how that person agreed."""

    person: str
    contact: str
    consent: ConsentKind
    witness: str
    arrived_on: date
    postmarked_on: date | None


def load_arrival(
    form: Mapping[str, str], ticked: Collection[str], expected: Collection[str], now: datetime
) -> ArrivalForm:
    """The arrival as typed; raises Invalid with every sentence at once."""
    errors: dict[str, list[str]] = {}
    arrived_on, postmarked_on = _days(form, now, errors)
    way = form.get("way", "")
    if way not in set(Way):
        errors["way"] = [_("Bạn hãy chọn giấy tờ đến bằng cách nào.")]
    items = known_items(expected, ticked)
    if not items:
        errors["items"] = [_("Bạn hãy đánh dấu ít nhất một giấy tờ đã nhận.")]
    remark = clean(form.get("remark", ""))
    if len(remark) > REMARK_CHARS:
        errors["remark"] = [_("Ghi chú dài quá %(most)s ký tự.", most=REMARK_CHARS)]
    if errors or arrived_on is None:
        raise Invalid(errors)
    return ArrivalForm(arrived_on, postmarked_on, Way(way), tuple(items), remark)


def load_filed_for(form: Mapping[str, str], now: datetime) -> FiledForForm:
    """For whom is filed, as typed; raises Invalid with every sentence at once."""
    errors: dict[str, list[str]] = {}
    arrived_on, postmarked_on = _days(form, now, errors)
    person, contact = clean_line(form.get("person", "")), clean_line(form.get("contact", ""))
    witness = clean_line(form.get("witness", ""))
    consent = form.get("consent", "")
    if not any(char.isalpha() for char in person):
        errors["person"] = [_("Bạn hãy ghi họ tên người có hồ sơ.")]
    if not contact:
        errors["contact"] = [_("Bạn hãy ghi số điện thoại hoặc địa chỉ để báo kết quả.")]
    if consent not in set(ConsentKind):
        errors["consent"] = [_("Bạn hãy ghi người có hồ sơ đã đồng ý bằng cách nào.")]
    elif consent == ConsentKind.SPOKEN and not witness:
        errors["witness"] = [_("Đồng ý bằng lời cần có người làm chứng: bạn hãy ghi họ tên người đó.")]
    for name, value in (("person", person), ("contact", contact), ("witness", witness)):
        if len(value) > NAME_CHARS:
            errors[name] = [_("Dài quá %(longest)s ký tự, bạn hãy viết ngắn hơn.", longest=NAME_CHARS)]
    if errors or arrived_on is None:
        raise Invalid(errors)
    return FiledForForm(person, contact, ConsentKind(consent), witness, arrived_on, postmarked_on)


def _days(
    form: Mapping[str, str], now: datetime, errors: dict[str, list[str]]
) -> tuple[date | None, date | None]:
    today = local(now).date()
    arrived_on = _day(form, "arrived_on", errors)
    postmarked_on = _day(form, "postmarked_on", errors)
    if arrived_on is None and "arrived_on" not in errors:
        errors["arrived_on"] = [_("Bạn hãy ghi ngày giấy tờ đến.")]
    if arrived_on is not None and arrived_on > today:
        errors["arrived_on"] = [_("Ngày đến không thể sau hôm nay.")]
    if arrived_on is not None and postmarked_on is not None and postmarked_on > arrived_on:
        errors["postmarked_on"] = [_("Dấu bưu điện không thể sau ngày giấy tờ đến.")]
    return arrived_on, postmarked_on


def _day(form: Mapping[str, str], name: str, errors: dict[str, list[str]]) -> date | None:
    """A day as a date field sends it (2025-06-30) or as people write it (30/6/2025); None for nothing."""
    words = form.get(name, "").strip()
    if not words:
        return None
    written = _DAY.fullmatch(words)
    try:
        if written:
            return date(int(written[3]), int(written[2]), int(written[1]))
        return date.fromisoformat(words)
    except ValueError:
        errors[name] = [_("Bạn hãy nhập ngày có thật, ví dụ 20/11/2025.")]
        return None
