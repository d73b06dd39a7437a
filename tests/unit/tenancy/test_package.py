"""The tenants that ship, read from their folders, and what the loader says to a folder that is wrong."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.tenancy.package import (
    Mark,
    PackageError,
    PhaseKind,
    TenantPackage,
    check_package,
    contrast,
    load_tenant_package,
    load_tenant_packages,
    target_total,
    tenants_folder,
    units_of,
)

PLUGINS = ("stkt_base", "backan_stkt", "bacgiang_stkt", "thainguyen_innovation")
PACKAGES = {package.slug: package for package in load_tenant_packages()}
EVERY = pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES.keys())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Bắc Kạn's folder to spoil."""
    return Path(shutil.copytree(tenants_folder() / "backan", tmp_path / "backan"))


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def complaint(folder: Path) -> str:
    with pytest.raises(PackageError) as raised:
        load_tenant_package(folder)
    return str(raised.value).removeprefix(f"{folder}/")


def test_three_tenants_ship() -> None:
    assert list(PACKAGES) == ["bacgiang", "backan", "thainguyen"]
    assert {slug: [edition.key for edition in package.editions] for slug, package in PACKAGES.items()} == {
        "bacgiang": ["11"],
        "backan": ["8"],
        "thainguyen": ["2025", "2026"],
    }


@pytest.mark.parametrize(
    ("slug", "edition", "kind", "opens", "closes"),
    [
        ("thainguyen", "2025", "submission", "2025-01-23T17:00:00+00:00", "2025-10-31T17:00:00+00:00"),
        ("thainguyen", "2025", "voting", "2025-11-04T17:00:00+00:00", "2025-11-20T17:00:00+00:00"),
        ("backan", "8", "submission", "2024-06-03T17:00:00+00:00", "2025-06-30T17:00:00+00:00"),
        ("bacgiang", "11", "submission", "2024-01-11T17:00:00+00:00", "2025-05-31T17:00:00+00:00"),
    ],
)
def test_the_end_of_a_day_is_the_next_local_midnight(
    slug: str, edition: str, kind: str, opens: str, closes: str
) -> None:
    phase = PACKAGES[slug].edition(edition).phase(PhaseKind(kind))
    assert phase is not None
    assert (phase.opens.instant.isoformat(), phase.closes.instant.isoformat()) == (opens, closes)


def test_dates_of_the_letters_are_marked_exact_and_keep_their_last_day() -> None:
    exact = {
        (slug, edition.key, phase.kind, phase.closes.until_end_of)
        for slug, package in PACKAGES.items()
        for edition in package.editions
        for phase in edition.phases
        if phase.closes.mark is Mark.EXACT
    }
    assert exact == {
        ("thainguyen", "2025", PhaseKind.VOTING, date(2025, 11, 20)),
        ("backan", "8", PhaseKind.SUBMISSION, date(2025, 6, 30)),
        ("bacgiang", "11", PhaseKind.SUBMISSION, date(2025, 5, 31)),
    }


@pytest.mark.parametrize(
    ("slug", "edition", "kind"),
    [
        ("thainguyen", "2025", PhaseKind.VOTING),
        ("thainguyen", "2026", PhaseKind.SUBMISSION),
        ("backan", "8", PhaseKind.SUBMISSION),
        ("bacgiang", "11", PhaseKind.JUDGING),
    ],
)
def test_the_demonstration_clock_stands_in_the_phase_to_show(
    slug: str, edition: str, kind: PhaseKind
) -> None:
    shown = PACKAGES[slug].edition(edition)
    now = shown.demonstration.starts_at
    assert [phase.kind for phase in shown.phases if phase.opens.instant <= now < phase.closes.instant] == [
        kind
    ]


def test_a_deadline_may_be_a_local_time_of_day(folder: Path) -> None:
    spoil(folder / "tenant.toml", "until_end_of = 2025-06-30", "at = 2025-06-30T17:00:00")
    phase = load_tenant_package(folder).edition("8").phase(PhaseKind.SUBMISSION)
    assert phase is not None
    assert phase.closes.instant == datetime(2025, 6, 30, 10, tzinfo=UTC)
    assert phase.closes.until_end_of is None


@EVERY
def test_a_tenant_that_ships_has_nothing_wrong(package: TenantPackage) -> None:
    assert check_package(package, PLUGINS) == ()


