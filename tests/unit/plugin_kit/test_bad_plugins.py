"""Each bad plugin is refused by the check that its fault belongs to, with the reason and the smallest example."""

from __future__ import annotations

import pytest

from core.plugin_kit import apart
from core.plugin_kit.kit import CHECKS, Kit
from tests.unit.plugin_kit.places import BAD


def found(name: str, check: str) -> list[str]:
    """What the check of that name says of a bad plugin, each with its example."""
    return [one.sentence("vi") for one in Kit(name, BAD, quick=True).run(check).problems]


def test_sound_plugin_passes_every_check() -> None:
    kit = Kit("sound", BAD, quick=True)

    assert {check: kit.run(check).problems for check in CHECKS} == dict.fromkeys(CHECKS, ())


def test_float_in_a_step_is_refused_with_its_place() -> None:
    assert found("floats", "exactness") == [
        (
            "Có số thực nhị phân (float) trong câu trả lời: 0.5; chỉ dùng Decimal, Fraction hoặc int. "
            "Ví dụ nhỏ nhất: 1 bài; BT-01: phiếu J1/cham (0.0 + 0.0)."
        ),
        "Quy tắc dùng số thực nhị phân: 0.5 ở floats/__init__.py:16; viết Decimal hoặc Fraction.",
    ]


def test_float_for_a_score_is_refused() -> None:
    assert found("float_score", "exactness") == [
        (
            "Hook score_components của plugin float_score không dùng được: TypeError: cong: điểm của BT-01 phải là "
            "Decimal, nhận được float. Ví dụ nhỏ nhất: 1 bài; BT-01: phiếu J1/cham (0.0 + 0.0)."
        )
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("clock", "Hook check_entries đọc đồng hồ: datetime.now() ở clock/__init__.py:16; "),
        ("shuffled", "Hook allocate dùng số ngẫu nhiên: random.shuffle() ở shuffled/__init__.py:17; "),
        ("environment", "Hook check_entries đọc biến môi trường: os.environ ở environment/__init__.py:16; "),
    ],
)
def test_what_reads_the_world_is_refused_by_name_and_place(name: str, said: str) -> None:
    assert found(name, "guards") == [
        f"{said}quy tắc chỉ được tính từ những gì hook nhận được. Ví dụ nhỏ nhất: không có bài nào."
    ]


def test_file_is_refused_although_the_plugin_swallows_the_refusal() -> None:
    (said,) = found("reads_file", "guards")

    assert said.startswith("Hook check_entries đọc hoặc ghi tệp: open('")
    assert "/reads_file/__init__.py') ở reads_file/__init__.py:18; " in said


def test_equal_entries_treated_differently_are_an_unstable_tie() -> None:
    assert found("torn_tie", "ties") == [
        (
            "Các bài cùng hạng 1 bằng nhau ở mọi tiêu chí phụ mà được xử lý khác nhau (BT-01: nhat, BT-02: nhi); phải "
            "cùng một giải hoặc cùng để Ban Tổ chức quyết định. "
            "Ví dụ nhỏ nhất: BT-01 hạng 1, 80 điểm; BT-02 hạng 1, 80 điểm."
        )
    ]


def test_tie_settled_in_the_order_of_rows_is_not_deterministic() -> None:
    assert found("torn_tie", "determinism") == [
        (
            "Đề xuất giải đổi khi thứ tự dữ liệu đầu vào đổi. "
            "Ví dụ nhỏ nhất: BT-01 hạng 1, 80 điểm; BT-02 hạng 1, 80 điểm."
        )
    ]


def test_points_that_hang_on_the_code_of_an_entry_are_an_unstable_tie() -> None:
    (said,) = found("by_code", "ties")

    assert said.startswith(
        "Thứ hạng hoặc điểm phụ thuộc vào mã bài dự thi: đổi mã cho nhau thì kết quả khác."
    )


def test_quota_exceeded_by_one_is_refused_with_the_smallest_ranking() -> None:
    assert found("over_quota", "quotas") == [
        (
            "Hook allocate của plugin over_quota không dùng được: giải nhi vượt chỉ tiêu: 3 trên 2. "
            "Ví dụ nhỏ nhất: BT-01 hạng 1, 50 điểm; BT-02 hạng 1, 50 điểm; BT-03 hạng 1, 50 điểm."
        )
    ]


def test_quota_exceeded_by_one_with_spilled_places_is_refused() -> None:
    (said,) = found("over_spill", "quotas")

    assert said.startswith(
        "Từ giải cao nhất đến Giải Nhì: đề xuất 4 trên tổng chỉ tiêu 3, kể cả suất chuyển xuống."
    )


def test_lower_rank_with_the_higher_tier_is_refused() -> None:
    assert found("upside_down", "tiers") == [
        (
            "BT-01 (hạng 2, 70 điểm) được Giải Nhất trong khi BT-02 (hạng 1, 70.01 điểm) đứng trên mà được giải "
            "thấp hơn hoặc không có giải. Ví dụ nhỏ nhất: BT-02 hạng 1, 70.01 điểm; BT-01 hạng 2, 70 điểm."
        )
    ]


def test_place_that_waits_for_the_committee_is_held() -> None:
    (said,) = found("taken_place", "awards")

    assert said.startswith(
        "BT-01 được đề xuất vào suất đang chờ Ban Tổ chức quyết định giữa các bài xếp trên: BT-02, BT-03, BT-04."
    )


