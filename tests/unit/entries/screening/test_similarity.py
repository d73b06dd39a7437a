"""How alike two texts are, on Vietnamese ones."""

from __future__ import annotations

import unicodedata

import pytest

from core.entries.screening.similarity import (
    MOST_PRINTS,
    SHINGLE,
    WINDOW,
    compare,
    fingerprints,
    marked,
    passages,
    titles_alike,
    words_of,
)

DRYER = (
    "Máy sấy chè dùng năng lượng mặt trời gồm buồng sấy, tấm thu nhiệt và quạt hút chạy bằng pin. "
    "Nhiệt độ trong buồng được giữ ổn định nhờ cảm biến và van gió đóng mở tự động theo giờ trong ngày. "
    "Sau ba vụ chè, hợp tác xã giảm được một nửa lượng củi và rút ngắn thời gian sấy mỗi mẻ còn bốn giờ."
)
STOVE = (
    "Bếp trấu cải tiến đốt kiệt khói nhờ hai lớp vỏ và ống cấp gió xoáy đặt ở đáy lò. "
    "Người dùng điều chỉnh ngọn lửa bằng một núm vặn, không phải châm thêm trấu trong lúc nấu. "
    "Các hộ dân thử nghiệm cho biết bếp nấu nhanh hơn và không còn ám khói lên mái nhà."
)


def test_words_know_no_marks_case_or_form() -> None:
    decomposed = unicodedata.normalize("NFD", "Máy SẤY chè, Đại Từ!")

    assert words_of(decomposed) == words_of("may say che Dai Tu") == ["may", "say", "che", "dai", "tu"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_same_text_in_any_form_is_the_same(form: str) -> None:
    other = unicodedata.normalize(form, DRYER).upper()  # type: ignore[arg-type]

    assert compare(("Máy sấy chè", DRYER), ("MÁY SẤY CHÈ", other)).text_percent == 100
    assert fingerprints(other) == fingerprints(DRYER)


def test_paragraphs_in_another_order_are_the_same_text() -> None:
    reordered = "\n\n".join(reversed(DRYER.split(". ")))

    likeness = compare(("a", DRYER), ("b", reordered))

    assert (likeness.text_percent, len(likeness.matches)) == (100, 3)


def test_a_text_about_something_else_is_not_alike() -> None:
    likeness = compare(("Máy sấy chè", DRYER), ("Bếp trấu", STOVE))

    assert (likeness.text_percent, likeness.matches) == (0, ())


def test_a_short_text_that_stands_in_a_long_one_is_found() -> None:
    inside = f"{STOVE} {DRYER} {STOVE.replace('trấu', 'củi')}"

    likeness = compare(("a", DRYER), ("b", inside))

    assert likeness.text_percent == 100
    assert fingerprints(DRYER) & fingerprints(inside)


def test_a_part_of_a_text_is_its_share_of_the_words() -> None:
    sentences = DRYER.split(". ")
    part = f"{sentences[0]}. {sentences[1]}. {STOVE}"

    # 20 and 22 of 66 words
    assert compare(("a", DRYER), ("b", part)).text_percent == 64


def test_a_changed_word_in_a_sentence_is_still_the_sentence() -> None:
    changed = DRYER.replace("quạt hút", "quạt thổi").replace("bốn giờ", "năm giờ")

    likeness = compare(("a", DRYER), ("b", changed))

    assert likeness.text_percent == 100
    assert [match.percent < 100 for match in likeness.matches] == [True, False, True]


@pytest.mark.parametrize("text", ["", "   ", "Máy sấy.", "\u200e\n", "🙂🙂🙂"])
def test_texts_of_no_words_are_like_nothing(text: str) -> None:
    assert (fingerprints(text), compare(("", text), ("", text)).text_percent) == (frozenset(), 0)


def test_one_sentence_that_everybody_writes_is_no_likeness() -> None:
    phrase = "Giải pháp đã được áp dụng có hiệu quả trong thực tế tại địa phương."

    assert compare(("a", f"{phrase} {DRYER}"), ("b", f"{phrase} {STOVE}")).text_percent == 0


def test_a_shared_run_of_words_shares_a_fingerprint() -> None:
    shared = " ".join(f"tu{number}" for number in range(SHINGLE + WINDOW - 1))

    assert fingerprints(f"{STOVE} {shared} {STOVE}") & fingerprints(f"{DRYER} {shared}")


def test_a_text_of_ten_thousand_characters_on_one_line_has_few_fingerprints() -> None:
    text = " ".join(f"chu{number}" for number in range(2000))

    assert len(fingerprints(text)) == MOST_PRINTS
    assert all(0 <= one < 2**63 for one in fingerprints(text))


def test_titles_are_compared_whatever_the_order_of_their_words() -> None:
    assert titles_alike("Máy sấy chè năng lượng mặt trời", "Máy năng lượng mặt trời sấy chè") == 100
    assert titles_alike("Máy sấy chè", "Bếp trấu") < 70


def test_the_words_that_agree_are_marked_as_they_were_written() -> None:
    assert marked("Máy Sấy chè bằng điện.", "máy sấy CHÈ dùng điện") == [
        ("Máy Sấy chè", True),
        ("bằng", False),
        ("điện.", True),
    ]


def test_headings_are_no_passages() -> None:
    assert [one.words for one in passages("II. Nội dung\nMáy sấy chè dùng năng lượng mặt trời rất tốt.")] == [
        10
    ]
