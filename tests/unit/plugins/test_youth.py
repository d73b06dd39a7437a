"""The youth family: five fields, ages on a given day, consent for minors, prize bands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plugin_api import Author, Edition, Entry, Finding, Ranked, Text, settings_fields
from core.plugin_host import (
    Rules,
    SettingsInvalid,
    installed_plugins,
    plugin_refs,
    resolve_settings,
    rules_for,
)
from core.plugin_kit.kit import edition_problems
from core.tenancy.package import load_tenant_packages
from plugins.stkt_youth.settings import YouthSettings

NAME = "stkt_youth"
CONSENTS: dict[str, object] = {
    "dong_y_giam_ho": True,
    "van_ban_dong_y": ["dong-y.pdf"],
    "dong_y_cong_bo": True,
}


def _edition(years: tuple[int, ...] = (2014, 2015), **settings: Any) -> Edition:
    resolved = resolve_settings((NAME,), {NAME: settings})
    return Edition("mau", "11", Text("Lần thứ 11"), years, 11, plugin_refs((NAME,)), resolved)


def _rules(**settings: Any) -> Rules:
    return rules_for(_edition(**settings))


RULES = _rules()


def _found(
    *authors: tuple[str | None, int | None],
    field: str | None = "hoc_tap",
    rules: Rules = RULES,
    facts: Mapping[str, object] = CONSENTS,
) -> list[tuple[str, str]]:
    """Check and severity of each finding for an entry of authors given as (birth day, birth year)."""
    people = tuple(Author(f"a{n}", "member", year) for n, (_day, year) in enumerate(authors, 1))
    days = {f"ngay_sinh_{n}": day for n, (day, _year) in enumerate(authors, 1) if day is not None}
    entry = Entry("TT-0001", field, "Hộp bút", authors=people, facts={**days, **facts})
    return [(one.check, str(one.severity)) for one in rules.check_entries([entry])]


def test_words_of_the_family() -> None:
    terms = RULES.terms()

    assert [str(one) for one in (terms.contest, terms.entry, terms.jury)] == [
        "Cuộc thi",
        "sản phẩm",
        "Hội đồng giám khảo",
    ]


def test_five_fields_none_of_which_is_a_field_of_the_technical_family() -> None:
    assert [one.key for one in RULES.entry_fields()] == [
        "hoc_tap",
        "phan_mem",
        "moi_truong",
        "gia_dinh",
        "khi_hau",
    ]


def test_field_of_another_family_is_refused() -> None:
    assert _found(("2003-05-01", 2003), field="y_duoc") == [("linh_vuc", "block")]


# The national contest of 2014-2015 counted births from 31/7/1996 to 31/7/2009 on 31/7/2015.


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1996-07-30", [("do_tuoi", "block")]),
        ("1996-07-31", []),
        ("1996-08-01", []),
        ("2009-07-30", []),
        ("2009-07-31", []),
        ("2009-08-01", [("do_tuoi", "block")]),
    ],
)
def test_ages_at_the_edges_of_the_day(born: str, expected: list[tuple[str, str]]) -> None:
    assert _found((born, int(born[:4]))) == expected
    assert _found((born, None)) == expected


def test_day_that_is_set_replaces_the_last_of_july() -> None:
    rules = _rules(age_day="2015-09-30")

    assert _found(("1996-09-29", 1996), rules=rules) == [("do_tuoi", "block")]
    assert _found(("1996-09-30", 1996), rules=rules) == []
    assert _found(("2009-09-30", 2009), rules=rules) == []
    assert _found(("2009-10-01", 2009), rules=rules) == [("do_tuoi", "block")]


def test_ages_that_a_province_sets() -> None:
    rules = _rules(min_age=10, max_age=18)

    assert _found(("1997-07-30", 1997), rules=rules) == [("do_tuoi", "block")]
    assert _found(("1997-07-31", 1997), rules=rules) == []
    assert _found(("2005-07-31", 2005), rules=rules) == []
    assert _found(("2005-08-01", 2005), rules=rules) == [("do_tuoi", "block")]


def test_somebody_born_on_the_leap_day() -> None:
    assert _found(("2008-02-29", 2008), rules=_rules(age_day="2014-02-28")) == [("do_tuoi", "block")]
    assert _found(("2008-02-29", 2008), rules=_rules(age_day="2014-03-01")) == []
    assert _found(("2008-02-29", 2008), rules=_rules(age_day="2024-02-29")) == []


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (1995, [("do_tuoi", "block")]),
        (1996, [("do_tuoi_chua_ro", "warn")]),
        (1997, []),
        (2008, []),
        (2009, [("do_tuoi_chua_ro", "warn")]),
        (2010, [("do_tuoi", "block")]),
        (None, [("do_tuoi_chua_ro", "warn")]),
    ],
)
def test_year_of_birth_alone_decides_where_it_can(year: int | None, expected: list[tuple[str, str]]) -> None:
    assert _found((None, year)) == expected


def test_birth_day_outside_the_given_year_is_refused() -> None:
    assert _found(("2003-05-01", 2004)) == [("ngay_sinh_khac_nam_sinh", "block")]


def test_each_author_is_checked_and_the_question_to_mend_is_named() -> None:
    authors = tuple(Author(f"a{n}", "member", None) for n in (1, 2, 3))
    days = {"ngay_sinh_1": "2003-05-01", "ngay_sinh_2": "1990-01-01", "ngay_sinh_3": "2014-01-01"}
    entry = Entry("TT-0001", "hoc_tap", "Hộp bút", authors=authors, facts={**days, **CONSENTS})

    assert [(one.check, one.field, one.clause) for one in RULES.check_entries([entry])] == [
        ("do_tuoi", "ngay_sinh_2", "do_tuoi"),
        ("do_tuoi", "ngay_sinh_3", "do_tuoi"),
    ]


def test_edition_without_a_day_says_that_ages_cannot_be_checked() -> None:
    rules = rules_for(_edition(years=()))

    assert _found(("1950-01-01", 1950), rules=rules) == [("ngay_tinh_tuoi", "warn")]


@given(
    born=st.dates(date(1980, 1, 1), date(2020, 12, 31)),
    day=st.dates(date(2010, 1, 1), date(2020, 12, 31)),
)
def test_birth_day_is_accepted_from_the_sixth_birthday_to_the_nineteenth(born: date, day: date) -> None:
    rules = _rules(age_day=day.isoformat())
    blocked = ("do_tuoi", "block") in _found((born.isoformat(), born.year), rules=rules)

    assert blocked == (not _birthday(born, 6) <= day <= _birthday(born, 19))


def _birthday(born: date, years: int) -> date:
    """The birthday; for a leap day in a common year the first of March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


