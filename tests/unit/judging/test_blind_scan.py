"""The scanner of blind rounds: what tells who the authors are, in every form people write it, and what does not."""

from __future__ import annotations

import unicodedata

import pytest

from core.judging.blind_scan import HIDDEN, Finding, Kind, Subject, findings_in, hits, masked

SUBJECT = Subject(
    names=("Nguyễn Văn Hoà", "Trần Thị Bích Ngọc"),
    units=("Trường THPT Lương Ngọc Quyến", "Xã Đại Từ", "Sở Khoa học và Công nghệ"),
    accounts=("hoanv.tn",),
)


def found(text: str, subject: Subject = SUBJECT) -> list[tuple[str, str]]:
    """Kind and words of each hit."""
    return [(hit.kind.value, text[hit.start : hit.end]) for hit in hits(text, subject)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("do Nguyễn Văn Hoà làm", "Nguyễn Văn Hoà"),
        ("do Nguyễn Văn Hòa làm", "Nguyễn Văn Hòa"),
        ("do NGUYEN VAN HOA làm", "NGUYEN VAN HOA"),
        ("tệp nguyen-van-hoa_ban2.pdf", "nguyen-van-hoa"),
        ("tệp NguyenVanHoa.docx", "NguyenVanHoa"),
        ("do Nguyễn\nVăn  Hoà làm", "Nguyễn\nVăn  Hoà"),
        (unicodedata.normalize("NFD", "do Nguyễn Văn Hoà"), unicodedata.normalize("NFD", "Nguyễn Văn Hoà")),
        ("do Nguyễn Hoà làm", "Nguyễn Hoà"),
        ("bạn Bích Ngọc đo", "Bích Ngọc"),
        ("thầy Hoà đã thử", "thầy Hoà"),
        ("ThS. Ngọc viết", "ThS. Ngọc"),
        ("N.V. Hoà vẽ", "N.V. Hoà"),
        ("do Nguyễn V. Hoà vẽ", "Nguyễn V. Hoà"),
        ("do Nguyễn V Hòa vẽ", "Nguyễn V Hòa"),
        ("do Ng. Văn Hoà vẽ", "Ng. Văn Hoà"),
        ("do Ng.V.Hoà vẽ", "Ng.V.Hoà"),
        ("do NGUYEN V. HOA vẽ", "NGUYEN V. HOA"),
        ("bà Trần T. B. Ngọc đo", "Trần T. B. Ngọc"),
    ],
)
def test_a_name_is_found_in_each_form(text: str, words: str) -> None:
    assert found(text) == [("name", words)]


