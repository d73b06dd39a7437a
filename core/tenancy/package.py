"""Read the folder `tenants/` into frozen values. Pure: files in, values out, no database.

tenants/<slug>/tenant.toml   identity, documents, editions, colours, plugins
tenants/<slug>/units.toml    units and their targets
tenants/<slug>/news.toml     dated news
tenants/<slug>/emblem.svg    the emblem
tenants/<slug>/pages/*.md    words of the pages, <page>.vi.md and <page>.en.md
tenants/<slug>/letters/*.md  its own wording of letters (read by core.letters when one is written)
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError

from core.plugin_api.values import Text
from core.tenancy.package_check import check_package, contrast
from core.tenancy.package_schema import NewsSchema, TenantSchema, UnitsSchema
from core.tenancy.package_units import make_group, target_total, units_of
from core.tenancy.package_values import (
    Boundary,
    CommitteePackage,
    ContactPackage,
    DemonstrationPackage,
    DocumentPackage,
    EditionPackage,
    Mark,
    MergerPackage,
    NewsPackage,
    PackageError,
    PagePackage,
    Palette,
    PhaseKind,
    PhasePackage,
    ReportPackage,
    TargetPackage,
    TenantPackage,
    UnitGroupPackage,
    UnitSeed,
)

__all__ = [
    "Boundary",
    "CommitteePackage",
    "ContactPackage",
    "DemonstrationPackage",
    "DocumentPackage",
    "EditionPackage",
    "Mark",
    "MergerPackage",
    "NewsPackage",
    "PackageError",
    "PagePackage",
    "Palette",
    "PhaseKind",
    "PhasePackage",
    "ReportPackage",
    "TargetPackage",
    "TenantPackage",
    "UnitGroupPackage",
    "UnitSeed",
    "check_package",
    "contrast",
    "load_tenant_package",
    "load_tenant_packages",
    "target_total",
    "tenants_folder",
    "units_of",
]

# Marshmallow's own sentences, in the language of those who read them here.
_WORDS = {
    "Missing data for required field.": "còn thiếu",
    "Unknown field.": "là khóa lạ",
    "Field may not be null.": "không được để trống",
    "Not a valid string.": "phải là một chuỗi chữ",
    "Not a valid integer.": "phải là số nguyên",
    "Not a valid boolean.": "phải là true hoặc false",
    "Not a valid list.": "phải là một danh sách",
    "Not a valid mapping type.": "phải là một bảng khóa và giá trị",
    "Not a valid email address.": "phải là một địa chỉ thư điện tử",
    "Invalid input type.": "phải là một bảng khóa và giá trị",
    "Invalid type.": "phải là một danh sách các bảng",
}


def tenants_folder() -> Path:
    """The folder of the tenants: `BANGVANG_TENANTS` when set, else `tenants/` beside the package `core`."""
    chosen = os.environ.get("BANGVANG_TENANTS")
    if chosen:
        return Path(chosen)
    return Path(__file__).resolve().parents[2] / "tenants"


def load_tenant_packages(folder: Path | None = None) -> tuple[TenantPackage, ...]:
    """Every tenant under `folder` (default: `tenants_folder()`), sorted by slug.

    Raises PackageError, one sentence with file and path, at the first thing that is wrong.
    """
    root = tenants_folder() if folder is None else folder
    if not root.is_dir():
        raise PackageError(f"{root}: không có thư mục này.")
    return tuple(load_tenant_package(path.parent) for path in sorted(root.glob("*/tenant.toml")))


def load_tenant_package(folder: Path) -> TenantPackage:
    """The tenant of one folder; its slug must be the folder's name. Raises PackageError."""
    file = folder / "tenant.toml"
    data = _load(file, TenantSchema())
    if data["slug"] != folder.name:
        raise PackageError(f"{file}: slug: phải trùng tên thư mục là {folder.name}.")
    news = _load(folder / "news.toml", NewsSchema())["news"]
    groups = _load(folder / "units.toml", UnitsSchema())["groups"]
    emblem = folder / "emblem.svg"
    if not emblem.is_file():
        raise PackageError(f"{emblem}: không có tệp này.")
    return TenantPackage(
        slug=data["slug"],
        code_prefix=data["code_prefix"],
        province=data["province"],
        name=data["name"],
        short_name=data["short_name"],
        host_label=data["host_label"],
        contact=data["contact"],
        light=data["colours"]["light"],
        dark=data["colours"]["dark"],
        merger=data["merger"],
        plugins=tuple(data["plugins"]),
        editions=tuple(data["editions"]),
        documents=tuple(data["documents"]),
        pages=tuple(_page(folder, slug, order) for order, slug in enumerate(data["pages"], start=1)),
        news=tuple(sorted(news, key=lambda item: (item.on, item.slug), reverse=True)),
        unit_groups=tuple(make_group(order, raw) for order, raw in enumerate(groups, start=1)),
        emblem=emblem,
        folder=folder,
        settings=data["settings"],
        language=data["language"],
    )


def _load(file: Path, schema: Schema) -> dict[str, Any]:
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PackageError(f"{file}: không có tệp này.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackageError(f"{file}: không đọc được TOML: {error}.") from error
    try:
        loaded: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        path, problem = _first(error.messages)
        raise PackageError(f"{file}: {path}: {problem}.") from error
    return loaded


def _first(messages: object, path: str = "") -> tuple[str, str]:
    """The first problem of marshmallow's nested messages: (`editions[0].phases[1].kind`, the sentence)."""
    if isinstance(messages, Mapping):
        key = next(iter(messages))
        step = f"[{key}]" if isinstance(key, int) else f".{key}" if path else str(key)
        return _first(messages[key], "" if key == "_schema" else path + step)
    if isinstance(messages, list):
        return path or "tệp", _first(messages[0])[1]
    problem = str(messages)
    if problem.startswith("Must be one of: "):
        problem = problem.replace("Must be one of: ", "phải là một trong: ")
    return path, _WORDS.get(problem, problem).rstrip(".")


def _page(folder: Path, slug: str, order: int) -> PagePackage:
    title_vi, body_vi = _markdown(folder / "pages" / f"{slug}.vi.md")
    title_en, body_en = _markdown(folder / "pages" / f"{slug}.en.md")
    return PagePackage(slug, order, Text(vi=title_vi, en=title_en), Text(vi=body_vi, en=body_en))


def _markdown(file: Path) -> tuple[str, str]:
    """The title (first line, a `# ` heading) and the rest."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PackageError(f"{file}: không có tệp này.") from error
    heading, _, body = text.partition("\n")
    if not heading.startswith("# ") or not body.strip():
        raise PackageError(f"{file}: dòng 1: phải là tiêu đề bắt đầu bằng '# ', rồi đến nội dung.")
    return heading[2:].strip(), body.strip()