@EVERY
def test_the_accent_is_readable_on_paper(package: TenantPackage) -> None:
    assert contrast(package.light.accent, "#fffdf8") >= 4.5
    assert contrast(package.dark.accent, "#1c1917") >= 4.5


@EVERY
def test_what_is_not_official_says_so_in_its_source(package: TenantPackage) -> None:
    for edition in package.editions:
        ends = [end for phase in edition.phases for end in (phase.opens, phase.closes)]
        marked = [(end.mark, end.source) for end in ends] + [
            (edition.committee.mark, edition.committee.source)
        ]
        for mark, source in marked:
            assert ("minh họa" in source.vi.lower()) is (mark is Mark.ILLUSTRATION)
            assert ("illustration" in source.en.lower()) is (mark is Mark.ILLUSTRATION)


@EVERY
def test_the_emblem_is_small_titled_and_draws_by_itself(package: TenantPackage) -> None:
    emblem = package.emblem.read_text(encoding="utf-8")
    assert re.search(rf'<title id="emblem-{package.slug}">[^<]+</title>', emblem)
    assert len(emblem.splitlines()) <= 100
    assert not re.search(r"style=|<style|<script|<image|href=", emblem)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_thai_nguyen_has_its_92_communes_and_wards() -> None:
    communes = [unit for unit in units_of(PACKAGES["thainguyen"]) if unit.group == "xa-phuong"]
    assert Counter(unit.kind for unit in communes) == {"commune": 77, "ward": 15}
    assert len({unit.code for unit in communes}) == 92
    assert {unit.since for unit in communes} == {date(2025, 7, 1)}


def test_communes_that_differ_by_marks_alone_have_codes_of_their_own() -> None:
    codes = {unit.name: unit.code for unit in units_of(PACKAGES["thainguyen"])}
    assert codes["Phường Quan Triều"] == "phuong-quan-trieu"
    assert {codes["Xã Văn Lang"], codes["Xã Văn Lăng"]} == {"xa-van-lang-02143", "xa-van-lang-05665"}


def test_targets_are_those_of_the_letter() -> None:
    package = PACKAGES["thainguyen"]
    targets = {unit.code: unit.target for unit in units_of(package)}
    assert {targets["phuong-quan-trieu"], targets["so-khoa-hoc-va-cong-nghe"]} == {1}
    assert (targets["dai-hoc-thai-nguyen"], targets["lien-minh-hop-tac-xa"]) == (20, 5)
    assert targets["hoi-nu-doanh-nhan"] is None
    (joint,) = [group.target for group in package.unit_groups if group.target and group.target.joint]
    assert (joint.minimum, joint.edition, joint.note is not None) == (20, "2026", True)
    assert target_total(package, "2026") == 92 + 19 + 20 + 20 + 5
    assert target_total(package, "2025") == 0


def test_old_units_end_with_the_merger() -> None:
    backan = {unit.name: unit.until for unit in units_of(PACKAGES["backan"])}
    bacgiang = {unit.name: unit.until for unit in units_of(PACKAGES["bacgiang"])}
    assert backan["Huyện Pác Nặm"] == date(2025, 7, 1)
    assert bacgiang["Huyện Sơn Động"] == date(2025, 7, 1)
    assert bacgiang["Huyện Yên Dũng"] == date(2025, 1, 1)


def test_the_merger_is_noted_where_there_was_one() -> None:
    assert {slug: package.merger and package.merger.into.vi for slug, package in PACKAGES.items()} == {
        "bacgiang": "tỉnh Bắc Ninh",
        "backan": "tỉnh Thái Nguyên",
        "thainguyen": None,
    }


def test_pages_keep_their_order_and_their_title() -> None:
    pages = PACKAGES["thainguyen"].pages
    assert [(page.order, page.slug) for page in pages] == [
        (1, "gioi-thieu"),
        (2, "huong-dan-du-thi"),
        (3, "huong-dan-binh-chon"),
        (4, "lien-he"),
    ]
    assert (pages[2].title.vi, pages[2].title.en) == ("Hướng dẫn bình chọn", "How to vote")


def test_news_comes_newest_first() -> None:
    days = [item.on for item in PACKAGES["thainguyen"].news]
    assert days == sorted(days, reverse=True)