def test_two_special_awards_where_there_is_one_are_refused() -> None:
    (said,) = found("two_specials", "awards")

    assert said.startswith("Giải phụ tre vượt chỉ tiêu: đề xuất 2 trên 1. Ví dụ nhỏ nhất: 2 bài; ")


def test_answer_that_hangs_on_the_order_of_sheets_is_refused() -> None:
    assert found("row_order", "determinism") == [
        (
            "Điểm tổng hợp phiếu đổi khi thứ tự dữ liệu đầu vào đổi. "
            "Ví dụ nhỏ nhất: 1 bài; BT-01: phiếu J1/cham (0.0 + 0.0), J2/cham (0.0 + 0.5)."
        )
    ]


def test_answer_that_hangs_on_the_process_is_refused() -> None:
    (said,) = found("hash_order", "environment")

    assert said.startswith("Kết quả đổi trên máy khác: múi giờ Pacific/Kiritimati, ngôn ngữ ")


def test_hook_that_raises_is_named_with_the_contest_that_makes_it() -> None:
    assert found("raises", "hooks") == [
        (
            "Hook score_components của plugin raises không dùng được: ValueError: max() arg is an empty sequence. "
            "Ví dụ nhỏ nhất: không có bài nào."
        )
    ]


def test_checks_that_an_error_stands_in_the_way_of_say_that_they_did_not_run() -> None:
    kit = Kit("raises", BAD, quick=True)

    waiting = {check for check in CHECKS if not kit.run(check).ran}

    assert waiting == {"clauses", "words", "environment", "golden", "speed"}


def test_error_of_a_hook_that_only_decorates_is_told_too() -> None:
    assert found("broken_menu", "hooks") == [
        "Hook navigation báo lỗi và bị bỏ qua: LookupError: không có trang nào."
    ]


def test_clauses_that_do_not_exist_are_found_also_in_findings_that_no_sample_brings_out() -> None:
    assert found("lost_clause", "clauses") == [
        "Criterion moi viện dẫn điều khoản không có: dieu_99.",
        "Criterion ich không viện dẫn điều khoản nào.",
        "Finding ở lost_clause/__init__.py:28 viện dẫn điều khoản không có: dieu_98.",
        "Finding ở lost_clause/__init__.py:28 trỏ tới câu hỏi không có trong hồ sơ: khong_hoi.",
    ]


def test_words_in_one_language_and_lost_tie_breaks_are_found() -> None:
    assert found("one_language", "words") == [
        "Thiếu một trong hai ngôn ngữ: “Chỉ tiếng Việt”.",
        "Tiêu chí phụ la nêu thành phần không có: khong_co.",
        "Tiêu chí phụ mat nêu tiêu chí không có: khong_co.",
    ]


def test_settings_without_bounds_words_or_refusals_are_found() -> None:
    assert found("loose_settings", "settings") == [
        "Cài đặt places: help phải có cả tiếng Việt và tiếng Anh.",
        "Cài đặt places không có giới hạn; thêm validate=Range(min, max, error=…).",
        "Giá trị mặc định của cài đặt share là số thực nhị phân (float); viết Decimal.",
        "Lược đồ cài đặt nhận cả tên không có; khóa lạ phải bị từ chối.",
    ]


def test_imports_past_the_api_are_named_with_file_and_line() -> None:
    assert found("core_import", "imports") == [
        "core_import/__init__.py:9 nạp core.kernel.errors; plugin chỉ được nạp core.plugin_api.",
        (
            "core_import/__init__.py:7 nạp flask trong quy tắc; quy tắc không dùng đồng hồ, số ngẫu nhiên, tệp, "
            "mạng hay cơ sở dữ liệu."
        ),
    ]


def test_clock_is_found_in_the_source_where_no_contest_calls_it() -> None:
    assert found("clock", "imports") == ["clock/__init__.py:16 gọi datetime.now() trong quy tắc."]


def test_version_and_title_must_say_something() -> None:
    assert found("nameless", "metadata") == [
        "Phiên bản 'mới nhất' phải có dạng lớn.nhỏ.sửa, ví dụ 1.0.0.",
        "Tên gọi của plugin phải có cả tiếng Việt và tiếng Anh.",
    ]


def test_plugin_that_cannot_be_imported_is_one_sentence() -> None:
    assert found("falls", "load") == [
        "Plugin falls không dùng được: không nạp được: RuntimeError: không có máy in."
    ]


def test_golden_edition_that_comes_out_differently_names_the_value() -> None:
    assert found("drifted", "golden") == [
        "mau-2025.outputs.json khác kết quả tính lại ở ranking[0].total: trước là 99, nay là 51.50."
    ]


def test_the_memory_of_who_asks_is_not_counted() -> None:
    held = bytearray(b"x" * (apart.MEGABYTES + 100) * 1024 * 1024)

    assert found("sound", "speed") == []
    assert len(held) > 0


def test_rules_that_take_too_long_are_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 10)

    (said,) = found("slow", "speed")

    assert said.startswith("Tính 1000 bài × 3 giám khảo mất ")
    assert said.endswith(" giây; giới hạn là 1 giây.")


def test_every_fault_is_told_in_english_too() -> None:
    kit = Kit("over_quota", BAD, quick=True)

    assert [one.sentence("en") for one in kit.run("quotas").problems] == [
        (
            "Hook allocate of plugin over_quota cannot be used: giải nhi vượt chỉ tiêu: 3 trên 2. "
            "Smallest example: BT-01 rank 1, 50 points; BT-02 rank 1, 50 points; BT-03 rank 1, 50 points."
        )
    ]
