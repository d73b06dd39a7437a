"""Checks of a tenant package beyond its shape: order of dates, known plugins, references, contrast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from core.tenancy.package_units import units_of
from core.tenancy.package_values import EditionPackage, Palette, PhaseKind, TenantPackage

# Paper, raised and sunken surface of each scheme: the accent is read on all of them.
LIGHT_GROUNDS = ("#fffdf8", "#ffffff", "#f6f1e7")
DARK_GROUNDS = ("#1c1917", "#292524", "#141210")
CORE = "core"  # the platform's own defaults have settings too
READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3


def check_package(package: TenantPackage, known_plugins: Collection[str] | None = None) -> tuple[str, ...]:
    """What is wrong with a package, one Vietnamese sentence each; empty when nothing is.

    `known_plugins` are the names of the installed plugins; None leaves that check out.
    """
    return tuple(f"{package.slug}: {problem}" for problem in _problems(package, known_plugins))


def contrast(one: str, other: str) -> float:
    """The contrast ratio (1 to 21) of two `#rrggbb` colours, by the formula of WCAG 2.2."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _problems(package: TenantPackage, known_plugins: Collection[str] | None) -> Iterator[str]:
    yield from _plugin_problems(package, known_plugins)
    for name in package.settings:
        if name not in (CORE, *package.plugins):
            yield f"settings: plugin {name} không có trong danh sách plugins."
    yield from _repeated("lần tổ chức", (edition.key for edition in package.editions))
    yield from _repeated("văn bản", (document.key for document in package.documents))
    yield from _repeated("tin", (item.slug for item in package.news))
    yield from _repeated("đơn vị", (unit.code for unit in units_of(package)))
    for edition in package.editions:
        yield from _date_problems(edition)
        yield from _settings_problems(package, edition)
    yield from _reference_problems(package)
    yield from _colour_problems("light", package.light, LIGHT_GROUNDS)
    yield from _colour_problems("dark", package.dark, DARK_GROUNDS)


def _plugin_problems(package: TenantPackage, known: Collection[str] | None) -> Iterator[str]:
    yield from _repeated("plugin", package.plugins)
    for name in package.plugins:
        if known is not None and name not in known:
            yield f"plugins: chưa cài plugin {name}."


def _settings_problems(package: TenantPackage, edition: EditionPackage) -> Iterator[str]:
    for name in edition.settings:
        if name not in (CORE, *package.plugins):
            yield f"editions {edition.key}: settings: plugin {name} không có trong danh sách plugins."


def _date_problems(edition: EditionPackage) -> Iterator[str]:
    where = f"editions {edition.key}"
    kinds = [phase.kind for phase in edition.phases]
    yield from _repeated(f"giai đoạn của {where}", kinds)
    if kinds != [kind for kind in PhaseKind if kind in kinds]:
        yield f"{where}: các giai đoạn phải xếp theo thứ tự {', '.join(PhaseKind)}."
    for phase in edition.phases:
        if phase.opens.instant >= phase.closes.instant:
            yield f"{where}: giai đoạn {phase.kind} phải mở trước khi đóng."
    for earlier, later in zip(edition.phases, edition.phases[1:], strict=False):
        if later.opens.instant < earlier.opens.instant:
            yield f"{where}: giai đoạn {later.kind} mở trước giai đoạn {earlier.kind}."
    if not edition.phases:
        yield f"{where}: chưa có giai đoạn nào."
        return
    first, last = edition.phases[0].opens.instant, max(phase.closes.instant for phase in edition.phases)
    if not first <= edition.demonstration.starts_at < last:
        yield f"{where}: đồng hồ trình diễn nằm ngoài thời gian tổ chức."


def _reference_problems(package: TenantPackage) -> Iterator[str]:
    keys = {edition.key for edition in package.editions}
    named = [
        (f"documents {document.key}", key) for document in package.documents for key in document.editions
    ]
    named += [(f"news {item.slug}", item.edition) for item in package.news]
    named += [(f"groups {group.key}", group.target.edition) for group in package.unit_groups if group.target]
    for where, key in named:
        if key not in keys:
            yield f"{where}: không có lần tổ chức {key}."


def _colour_problems(scheme: str, palette: Palette, grounds: Iterable[str]) -> Iterator[str]:
    pairs = [(f"accent trên nền {ground}", palette.accent, ground) for ground in grounds]
    pairs += [
        ("accent_strong trên accent_soft", palette.accent_strong, palette.accent_soft),
        ("on_accent trên accent", palette.on_accent, palette.accent),
        ("on_accent trên accent_strong", palette.on_accent, palette.accent_strong),
    ]
    for what, one, other in pairs:
        if contrast(one, other) < READABLE:
            yield f"colours.{scheme}: {what} chỉ đạt tương phản {_said(contrast(one, other))}:1, cần 4,5:1."


def _repeated(what: str, keys: Iterable[str]) -> Iterator[str]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield f"{what} {key} bị lặp {times} lần."


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _said(ratio: float) -> str:
    return f"{ratio:.2f}".replace(".", ",")
