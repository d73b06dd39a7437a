"""The accounts of the demonstration: one of each role a tenant, a second officer, and one password for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.plugin_api import Text
from core.tenancy.package import TenantPackage, load_tenant_packages
from core.tenancy.package_values import PhaseKind

PASSWORD = "xin moi dung thu"  # noqa: S105 -- of invented people, printed by `bangvang demo`
"""Documented in the README: a demonstration has nothing to protect."""

_PARTS = (
    ("btc", "committee-0", "Lê Thu Hà", Text("Ban Tổ chức", "Organising committee")),
    (
        "btc2",
        "committee-1",
        "Đỗ Quang Huy",
        Text("Ban Tổ chức, người xác nhận", "Organising committee, second officer"),
    ),
    ("giamkhao", "judge-1", "Nguyễn Minh Quân", Text("Giám khảo", "Judge")),
    ("donvi", "unit-0", "Trần Thị Mai", Text("Đầu mối đơn vị", "Contact of a unit")),
    ("tacgia", "entrant-0", "Hoàng Văn Nam", Text("Tác giả dự thi", "Entrant")),
    ("dongtacgia", "coauthor-0", "Vũ Thị Hạnh", Text("Đồng tác giả", "Co-author")),
    ("cutri", "voter-0", "Phạm Ngọc Lan", Text("Người bình chọn", "Voter")),
)
_VOTER = "voter-0"


@dataclass(frozen=True, slots=True)
class Person:
    """A demonstration account that takes a part in the play, instead of somebody nobody can sign in as."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account anybody may sign in with; `role_words` say what it may do."""

    slug: str
    email: str
    password: str
    role_words: Text


@dataclass(frozen=True, slots=True)
class OfferedAccounts:
    """The demonstration accounts of the packages in `folder`, read when they are listed; for the platform's page."""

    folder: Path

    def __iter__(self) -> Iterator[DemoAccount]:
        """Each account, by tenant."""
        return iter(demo_accounts(load_tenant_packages(self.folder)))


def cast_of(package: TenantPackage) -> dict[str, Person]:
    """The parts that demonstration accounts take in the play of a tenant."""
    return {
        part: Person(f"{local}@{package.slug}.demo", name)
        for local, part, name, _ in _PARTS
        if part != _VOTER or _has_vote(package)
    }


def demo_accounts(packages: Iterable[TenantPackage] | None = None) -> list[DemoAccount]:
    """Every demonstration account, by tenant, of `packages` (default: those in `tenants/`)."""
    return [
        DemoAccount(package.slug, f"{local}@{package.slug}.demo", PASSWORD, words)
        for package in (load_tenant_packages() if packages is None else packages)
        for local, part, _, words in _PARTS
        if part in cast_of(package)
    ]


def _has_vote(package: TenantPackage) -> bool:
    return any(edition.phase(PhaseKind.VOTING) is not None for edition in package.editions)
