"""Telephone numbers: one way of writing them, and how they are found again though they lie encrypted."""

from __future__ import annotations

import re

from core.kernel.security import keyed_digest

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_VIETNAMESE_MOBILE = re.compile(r"\+84[35789][0-9]{8}")
_BLANKS = re.compile(r"[\s().\-]")


def normal_phone(text: str) -> str | None:
    """`text` as a number that gets short messages, in E.164 ("+84912345678"); None for anything else.

    "0912 345 678", "84 912 345 678", "0084…" and "+84 912.345.678" are one number. Of Vietnamese numbers only mobile
    ones pass (numbering plan of 2018: after +84 one of 3, 5, 7, 8, 9 and eight more digits).
    """
    digits = _BLANKS.sub("", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = "+84" + digits[1:]
    elif re.fullmatch(r"84[35789][0-9]{8}", digits):
        digits = "+" + digits
    if not _E164.fullmatch(digits):
        return None
    return None if digits.startswith("+84") and not _VIETNAMESE_MOBILE.fullmatch(digits) else digits


def is_phone(login: str) -> bool:
    """Whether what was typed as the name of an account, already cleaned, is a telephone number."""
    return login.startswith("+")


def looks_like_phone(text: str) -> bool:
    """Whether somebody who typed this meant a telephone number and no address of mail."""
    return "@" not in text and len(re.sub(r"[^0-9]", "", text)) >= 7


def spoken_phone(number: str) -> str:
    """A number as people write it: "+84912345678" is "0912 345 678"; foreign ones stay."""
    if not _VIETNAMESE_MOBILE.fullmatch(number):
        return number
    national = "0" + number[3:]
    return f"{national[:4]} {national[4:7]} {national[7:]}"


def phone_digest(number: str) -> str:
    """What a number (E.164) is looked up by."""
    return keyed_digest(number, "phone")
