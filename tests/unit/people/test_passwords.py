"""Which passwords are accepted, and why not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask_babel import Babel

from core.kernel.config import read_config
from core.kernel.errors import WrongUse
from core.people import passwords
from core.people.breaches import is_breached
from core.people.strength import lines_of, typed_forms


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
        ("maatjkhaaurmowis", "quá quen thuộc"),
        ("ma6t5kha6u3mo7i1", "quá quen thuộc"),
        ("hoanganh2005", "máy đoán ra được"),
        ("Thainguyen@1", "máy đoán ra được"),
        ("conmeocon123", "máy đoán ra được"),
        ("nguyenthihoa1990", "gần như trùng tên"),
    ],
)
def test_an_easy_password_is_refused_with_the_reason(password: str, why: str) -> None:
    (sentence,) = passwords.faults(password, email="hoa.nguyen@example.vn", name="Nguyễn Thị Hoa")

    assert why in sentence


@pytest.mark.usefixtures("dear_passwords")
def test_a_password_is_kept_so_that_guessing_is_dear() -> None:
    kept = passwords.hash_password("con trâu là đầu cơ nghiệp")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, "con trâu là đầu cơ nghiệp")


def test_only_the_right_password_matches() -> None:
    kept = passwords.hash_password("con trâu là đầu cơ nghiệp")

    assert passwords.matches(kept, "con trâu là đầu cơ nghiệp")
    assert not passwords.matches(kept, "con trâu là đầu cơ nghiêp")
    assert not passwords.matches(None, "the password of nobody")
    assert not passwords.matches("broken", "con trâu là đầu cơ nghiệp")


def test_a_long_password_is_looked_at_without_its_end() -> None:
    assert passwords.faults("mười hai con giáp ơi " * 9) == []


def test_words_are_known_by_every_way_of_typing_them() -> None:
    assert typed_forms("mật khẩu") == {
        "matkhau",
        "maatjkhaaur",
        "maajtkhaaru",
        "ma6t5kha6u3",
        "ma65tkha63u",
    }


def test_the_lists_are_lists_of_words_each_once() -> None:
    for name in ("common_passwords.txt", "vietnamese_words.txt"):
        lines = lines_of(name)
        assert len(lines) > 600
        assert sorted(line for line in set(lines) if lines.count(line) > 1) == []


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


KNOWN = "mười hai con giáp ơi"


def test_a_password_of_the_folder_of_ranges_is_refused(tmp_path: Path) -> None:
    digest = sha1(KNOWN)
    (tmp_path / f"{digest[:5]}.txt").write_text(f"{'0' * 35}:7\r\n{digest[5:]}:3\r\n")
    current_app.config["BREACH_LIST"] = str(tmp_path)

    (sentence,) = passwords.faults(KNOWN)

    assert "đã bị lộ" in sentence
    assert passwords.faults("con trâu là đầu cơ nghiệp") == []


def test_a_line_of_padding_is_no_breach(tmp_path: Path) -> None:
    digest = sha1(KNOWN)
    (tmp_path / f"{digest[:5]}.txt").write_text(f"{digest[5:]}:0\r\n")

    assert not is_breached(KNOWN, str(tmp_path))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_password_of_the_one_ordered_file_is_found_and_no_other(tmp_path: Path, ending: str) -> None:
    known = [f"mật khẩu số {number}" for number in range(300)]
    path = tmp_path / "pwned-passwords-sha1-ordered-by-hash.txt"
    path.write_bytes(
        "".join(
            f"{digest}:{number + 1}{ending}" for number, digest in enumerate(sorted(map(sha1, known)))
        ).encode()
    )

    assert [one for one in known if not is_breached(one, str(path))] == []
    assert [n for n in range(300) if is_breached(f"câu khác {n}", str(path))] == []


def test_an_empty_list_knows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.touch()

    assert not is_breached(KNOWN, str(path))
    assert not is_breached(KNOWN, "")


def test_a_list_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(WrongUse, match="BREACH_LIST names '/nowhere/at/all', which does not exist"):
        read_config({"BREACH_LIST": "/nowhere/at/all"})
