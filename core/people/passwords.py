"""Passwords: what is accepted, and how they are kept (argon2id, RFC 9106, with OWASP's smallest memory setting)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

from core.kernel.text import fold
from core.people.breaches import is_breached
from core.people.strength import lines_of, strength_of, typed_forms

SHORTEST = 10
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_SEQUENCES = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def faults(password: str, *, email: str = "", name: str = "") -> list[str]:
    """Why `password` is not accepted, in words; empty when it is.

    Long and not to be guessed, with no rule about kinds of characters (NIST SP 800-63B-4 section 3.1.1, OWASP ASVS
    5.0 section 6.2): refused are short ones, common and breached ones, and what can be guessed from the account.
    """
    if len(password) < SHORTEST:
        return [
            _("Mật khẩu cần ít nhất %(shortest)s ký tự. Một câu ngắn dễ nhớ là tốt nhất.", shortest=SHORTEST)
        ]
    plain = "".join(fold(password).split())
    if plain in common_passwords():
        return [
            _("Mật khẩu này quá quen thuộc, người khác đoán được ngay. Bạn hãy chọn một câu của riêng mình.")
        ]
    if len(set(plain)) < 4 or any(plain in line or plain in line[::-1] for line in _SEQUENCES):
        return [
            _("Mật khẩu chỉ lặp lại vài ký tự hoặc theo thứ tự bàn phím, rất dễ đoán. Bạn hãy chọn câu khác.")
        ]
    own = {email.casefold(), email.partition("@")[0].casefold(), "".join(fold(name).split())}
    if any(word and len(word) >= 5 and word in plain and len(plain) - len(word) < 5 for word in own):
        return [_("Mật khẩu gần như trùng tên hoặc địa chỉ thư của bạn nên dễ đoán. Bạn hãy chọn câu khác.")]
    if not strength_of(password, (email, name)).is_enough:
        return [
            _(
                "Mật khẩu này máy đoán ra được: tên, từ quen thuộc hoặc năm sinh ghép với vài chữ số là chưa đủ. "
                "Bạn hãy thêm hai, ba từ không liên quan đến nhau."
            )
        ]
    if is_breached(password, current_app.config.get("BREACH_LIST", "")):
        return [
            _(
                "Mật khẩu này có trong danh sách mật khẩu đã bị lộ ở nơi khác nên kẻ xấu sẽ thử trước tiên. "
                "Bạn hãy chọn một câu chưa dùng ở đâu."
            )
        ]
    return []


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one behind `kept`; takes as long when there is none."""
    try:
        HASHER.verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether `kept` was made with older settings and should be made again."""
    return HASHER.check_needs_rehash(kept)


@cache
def common_passwords() -> frozenset[str]:
    """Passwords everybody tries first: folded, by telex and by VNI, without blanks."""
    return frozenset(form for line in lines_of("common_passwords.txt") for form in typed_forms(line))


@cache
def _nobodys() -> str:
    return HASHER.hash("the password of nobody")
