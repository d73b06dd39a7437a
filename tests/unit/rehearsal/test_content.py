"""Sample content: the same seed gives the same content, and it is fit to be shown."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from random import Random
from typing import cast

import pytest
from PIL import Image
from pypdf import PdfReader

from core.kernel.counting import count_words
from core.plugin_api.values import Choice, Edition, FieldKind, FormField, FormSection, Text
from core.plugin_host import rules_for
from core.rehearsal.content import (
    DEMO_NOTE,
    PARAGRAPH_KINDS,
    THEMES,
    birth_year,
    departure_reason,
    judge_remarks,
    person_names,
    refusal_reason,
    report_activities,
    report_difficulties,
    return_reason,
    sample_pdf,
    sample_picture,
    theme_of,
    titles,
    workplaces,
)
from core.rehearsal.content_answers import form_answers
from tests.unit.plugins.editions import bacgiang_11, backan_8, thainguyen_2025


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 -- content for a rehearsal, not a secret


FIELDS = ("cntt", "co_khi", "vat_lieu", "nong_nghiep", "y_duoc", "giao_duc")


def test_the_same_seed_gives_the_same_entries() -> None:
    assert titles(seeded(7), 60, FIELDS) == titles(seeded(7), 60, FIELDS)
    assert titles(seeded(7), 60, FIELDS) != titles(seeded(8), 60, FIELDS)


def test_five_hundred_titles_are_distinct() -> None:
    entries = titles(seeded(1), 500)
    assert len({entry.title for entry in entries}) == 500
    assert {entry.field for entry in entries} == {None}


def test_entries_are_spread_evenly_over_the_fields() -> None:
    entries = titles(seeded(1), 60, FIELDS)
    assert {field: sum(entry.field == field for entry in entries) for field in FIELDS} == dict.fromkeys(
        FIELDS, 10
    )


def test_a_field_that_no_theme_knows_takes_the_theme_of_its_place() -> None:
    assert theme_of("linh_vuc_khac", 2) == THEMES[2]
    assert theme_of("nong_nghiep", 0) == "nong_lam"


def test_published_titles_come_before_combined_ones() -> None:
    first = {entry.title for entry in titles(seeded(3), 72)}
    assert {
        "Xử lý tái sinh các loại keo UF, MUF bị biến chất trong sản xuất gỗ nhân tạo",
        "Nâng cao năng suất đào lò, khai thác than bằng máy combai",
        "Kẹo que thảo dược hỗ trợ điều trị viêm họng cho trẻ em",
        "Kết nối máy tính và đo lường điện tử cải thiện tính năng thiết bị dạy học",
    } <= first
    assert max(len(title) for title in first) > 200


def test_more_titles_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="Không đủ tên khác nhau cho 300 hồ sơ mẫu"):
        titles(seeded(1), 300, ("cntt",))


def test_every_paragraph_is_two_to_four_whole_sentences() -> None:
    for entry in titles(seeded(2), 200, FIELDS):
        assert tuple(entry.paragraphs) == PARAGRAPH_KINDS
        for text in entry.paragraphs.values():
            assert 2 <= len(re.findall(r"[.](?: |$)", text)) <= 4
            assert not re.search(r"[{}!]", text)


def test_the_places_of_the_caller_are_the_places_of_use() -> None:
    entries = titles(seeded(2), 30, places=("Xã La Bằng",))
    assert {entry.facts.place for entry in entries} == {"Xã La Bằng"}


def test_names_are_distinct_and_of_three_parts() -> None:
    names = person_names(seeded(5), 3000)
    assert len(set(names)) == 3000
    assert {len(name.split()) for name in names} == {3}
    assert names[:50] == person_names(seeded(5), 50)


def test_more_names_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="Chỉ ghép được 6864 họ tên mẫu khác nhau"):
        person_names(seeded(5), 6865)


def test_invented_people_are_marked() -> None:
    assert str(DEMO_NOTE) == "Dữ liệu trình diễn"
    assert all("Mẫu" in name for name in workplaces(seeded(1), 50))


def test_authors_are_between_15_and_82_years_old() -> None:
    years = [birth_year(seeded(seed), 2025) for seed in range(300)]
    assert 1943 <= min(years) < 1960
    assert 2000 < max(years) <= 2010


@pytest.mark.parametrize(
    "sentence",
    [judge_remarks, return_reason, refusal_reason, departure_reason, report_activities, report_difficulties],
)
def test_remarks_and_reasons_end_as_sentences(sentence: object) -> None:
    assert callable(sentence)
    for seed in range(20):
        text = sentence(seeded(seed))
        assert text.endswith(".")
        assert "!" not in text


def test_the_picture_is_a_png_of_its_size_and_the_same_for_the_same_seed() -> None:
    for theme in THEMES:
        picture = sample_picture(seeded(4), theme)
        with Image.open(io.BytesIO(picture)) as image:
            assert (image.format, image.size) == ("PNG", (800, 600))
        assert picture == sample_picture(seeded(4), theme)


def test_the_pdf_is_one_valid_page_with_its_title() -> None:
    title = "Ứng dụng AI nâng cao hiệu quả quản lý văn bản"
    reader = PdfReader(io.BytesIO(sample_pdf(title, ("Một đoạn mô tả. " * 400,))), strict=True)
    assert len(reader.pages) == 1
    assert reader.metadata is not None
    assert reader.metadata.title == title


def test_form_answers_fit_every_kind_of_question() -> None:
    (entry,) = titles(seeded(6), 1, ("cntt",))
    words = Text("x", "x")
    section = FormSection(
        "a",
        words,
        (
            FormField("tom_tat", words, FieldKind.LONG_TEXT, required=True, max_chars=120),
            FormField("noi_ap_dung", words, FieldKind.TEXT, required=True),
            FormField("giai_thuong_da_dat", words, FieldKind.TEXT),
            FormField("muc_do_moi", words, FieldKind.CHOICE, choices=(Choice("tinh", words),)),
            FormField("gia_tri_lam_loi", words, FieldKind.MONEY),
            FormField("thang_tao_ra", words, FieldKind.MONTH, required=True),
            FormField("thang_ap_dung", words, FieldKind.MONTH, required=True),
            FormField("cam_doan", words, FieldKind.CHECK, required=True),
            FormField("hinh_anh", words, FieldKind.FILES, required=True),
        ),
    )
    answers = form_answers(seeded(6), entry, (section,), today=date(2025, 6, 26))
    summary = answers.pop("tom_tat")
    assert isinstance(summary, str)
    assert entry.paragraphs["tom_tat"].startswith(summary)
    assert len(summary) <= 120
    back = 2025 * 12 + 5 - entry.facts.months_in_use
    assert answers == {
        "noi_ap_dung": entry.facts.place[0].upper() + entry.facts.place[1:],
        "muc_do_moi": "tinh",
        "gia_tri_lam_loi": entry.facts.benefit_vnd,
        "thang_tao_ra": f"{(back - 5) // 12}-{(back - 5) % 12 + 1:02d}",
        "thang_ap_dung": f"{back // 12}-{back % 12 + 1:02d}",
        "cam_doan": True,
    }


@pytest.mark.parametrize("edition", [backan_8, bacgiang_11, thainguyen_2025])
def test_the_forms_that_ship_are_answered_in_full(edition: Callable[[], Edition]) -> None:
    form = rules_for(edition()).dossier_form()
    asked = [field for section in form for field in section.fields if field.kind is not FieldKind.FILES]
    for entry in titles(seeded(9), 60, FIELDS):
        answers = form_answers(seeded(9), entry, form, today=date(2025, 11, 12))
        assert {field.key for field in asked if field.required} <= set(answers)
        assert set(answers) <= {field.key for field in asked}
        assert "giai_thuong_da_dat" not in answers
        for field in asked:
            if field.max_chars is not None and field.key in answers:
                assert len(str(answers[field.key])) <= field.max_chars
            if field.max_words is not None:
                assert count_words(str(answers[field.key])) <= field.max_words


def test_amounts_of_a_table_sum_to_the_benefit_that_is_declared() -> None:
    (entry,) = titles(seeded(6), 1, ("cntt",))
    answers = form_answers(seeded(6), entry, rules_for(backan_8()).dossier_form(), today=date(2025, 11, 12))

    rows = cast("list[dict[str, int]]", answers["bang_lam_loi"])
    assert sum(row["so_tien"] for row in rows) == answers["gia_tri_lam_loi"] == entry.facts.benefit_vnd


def test_the_kind_of_work_follows_the_title() -> None:
    form = rules_for(thainguyen_2025()).dossier_form()
    kinds = {
        entry.title.split()[0]: form_answers(seeded(1), entry, form, today=date(2025, 11, 12))["loai_hinh"]
        for entry in titles(seeded(1), 72)
    }
    assert (kinds["Máy"], kinds["Phần"], kinds["Quy"]) == ("san_pham", "cong_nghe", "giai_phap_ky_thuat")
