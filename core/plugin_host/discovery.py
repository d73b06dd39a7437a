"""Finding plugins: the entry-point group `bangvang.plugins`, and the shipped folder `plugins/` beside the
core package.

A plugin that cannot be imported, or does not fit the API, is reported with its name and reason; the others
run.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import structlog

import core
from core.plugin_api import API_VERSION, Plugin, PluginInfo, PluginSettings, Text, settings_fields
from core.plugin_host.parts import part_gaps

ENTRY_POINT_GROUP = "bangvang.plugins"
SHIPPED_PACKAGE = "plugins"

log = structlog.get_logger("core.plugin_host")


@dataclass(frozen=True, slots=True)
class InstalledPlugin:
    """One plugin that was found: its info, where it came from, and why it cannot be used (None when it can)."""

    name: str
    source: str
    info: PluginInfo | None
    plugin: Plugin | None
    error: str | None = None


def discover(
    packages: str = SHIPPED_PACKAGE, group: str = ENTRY_POINT_GROUP, folder: Path | None = None
) -> tuple[InstalledPlugin, ...]:
    """Every plugin found, by name; one of the folder that is also an entry point is listed once."""
    found: dict[str, InstalledPlugin] = {}
    place = folder or shipped_folder()
    for one in (*_shipped(packages, place), *_distributions(place), *_from_entry_points(group)):
        found.setdefault(one.name, one)
    return tuple(found[name] for name in sorted(found))


def shipped_folder() -> Path:
    """The folder `plugins/` beside the core package."""
    return Path(core.__path__[0]).parent / SHIPPED_PACKAGE


def load_distribution(place: Path) -> InstalledPlugin:
    """The plugin of a folder that could be installed as it is: `NAME/pyproject.toml` with the package `NAME/NAME/`."""
    package = place / place.name
    return _load(place.name, str(place), lambda: _import_from(package))


def settings_gaps(schema: type[PluginSettings]) -> tuple[str, ...]:
    """What the settings lack: each field without a default, a label, a help text or a mark of its origin."""
    gaps = []
    for key, declared in settings_fields(schema).items():
        if declared.required:
            gaps.append(f"cài đặt {key} không có giá trị mặc định")
        for part, kind in (("label", Text), ("help", Text), ("official", bool)):
            if not isinstance(declared.metadata.get(part), kind):
                gaps.append(f"cài đặt {key} thiếu {part}")
    return tuple(gaps)


def _shipped(package: str, folder: Path) -> Iterator[InstalledPlugin]:
    for module in pkgutil.iter_modules([str(folder)]):
        if module.ispkg:
            yield _load(module.name, f"{package}.{module.name}", _importer(f"{package}.{module.name}"))


def _distributions(folder: Path) -> Iterator[InstalledPlugin]:
    for project in sorted(folder.glob("*/pyproject.toml")):
        place = project.parent
        if (place / place.name / "__init__.py").is_file():
            yield load_distribution(place)


def _import_from(package: Path) -> object:
    """The package of a folder under its own name, as if it were installed, and with nothing else beside it."""
    file = package / "__init__.py"
    known = sys.modules.get(package.name)
    if known is not None:
        if known.__file__ and Path(known.__file__).resolve() == file.resolve():
            return known
        raise ImportError(f"đã có gói {package.name} khác ở {known.__file__}")
    spec = importlib.util.spec_from_file_location(package.name, file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(spec)
    # Before it runs, as an ordinary import does: the package imports its own modules by this name.
    sys.modules[package.name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[package.name]
        raise
    return module


def _importer(module: str) -> Callable[[], object]:
    return lambda: importlib.import_module(module)


def _from_entry_points(group: str) -> Iterator[InstalledPlugin]:
    for point in entry_points(group=group):
        yield _load(point.name, _source(point), point.load)


def _source(point: EntryPoint) -> str:
    return f"{point.dist.name} ({point.value})" if point.dist else point.value


def _load(name: str, source: str, load: Callable[[], object]) -> InstalledPlugin:
    try:
        loaded = load()
        plugin = loaded if isinstance(loaded, Plugin) else getattr(loaded, "plugin", None)
        if not isinstance(plugin, Plugin):
            return InstalledPlugin(name, source, None, None, "gói không có đối tượng plugin kiểu Plugin")
        return InstalledPlugin(plugin.info.name, source, plugin.info, plugin, _unfit(name, plugin))
    except (Exception, SystemExit) as error:
        # Whatever a plugin does when it is imported or looked at, the platform and the other plugins must start.
        log.exception("plugin_import_failed", plugin=name, source=source)
        return InstalledPlugin(name, source, None, None, f"không nạp được: {type(error).__name__}: {error}")


def _unfit(name: str, plugin: Plugin) -> str | None:
    info = plugin.info
    if info.name != name:
        return f"tên trong mô tả là {info.name}, không khớp với tên gói {name}"
    try:
        supported = info.supports(API_VERSION)
    except ValueError:
        return "khoảng phiên bản API không đọc được"
    if not supported:
        first, beyond = info.api_version_range
        return f"cần API từ {first} đến trước {beyond}, hệ thống đang dùng API {API_VERSION}"
    gaps = (*settings_gaps(plugin.settings), *part_gaps(plugin))
    return "; ".join(gaps) or None
