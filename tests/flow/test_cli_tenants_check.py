"""`bangvang tenants check` tells of rules that contradict themselves, without a database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.flow.test_cli import bangvang

TENANTS = Path(__file__).parents[2] / "tenants"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Bắc Kạn's folder alone, to be changed."""
    shutil.copytree(TENANTS / "backan", tmp_path / "tenants" / "backan")
    return tmp_path


def checked(folder: Path, settings: str) -> tuple[int, str, str]:
    """Exit code, output and errors of the check once the edition has these settings."""
    toml = folder / "tenants" / "backan" / "tenant.toml"
    table = f"[editions.settings.backan_stkt]\n{settings}\n\n"
    words = toml.read_text(encoding="utf-8")
    toml.write_text(
        words.replace("[editions.committee]", f"{table}[editions.committee]", 1), encoding="utf-8"
    )
    environment = {"BANGVANG_VAR": str(folder / "var"), "BANGVANG_TENANTS": str(folder / "tenants")}
    answer = bangvang(environment, "tenants", "check")
    return answer.returncode, answer.stdout, answer.stderr


def test_tiers_out_of_order_are_a_fault_that_names_its_settings(copied: Path) -> None:
    code, out, errors = checked(copied, 'minimum_ba = "80"')

    assert (code, errors) == (1, "")
    told = (
        "  editions 8: tier ba: Giải Ba cần 80 điểm, cao hơn Giải Nhì đứng trên nó (75 điểm). Đặt điểm tối thiểu "
        "giảm dần từ giải cao xuống giải thấp. [backan_stkt.minimum_ba, backan_stkt.quota_ba] "
        "(the-le#muc_diem_xet_giai)"
    )
    assert out.splitlines() == ["backan: 1 faults", told]


def test_what_may_be_meant_is_only_to_be_looked_at(copied: Path) -> None:
    code, out, errors = checked(copied, "quota_nhat = 0")

    assert (code, errors) == (0, "")
    assert out.splitlines()[0] == "backan: ok, 1 to look at"
    assert out.splitlines()[1].startswith("  xem lại: editions 8: tier nhat: Giải Nhất có số giải bằng 0")
