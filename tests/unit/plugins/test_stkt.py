"""The technical-innovation family: words, fields, form, and the checks of entries."""

from __future__ import annotations

import pytest

from core.plugin_api import Entry, Finding, Severity
from core.plugin_host import rules_for
from tests.unit.plugins.editions import backan_8

RULES = rules_for(backan_8())
GOOD: dict[str, object] = {
    "da_ap_dung": True,
    "minh_chung_ap_dung": "Biên bản áp dụng tại hợp tác xã",
    "thang_tao_ra": "2021-03",
    "thang_ap_dung": "2022-01",
}


def _found(field: str | None = "cntt", **facts: object) -> list[Finding]:
    entry = Entry("BK-8-0001", field, "Giải pháp", facts={**GOOD, **facts})
    return list(RULES.check_entries([entry]))


def _told(found: list[Finding]) -> list[tuple[str, str, str | None, str | None]]:
    return [(one.check, str(one.severity), one.clause, one.field) for one in found]


def test_words_of_the_family() -> None:
    terms = RULES.terms()

    assert [str(one) for one in (terms.contest, terms.entry, terms.jury)] == [
        "Hội thi",
        "giải pháp",
        "Hội đồng giám khảo",
    ]


def test_six_fields_in_the_order_of_the_rules() -> None:
    assert [one.key for one in RULES.entry_fields()] == [
        "cntt",
        "co_khi",
        "vat_lieu",
        "nong_nghiep",
        "y_duoc",
        "giao_duc",
    ]


def test_points_of_the_criteria_are_illustrations() -> None:
    assert [(one.key, str(one.maximum), one.official) for one in RULES.deciding_round().criteria] == [
        ("tinh_moi", "40", False),
        ("kha_nang", "30", False),
        ("hieu_qua", "30", False),
    ]


def test_points_that_the_committee_confirmed_are_official() -> None:
    own = {"points_tinh_moi": "50", "confirmed": ["points_tinh_moi"]}
    criterion = rules_for(backan_8(stkt_base=own)).deciding_round().criteria[0]

    assert (str(criterion.maximum), criterion.official) == ("50", True)


def test_solution_applied_within_the_look_back_passes() -> None:
    assert _found() == []


def test_mere_idea_is_blocked_with_its_clause() -> None:
    assert _told(_found(da_ap_dung=False)) == [("da_ap_dung", "block", "da_ap_dung", "da_ap_dung")]


def test_application_without_evidence_is_blocked_at_the_evidence() -> None:
    assert _told(_found(minh_chung_ap_dung=" ")) == [
        ("minh_chung_ap_dung", "block", "da_ap_dung", "minh_chung_ap_dung")
    ]


@pytest.mark.parametrize(("month", "passes"), [("2018-12", False), ("2019-01", True)])
def test_look_back_is_five_years_before_the_first_contest_year(month: str, passes: bool) -> None:
    told = _told(_found(thang_tao_ra=month))

    assert (told == []) is passes
    if not passes:
        assert told == [("tao_ra_trong_thoi_han", "block", "tao_ra_trong_thoi_han", "thang_tao_ra")]


def test_look_back_message_names_the_first_year() -> None:
    assert _found(thang_tao_ra="2018-12")[0].message.vi == (
        "Giải pháp phải được tạo ra và áp dụng từ năm 2019 trở lại đây."
    )


def test_look_back_can_be_switched_off() -> None:
    rules = rules_for(backan_8(stkt_base={"lookback_years": None}))
    entry = Entry("BK-8-0001", "cntt", "Giải pháp", facts={**GOOD, "thang_tao_ra": "1999-01"})

    assert rules.check_entries([entry]) == ()


def test_application_before_creation_is_blocked() -> None:
    assert _told(_found(thang_ap_dung="2021-02")) == [
        ("thu_tu_thoi_gian", "block", "tao_ra_trong_thoi_han", "thang_ap_dung")
    ]


@pytest.mark.parametrize("month", ["", "2021-13", "tháng 3", 2021, None])
def test_what_is_no_month_is_left_to_the_form(month: object) -> None:
    assert _found(thang_tao_ra=month) == []


@pytest.mark.parametrize("field", [None, "khac"])
def test_field_outside_the_six_is_blocked(field: str | None) -> None:
    assert _told(_found(field)) == [("linh_vuc", "block", "sau_linh_vuc", None)]


def test_award_already_won_is_told_and_does_not_block() -> None:
    assert _told(_found(giai_thuong_da_dat="Giải Nhì cấp bộ")) == [
        ("giai_thuong_da_dat", "warn", "giai_thuong_da_dat", "giai_thuong_da_dat")
    ]


def test_description_follows_the_outline() -> None:
    sections = RULES.dossier_form()

    assert [section.key for section in sections] == ["dang_ky", "mo_ta", "danh_gia", "hieu_qua", "tai_lieu"]
    labels = [one.label.vi for section in sections[1:4] for one in section.fields]
    assert [label.split(".")[0] for label in labels if label[0] in "IV"] == [
        "I",
        "II",
        "II",
        "III",
        "IV",
        "V",
        "V",
        "V",
    ]


def test_files_take_documents_and_pictures_of_20_megabytes_as_an_illustration() -> None:
    full_text, picture = RULES.form_field("tep_toan_van"), RULES.form_field("hinh_anh")

    assert full_text is not None
    assert picture is not None
    assert (full_text.accept, picture.accept) == ((".pdf", ".docx"), (".jpg", ".jpeg", ".png"))
    assert (full_text.max_bytes, full_text.official, picture.official) == (20971520, False, False)


def test_benefits_are_asked_for_in_money_and_not_in_money() -> None:
    in_money, other = RULES.form_field("bang_lam_loi"), RULES.form_field("bang_loi_ich_khac")

    assert in_money is not None
    assert other is not None
    assert [one.kind for one in in_money.columns] == ["text", "number", "text", "money"]
    assert [one.key for one in other.columns] == ["loi_ich", "truoc", "sau"]
    assert (in_money.official, other.official) == (False, False)


@pytest.mark.parametrize(("declared", "warned"), [(30_000_000, False), (25_000_000, True), (None, False)])
def test_a_declared_benefit_that_is_not_the_sum_of_its_table_is_told(
    declared: int | None, warned: bool
) -> None:
    rows = [{"khoan": "Than", "so_tien": 21_000_000}, {"so_tien": 9_000_000}, {"khoan": "Khác"}]
    entry = Entry("A", "co_khi", "Máy sấy", facts={"bang_lam_loi": rows, "gia_tri_lam_loi": declared})

    found = [one for one in RULES.check_entries([entry]) if one.check == "tong_lam_loi"]

    assert [(one.severity, one.field) for one in found] == [(Severity.WARN, "gia_tri_lam_loi")] * warned


def test_the_committee_sets_how_many_words_a_part_may_have() -> None:
    asked = [one for section in RULES.dossier_form() for one in section.fields]

    limits = {one.max_words for one in asked if one.clause == "ban_mo_ta" and one.kind == "long_text"}
    assert limits == {3000}
    assert all(one.example for one in asked if one.max_words)