@given(
    born=st.dates(date(1980, 1, 1), date(2020, 12, 31)),
    day=st.dates(date(2010, 1, 1), date(2020, 12, 31)),
)
def test_year_alone_never_refuses_whom_the_day_accepts(born: date, day: date) -> None:
    rules = _rules(age_day=day.isoformat())
    by_day = ("do_tuoi", "block") in _found((born.isoformat(), born.year), rules=rules)
    by_year = ("do_tuoi", "block") in _found((None, born.year), rules=rules)

    assert by_day or not by_year


# Consent


def test_minor_without_consent_is_refused() -> None:
    assert _found(("2003-05-01", 2003), facts={"dong_y_cong_bo": True}) == [
        ("dong_y_giam_ho", "block"),
        ("van_ban_dong_y", "block"),
    ]
    assert _found(("2003-05-01", 2003), facts={**CONSENTS, "van_ban_dong_y": []}) == [
        ("van_ban_dong_y", "block")
    ]
    assert _found(("2003-05-01", 2003)) == []


@pytest.mark.parametrize(("born", "needed"), [("1997-07-31", False), ("1997-08-01", True)])
def test_consent_is_needed_until_the_eighteenth_birthday(born: str, needed: bool) -> None:
    found = _found((born, 1997), facts={"dong_y_cong_bo": True})

    assert (("dong_y_giam_ho", "block") in found) is needed


def test_one_minor_among_grown_ups_needs_consent() -> None:
    found = _found(("1997-01-01", 1997), ("2003-05-01", 2003), facts={"dong_y_cong_bo": True})

    assert ("dong_y_giam_ho", "block") in found


def test_who_may_be_a_minor_is_taken_for_one() -> None:
    assert ("dong_y_giam_ho", "block") in _found((None, 1997), facts={"dong_y_cong_bo": True})
    assert ("dong_y_giam_ho", "block") not in _found((None, 1996), facts={"dong_y_cong_bo": True})


def test_nothing_is_published_without_consent() -> None:
    assert _found(("1997-01-01", 1997), facts={}) == [("dong_y_cong_bo", "block")]


def test_too_many_authors_are_refused() -> None:
    policies = [_rules(max_authors=most).author_policy() for most in (5, 6)]

    assert [(one.max_authors, one.clause) for one in policies] == [(5, "phieu_dang_ky"), (6, "phieu_dang_ky")]


