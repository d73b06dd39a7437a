"""What people type: cleaned, or refused at its field."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from core.kernel.config import read_config
from core.kernel.errors import Invalid
from core.people.schemas import CodeForm, ProfileForm, SignUpForm, load, phone_digits

GOOD = {"name": "Nguyễn Thị Hoa", "email": "hoa@example.vn", "password": "con trâu là đầu cơ nghiệp"}


@pytest.fixture(autouse=True)
def _context() -> Iterator[None]:
    words = Flask(__name__)
    config = read_config({"BANGVANG_MODE": "production", "SECRET_KEY": "k" * 40})  # and no short messages
    words.config |= {**config.as_flask(), "BANGVANG": config}
    Babel(words, default_locale="vi")
    with words.test_request_context():
        yield


@pytest.mark.parametrize(
    "typed",
    [
        unicodedata.normalize("NFD", "Nguyễn Thị Hoa"),
        "  Nguyễn\t Thị \n Hoa ",
        "Nguyễn Thị Hoa 🌸",
        "Nguyễn\u200b Thị\u202e Hoa\u0000\ufeff",
        "👩‍🔬 Nguyễn Thị Hoa",
    ],
    ids=["decomposed", "blanks", "picture", "invisible", "joined picture"],
)
def test_a_name_is_cleaned(typed: str) -> None:
    assert load(SignUpForm(), {**GOOD, "name": typed})["name"] == "Nguyễn Thị Hoa"


def test_names_of_many_kinds_stay_as_written() -> None:
    for name in ("H’Hen Niê", "Jean-Luc O'Neill", "Lò Thị Mỷ", "Y Phôn Ksor", "李小龍"):
        assert load(ProfileForm(), {"name": name})["name"] == name


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Bạn hãy nhập họ và tên."),
        ("name", "🌸🌸", "Bạn hãy nhập họ và tên."),
        ("name", "12345", "Bạn hãy nhập họ và tên."),
        ("name", "a" * 121, "Dài quá 120 ký tự, bạn hãy viết ngắn hơn."),
        ("email", "", "Bạn hãy nhập địa chỉ thư điện tử."),
        ("email", "a" * 250 + "@example.vn", "Dài quá 254 ký tự, bạn hãy viết ngắn hơn."),
        ("password", "", "Bạn hãy nhập mật khẩu."),
        ("password", "a" * 201, "Mật khẩu dài quá 200 ký tự."),
    ],
)
def test_what_is_missing_or_too_long_is_refused_at_its_field(field: str, typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(SignUpForm(), {**GOOD, field: typed})

    assert refused.value.errors == {field: [sentence]}


@pytest.mark.parametrize(
    "typed",
    ["hoa", "hoa@", "@example.vn", "hoa@example", "hoà@example.vn", "a b@example.vn", "a@b..vn", "a@-b.vn"],
)
def test_a_wrong_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(SignUpForm(), {**GOOD, "email": typed})

    assert refused.value.errors["email"] == [
        "Địa chỉ thư điện tử chưa đúng. Ví dụ đúng: hoa.nguyen@example.vn, không dấu, không khoảng trắng."
    ]


def test_an_address_is_kept_in_lower_case_without_outer_blanks() -> None:
    assert (
        load(SignUpForm(), {**GOOD, "email": " Hoa.Nguyen@Example.VN "})["email"] == "hoa.nguyen@example.vn"
    )


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456", "１２３４５６"])
def test_a_code_may_be_typed_with_blanks(typed: str) -> None:
    form = {"email": "hoa@example.vn", "code": typed}
    if typed.isascii():
        assert load(CodeForm(), form)["code"] == "123456"
        return
    with pytest.raises(Invalid) as refused:
        load(CodeForm(), form)
    assert list(refused.value.errors) == ["code"]


def test_a_telephone_number_is_kept_as_digits() -> None:
    assert phone_digits("0208 3.855-123") == "02083855123"
    assert phone_digits("+84 912 345 678") == "+84912345678"
    assert phone_digits("  ") is None
    with pytest.raises(Invalid) as refused:
        phone_digits("không có")
    assert list(refused.value.errors) == ["phone"]