def test_the_folder_may_be_chosen_by_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANGVANG_TENANTS", str(folder.parent))
    assert [package.slug for package in load_tenant_packages()] == ["backan"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('code_prefix = "BK"', 'code_prefix = "BK"\nmotto = "x"', "motto: là khóa lạ."),
        ('code_prefix = "BK"', "", "code_prefix: còn thiếu."),
        (
            'kind = "judging"',
            'kind = "party"',
            "editions[0].phases[2].kind: phải là một trong: submission, screening, voting, judging, results.",
        ),
        (
            "until_end_of = 2025-06-30",
            'until_end_of = "30/6/2025"',
            "editions[0].phases[0].closes.until_end_of: phải là một ngày, viết như 2025-11-20.",
        ),
        (
            "on = 2024-06-04, mark",
            "mark",
            "editions[0].phases[0].opens.on: cần đúng một trong hai khóa: on (từ đầu ngày) hoặc at (ngày giờ).",
        ),
        ("size = 15", "size = 0", "editions[0].committee.size: phải là số nguyên dương."),
        ('accent = "#12647f"', 'accent = "blue"', "colours.light.accent: phải có dạng #rrggbb, chữ thường."),
        ('slug = "backan"', 'slug = "bac-kan"', "slug: phải trùng tên thư mục là backan."),
    ],
)
def test_a_wrong_tenant_file_is_one_sentence_with_its_path(
    folder: Path, old: str, new: str, sentence: str
) -> None:
    spoil(folder / "tenant.toml", old, new)
    assert complaint(folder) == f"tenant.toml: {sentence}"


def test_a_file_that_is_not_toml_is_one_sentence(folder: Path) -> None:
    (folder / "units.toml").write_text("groups = [", encoding="utf-8")
    assert complaint(folder) == "units.toml: không đọc được TOML: Invalid value (at end of document)."


def test_a_page_without_its_translation_is_named(folder: Path) -> None:
    (folder / "pages" / "lien-he.en.md").unlink()
    assert complaint(folder) == "pages/lien-he.en.md: không có tệp này."


def test_check_names_every_thing_that_does_not_fit(folder: Path) -> None:
    file = folder / "tenant.toml"
    spoil(file, 'plugins = ["stkt_base", "backan_stkt"]', 'plugins = ["stkt_base", "elsewhere"]')
    spoil(file, "until_end_of = 2025-08-31", "until_end_of = 2025-07-01")
    spoil(file, "starts_at = 2025-06-26T08:30:00", "starts_at = 2026-06-26T08:30:00")
    spoil(file, 'editions = ["8"]', 'editions = ["9"]')
    spoil(file, 'accent = "#12647f"', 'accent = "#6bb8d6"')
    assert check_package(load_tenant_package(folder), PLUGINS) == (
        "backan: plugins: chưa cài plugin elsewhere.",
        "backan: editions 8: giai đoạn judging phải mở trước khi đóng.",
        "backan: editions 8: đồng hồ trình diễn nằm ngoài thời gian tổ chức.",
        "backan: documents qd-165: không có lần tổ chức 9.",
        "backan: colours.light: accent trên nền #fffdf8 chỉ đạt tương phản 2,19:1, cần 4,5:1.",
        "backan: colours.light: accent trên nền #ffffff chỉ đạt tương phản 2,22:1, cần 4,5:1.",
        "backan: colours.light: accent trên nền #f6f1e7 chỉ đạt tương phản 1,97:1, cần 4,5:1.",
        "backan: colours.light: on_accent trên accent chỉ đạt tương phản 2,22:1, cần 4,5:1.",
    )


def test_check_refuses_settings_of_a_plugin_that_is_not_enabled() -> None:
    package = PACKAGES["backan"]
    edition = replace(package.editions[0], settings={"bacgiang_stkt": {}})
    assert check_package(replace(package, editions=(edition,)), PLUGINS) == (
        "backan: editions 8: settings: plugin bacgiang_stkt không có trong danh sách plugins.",
    )


def test_settings_for_every_edition_are_read_from_a_table_of_the_tenant(folder: Path) -> None:
    file = folder / "tenant.toml"
    file.write_text(
        file.read_text("utf-8") + "\n[settings.stkt_base]\nlookback_years = 4\n", encoding="utf-8"
    )

    assert load_tenant_package(folder).settings == {"stkt_base": {"lookback_years": 4}}


def test_check_refuses_settings_of_the_tenant_for_a_plugin_that_is_not_enabled() -> None:
    assert check_package(replace(PACKAGES["backan"], settings={"core": {}, "bacgiang_stkt": {}})) == (
        "backan: settings: plugin bacgiang_stkt không có trong danh sách plugins.",
    )