def test_form_asks_for_as_many_birth_days_as_there_may_be_authors() -> None:
    asked = [one.key for section in _rules(max_authors=3).dossier_form() for one in section.fields]

    assert [key for key in asked if key.startswith("ngay_sinh")] == [
        "ngay_sinh_1",
        "ngay_sinh_2",
        "ngay_sinh_3",
    ]


def test_birth_days_are_never_public() -> None:
    fields = [one for section in RULES.dossier_form() for one in section.fields]

    assert [one.key for one in fields if one.public] == ["tom_tat", "hinh_anh"]


# Bands


def test_bands_are_sixty_seventy_eighty_ninety() -> None:
    scheme = RULES.award_scheme()

    assert [(one.key, str(one.minimum), one.quota, one.official) for one in scheme.tiers] == [
        ("nhat", "90", None, False),
        ("nhi", "80", None, False),
        ("ba", "70", None, False),
        ("khuyen_khich", "60", None, False),
    ]


def test_special_prize_stands_above_when_its_band_is_set() -> None:
    scheme = _rules(band_dac_biet="95", quota_dac_biet=1).award_scheme()

    assert [(one.key, str(one.minimum), one.quota) for one in scheme.tiers][:2] == [
        ("dac_biet", "95", 1),
        ("nhat", "90", None),
    ]


def test_confirmed_band_is_official_once_its_quota_is() -> None:
    tiers = _rules(confirmed=["band_nhat", "quota_nhat"]).award_scheme().tiers

    assert [one.official for one in tiers] == [True, False, False, False]


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=30))
def test_every_total_goes_to_its_band(totals: list[Decimal]) -> None:
    ordered = sorted(totals, reverse=True)
    ranking = tuple(
        Ranked(1 + sum(other > total for other in ordered), f"E{n:02}", total)
        for n, total in enumerate(ordered)
    )
    proposed = {one.entry: one.tier for one in RULES.allocate(RULES.award_scheme(), ranking).proposals}

    assert [proposed.get(row.entry) for row in ranking] == [_band(row.total) for row in ranking]


def _band(total: Decimal) -> str | None:
    for key, least in (("nhat", 90), ("nhi", 80), ("ba", 70), ("khuyen_khich", 60)):
        if total >= least:
            return key
    return None


@given(
    st.lists(st.decimals(0, 100, places=1), min_size=4, max_size=4),
)
def test_bands_that_do_not_fall_are_refused(bands: list[Decimal]) -> None:
    given_ = dict(
        zip(("band_nhat", "band_nhi", "band_ba", "band_khuyen_khich"), map(str, bands), strict=True)
    )
    falls = all(above > below for above, below in pairwise(bands))

    if falls:
        assert [str(one.minimum) for one in _rules(**given_).award_scheme().tiers] == list(given_.values())
    else:
        with pytest.raises(
            SettingsInvalid, match="Mức điểm của giải thấp hơn phải nhỏ hơn mức của giải trên"
        ):
            _rules(**given_)


def test_threshold_of_the_preliminary_round() -> None:
    assert [one.threshold for one in RULES.rounds()] == [Decimal(60), None]
    assert [one.threshold for one in _rules(preliminary_threshold=None).rounds()] == [None, None]


@pytest.mark.parametrize("day", ["31/7/2026", "2026-02-30", "20260731", "mai"])
def test_day_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"stkt_youth\.age_day: Viết một ngày dạng năm-tháng-ngày"):
        _rules(age_day=day)


def test_ages_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(SettingsInvalid, match=r"stkt_youth\.min_age: Tuổi nhỏ nhất không được lớn hơn"):
        _rules(min_age=19, max_age=6)


# The plugin as a whole


def test_it_conforms() -> None:
    assert edition_problems(RULES) == ()


def test_no_setting_is_taken_for_official() -> None:
    declared = settings_fields(YouthSettings)

    assert [key for key, one in declared.items() if one.metadata["official"]] == ["confirmed"]


def test_no_tenant_enables_it() -> None:
    assert NAME in [one.name for one in installed_plugins()]
    assert [one.slug for one in load_tenant_packages() if NAME in one.plugins] == []


def test_findings_do_not_depend_on_the_order_of_entries() -> None:
    day = date(1990, 1, 1)
    entries = [
        Entry(
            f"E{n}",
            "hoc_tap",
            "Bài",
            authors=(Author("a", "chief", None),),
            facts={"ngay_sinh_1": (day + timedelta(days=900 * n)).isoformat()},
        )
        for n in range(15)
    ]

    def told(found: tuple[Finding, ...]) -> set[tuple[str, str]]:
        return {(one.entry, one.check) for one in found}

    assert told(RULES.check_entries(entries)) == told(RULES.check_entries(entries[::-1]))
