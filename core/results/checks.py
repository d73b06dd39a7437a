"""Checks of single values of a JSON document, each error with the path of the value."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Any, NoReturn

_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,4})?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
_MOST = 2**53 - 1
_DEEPEST = 12


class InputsError(ValueError):
    """A document that is not what the format or the rules ask for: where (`path`) and why (`sentence`)."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}" if path else sentence)
        self.path = path
        self.sentence = sentence


def refuse(path: str, sentence: str) -> NoReturn:
    """Raise InputsError at `path`."""
    raise InputsError(path, f"{sentence}.")


def keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose keys are all different; for `json.loads(object_pairs_hook=…)`."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputsError("", f"Khóa {twice!r} được nêu hai lần trong cùng một đối tượng.")
    return found


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and infinities; for `json.loads(parse_constant=…)`."""
    raise InputsError("", f"{name} không phải là số hợp lệ.")


def joined(at: str, key: str) -> str:
    """The path of `key` in the object at `at`."""
    return f"{at}.{key}" if at else key


def object_at(
    value: Any, at: str, required: Collection[str], optional: Collection[str] = ()
) -> dict[str, Any]:
    """An object with every required key and no unknown one."""
    if type(value) is not dict:
        refuse(at, "phải là một đối tượng")
    for key in required:
        if key not in value:
            refuse(joined(at, key), "còn thiếu")
    if len(value) > len(required):
        for key in value:
            if key not in required and key not in optional:
                refuse(joined(at, key), "khóa này không có trong định dạng")
    return value


def mapping_at(value: Any, at: str) -> dict[str, Any]:
    """An object whose keys are plain ASCII names."""
    if type(value) is not dict:
        refuse(at, "phải là một đối tượng")
    for key in value:
        if not _KEY.fullmatch(key):
            refuse(joined(at, key), "khóa chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch nối, gạch dưới")
    return value


def list_at(value: Any, at: str) -> list[Any]:
    """A list."""
    if type(value) is not list:
        refuse(at, "phải là một danh sách")
    return value


def text_at(value: Any, at: str) -> str:
    """A text."""
    if type(value) is not str:
        refuse(at, "phải là văn bản")
    return value


def text_or_none_at(value: Any, at: str) -> str | None:
    """A text or null."""
    return None if value is None else text_at(value, at)


def word_at(value: Any, at: str) -> str:
    """A text of 1 to 80 characters."""
    word = text_at(value, at)
    if not 1 <= len(word) <= 80:
        refuse(at, "phải có từ 1 đến 80 ký tự")
    return word


def code_at(value: Any, at: str) -> str:
    """A code: ASCII letters, digits, dots, dashes, underscores."""
    if type(value) is not str or not _CODE.fullmatch(value):
        refuse(at, "mã phải là văn bản chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch nối, gạch dưới")
    return value


def whole_at(value: Any, at: str) -> int:
    """A whole number that every JSON reader keeps exact."""
    if type(value) is not int or abs(value) > _MOST:
        refuse(at, "phải là số nguyên")
    return value


def number_at(value: Any, at: str) -> Decimal:
    """A decimal written as text: `18.5`."""
    if type(value) is not str or not _NUMBER.fullmatch(value):
        refuse(at, 'điểm phải viết trong dấu nháy, dùng dấu chấm thập phân, ví dụ "18.5"')
    return Decimal(value)


def require_plain(value: Any, at: str, depth: int = 0) -> None:
    """Refuse what is not plain JSON with exact numbers."""
    if depth > _DEEPEST:
        refuse(at, "lồng quá sâu")
    if isinstance(value, float):
        refuse(at, "số thập phân phải viết trong dấu nháy")
    if type(value) is int:
        whole_at(value, at)
    elif type(value) is dict:
        for key, inner in mapping_at(value, at).items():
            require_plain(inner, f"{at}.{key}", depth + 1)
    elif type(value) is list:
        for index, inner in enumerate(value):
            require_plain(inner, f"{at}[{index}]", depth + 1)
