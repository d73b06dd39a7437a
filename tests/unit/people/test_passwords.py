"""Which passwords are accepted, and why not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from core.people import passwords


@pytest.fixture(autouse=True)
def _context() -> Iterator[None]:
    words = Flask(__name__)
    Babel(words, default_locale="vi")
    with words.test_request_context():
        yield


@pytest.mark.parametrize(
    "password", ["con trâu là đầu cơ nghiệp", "Chè Tân Cương 7h sáng", "k9$Lm2!pQz", "mười hai con giáp ơi"]
)
def test_a_sentence_of_ones_own_is_accepted(password: str) -> None:
    assert passwords.faults(password, email="hoa@example.vn", name="Nguyễn Thị Hoa") == []


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("chín ký t", "ít nhất 10 ký tự"),
        ("Mật Khẩu 123456", "quá quen thuộc"),
        ("anh yêu em nhiều", "quá quen thuộc"),
        ("QWERTYUIOP", "quá quen thuộc"),
        ("aaaaaaaaaaaa", "lặp lại"),
        ("abababababab", "lặp lại"),
        ("defghijklmno", "thứ tự bàn phím"),
        ("hoa.nguyen@example.vn", "gần như trùng tên"),
        ("nguyễn thị hoa1", "gần như trùng tên"),
    ],
)
def test_an_easy_password_is_refused_with_the_reason(password: str, why: str) -> None:
    (sentence,) = passwords.faults(password, email="hoa.nguyen@example.vn", name="Nguyễn Thị Hoa")

    assert why in sentence


def test_only_the_right_password_matches() -> None:
    kept = passwords.hash_password("con trâu là đầu cơ nghiệp")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, "con trâu là đầu cơ nghiệp")
    assert not passwords.matches(kept, "con trâu là đầu cơ nghiêp")
    assert not passwords.matches(None, "the password of nobody")
    assert not passwords.matches("broken", "con trâu là đầu cơ nghiệp")