@pytest.mark.parametrize(
    "text",
    [
        "đời sống văn hóa của xã",
        "Văn Hóa là nền tảng",
        "chi phí hòa vốn",
        "máy ngọc bích",
        "thầy hoà giải",
        "nguyễn v. hoà",
        "Nguyễn V. Hoàng làm",
        "Nguyễn Thị Hoà Bình làm",
        "ng. v. hoà tan",
        "Nguyễn Văn Hoàng làm",
        "",
    ],
)
def test_words_that_only_sound_like_it_are_left(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tại Trường THPT Lương Ngọc Quyến năm 2024", "Trường THPT Lương Ngọc Quyến"),
        ("tại TRUONG THPT LUONG NGOC QUYEN", "TRUONG THPT LUONG NGOC QUYEN"),
        ("học sinh Lương Ngọc Quyến", "Lương Ngọc Quyến"),
        ("vùng chè Đại Từ", "Đại Từ"),
        ("thuộc SKHCN quản lý", "SKHCN"),
    ],
)
def test_a_unit_is_found_by_its_name_and_its_short_one(text: str, words: str) -> None:
    assert found(text) == [("unit", words)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("gọi 0912 345 678 nhé", "phone", "0912 345 678"),
        ("gọi +84.912.345.678", "phone", "+84.912.345.678"),
        ("máy bàn 0208 3855 123", "phone", "0208 3855 123"),
        ("gọi (0912) 345 678 nhé", "phone", "(0912) 345 678"),
        ("gọi (0208) 3.855.555 nhé", "phone", "(0208) 3.855.555"),
        ("gọi +84 (0) 912 345 678 nhé", "phone", "+84 (0) 912 345 678"),
        ("gọi (+84) 912 345 678 nhé", "phone", "(+84) 912 345 678"),
        ("gọi 0912 - 345 - 678 nhé", "phone", "0912 - 345 - 678"),
        ("gọi 0912–345–678 nhé", "phone", "0912–345–678"),
        ("gọi 0912  345  678 nhé", "phone", "0912  345  678"),
        ("gọi 0912\u00a0345\u00a0678 nhé", "phone", "0912\u00a0345\u00a0678"),
        ("ĐT.0912345678 nhé", "phone", "0912345678"),
        ("thư ai.do @ gmail.com nhé", "email", "ai.do @ gmail.com"),
        ("thư ai.do [at] gmail.com nhé", "email", "ai.do [at] gmail.com"),
        ("xem t.me/nhommaysay nhé", "link", "t.me/nhommaysay"),
        ("xem youtu.be/abcd nhé", "link", "youtu.be/abcd"),
        ("xem bit.ly/3xYz nhé", "link", "bit.ly/3xYz"),
        ("xem zalo.me/g/abc nhé", "link", "zalo.me/g/abc"),
        ("xem forms.gle/Ab1 nhé", "link", "forms.gle/Ab1"),
        ("thư ai.do+x@truong.edu.vn nhé", "email", "ai.do+x@truong.edu.vn"),
        ("xem https://truong.edu.vn/a?b=1 để", "link", "https://truong.edu.vn/a?b=1"),
        ("xem maysay.com.vn để", "link", "maysay.com.vn"),
        ("tài khoản hoanv.tn đã gửi", "name", "hoanv.tn"),
    ],
)
def test_ways_to_reach_somebody_are_found_whoever_they_are(text: str, kind: str, words: str) -> None:
    assert found(text) == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "giá 25.000.000 đồng",
        "năm 2024, 12,5 kg",
        "0,912 tấn mỗi giờ",
        "phiên bản 3.11",
        "theo TCVN 5699-1:2010 (IEC 60335-1:2010)",
        "QCVN 01 - 190:2020/BNNPTNT và TCVN 3215 - 79",
        "từ 01.02.2024 - 03.04.2024",
        "từ 05/06/2024 – 07/08/2024, 03-02-2025 - 04-02-2025",
        "tọa độ 21.5942, 105.8482; 21° 35' 39\" – 105° 50' 53\"",
        "vốn 1 250 000 000 – 2 500 000 000 đồng",
        "giảm 0 - 100 000 000 đồng",
        "Quyết định số 03 - 2021 - 2025",
        "bảng 0,35  0,28  0,91  0,77  0,12",
        "5 kg @ 2.5, tốc độ 40 km/h, v.v./m2",
    ],
)
def test_figures_are_no_telephone_numbers(text: str) -> None:
    assert found(text) == []


def test_further_words_of_the_committee_are_found_without_their_marks() -> None:
    assert found("nhóm SAO KHUE và", Subject(more=("Sao Khuê",))) == [("more", "SAO KHUE")]


def test_the_same_words_have_keys_of_their_own_that_stay() -> None:
    text = "Đại Từ, rồi Đại Từ"

    first, again = findings_in(text, "title", SUBJECT), findings_in("Ở " + text, "title", SUBJECT)

    assert len({one.key for one in first}) == 2
    assert [one.key for one in again] == [one.key for one in first]
    assert findings_in(text, "facts.tom_tat", SUBJECT)[0].key != first[0].key


def test_what_is_found_is_hidden_dismissed_or_put_in_other_words() -> None:
    text = "Nguyễn Văn Hoà ở Đại Từ, gọi 0912345678."
    made = findings_in(text, "title", SUBJECT)
    choices = {made[1].key: ("dismiss", ""), made[2].key: ("words", "số máy")}

    assert [one.kind for one in made] == [Kind.NAME, Kind.UNIT, Kind.PHONE]
    assert masked(text, made, {}) == f"{HIDDEN} ở {HIDDEN}, gọi {HIDDEN}."
    assert masked(text, made, choices) == f"{HIDDEN} ở Đại Từ, gọi số máy."


def test_a_text_that_is_not_the_one_that_was_read_is_refused() -> None:
    made = findings_in("Nguyễn Văn Hoà", "title", SUBJECT)

    with pytest.raises(ValueError, match="title"):
        masked("Ông Nguyễn Văn Hoà", made, {})


def test_a_finding_is_read_back_as_it_was_stored() -> None:
    made = findings_in("Nguyễn Văn Hoà", "abc.0123/trang/3", SUBJECT)[0]

    assert Finding.of(made.kept()) == made
    assert (made.file, made.page) == ("abc", 3)
