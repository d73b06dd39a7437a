"""Texts of letters: places filled in, empty ones left out, values that stay words, faults at their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.letters.catalogue import KINDS, LANGUAGES, LetterKind, known_letter
from core.letters.post import example
from core.letters.texts import LetterWords, faults, fill, read_words
from core.letters.wording import FOLDER, folder_problems

RETURNED = known_letter("entry-returned")
PAIRS = [(kind, language) for kind in KINDS for language in LANGUAGES]


def shipped(kind: LetterKind, language: str) -> LetterWords:
    return read_words((FOLDER / f"{kind.key}.{language}.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("kind", "language"), PAIRS, ids=[f"{kind.key}.{language}" for kind, language in PAIRS]
)
def test_every_shipped_letter_is_whole_and_has_its_address(kind: LetterKind, language: str) -> None:
    words = shipped(kind, language)
    filled = example(kind, words, language)
    assert faults(kind, words) == []
    assert "{" not in filled.subject + filled.text + filled.html
    # The last letter to an account that is erased leads nowhere.
    assert ("https://mau.example.vn" in filled.text) == (kind.key != "data-erased")


def test_no_file_of_letters_is_without_its_letter() -> None:
    assert {file.name for file in FOLDER.glob("*")} == {
        f"{kind.key}.{language}.md" for kind, language in PAIRS
    }


def test_a_subject_says_what_to_do_and_until_when() -> None:
    filled = example(RETURNED, shipped(RETURNED, "vi"), "vi")
    assert filled.subject == "Cần bổ sung hồ sơ TN-2026-0042 trước 17:00 ngày 31/10/2026"


def test_a_paragraph_whose_places_are_all_empty_is_left_out() -> None:
    words = LetterWords(
        "Hồ sơ {ma_ho_so} {truoc_han}", "Lý do:\n{ly_do}\n\nCăn cứ: {can_cu}.\n\nHết {truoc_han} ."
    )
    filled = fill(words, {"ma_ho_so": "TN-1", "ly_do": "Thiếu chữ ký.\nThiếu năm."})
    assert filled.subject == "Hồ sơ TN-1"
    assert filled.text == "Lý do:\nThiếu chữ ký.\nThiếu năm.\n"


def test_values_are_words_and_never_markup() -> None:
    words = LetterWords("Hồ sơ {ten_ho_so}", "Hồ sơ **{ten_ho_so}** tại {dia_chi}")
    title = "<img src=x> **đậm** [a](http://b) {dia_chi} \ue0000\ue001"
    filled = fill(words, {"ten_ho_so": title, "dia_chi": "https://a.vn/?x=1&y=2"})
    assert filled.text == f"Hồ sơ **{title}** tại https://a.vn/?x=1&y=2\n"
    assert filled.html == (
        "<p>Hồ sơ <strong>&lt;img src=x&gt; **đậm** [a](http://b) {dia_chi} \ue0000\ue001</strong> tại "
        '<a href="https://a.vn/?x=1&amp;y=2">https://a.vn/?x=1&amp;y=2</a></p>'
    )


def test_a_subject_stays_on_one_line_whatever_fills_it_in() -> None:
    filled = fill(LetterWords("Hồ sơ {ten_ho_so}", "x"), {"ten_ho_so": "Một\r\nBcc: ai@example.vn"})
    assert filled.subject == "Hồ sơ Một Bcc: ai@example.vn"


def test_faults_are_told_at_their_line_with_what_was_meant() -> None:
    words = LetterWords("Hồ sơ {ma_ho}", "Kính gửi {nguoi_nhan},\n\nXem {ten_ho_so và {la_gi}")
    assert [(one.part, one.vi) for one in faults(RETURNED, words)] == [
        ("subject", "Dòng 1: thư này không có chỗ điền {ma_ho}. Có phải {ma_ho_so}?"),
        ("body", "Dòng 3: thư này không có chỗ điền {la_gi}."),
        ("body", "Dòng 3: có dấu “{” hoặc “}” lẻ; chỗ điền viết liền như {nguoi_nhan}."),
        ("body", "Thiếu chỗ điền {dia_chi} (địa chỉ của trang cần mở): thư này phải có."),
    ]


def test_a_tenants_folder_of_letters_is_checked_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "entry-returned.vi.md").write_text("# Cần bổ sung {ma}\n\n{dia_chi}\n", encoding="utf-8")
    (tmp_path / "loi-chao.vi.md").write_text("# Xin chào\n\nXin chào\n", encoding="utf-8")
    assert folder_problems(tmp_path) == [
        "letters/entry-returned.vi.md: Dòng 1: thư này không có chỗ điền {ma}.",
        "letters/loi-chao.vi.md: không có thư nào tên như vậy.",
    ]
    assert folder_problems(tmp_path / "none") == []
