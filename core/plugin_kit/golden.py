"""Golden editions: whole inputs with the outputs they gave, stored beside the plugin and computed again.

They are looked for in `golden/` inside the package, and in `golden/` and `tests/golden/` of the folders above it: pairs
`NAME.inputs.json` and `NAME.outputs.json`. Only inputs whose `rules` name the plugin count.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from core.plugin_api import Text
from core.plugin_host import Host, PluginFailed
from core.plugin_kit.findings import Problem
from core.plugin_kit.subject import Subject, source_files
from core.results.compute import compute, edition_of_inputs
from core.results.formats import InputsError, parse_inputs, read_json

_INPUTS = ".inputs.json"
_OUTPUTS = ".outputs.json"


def golden(subject: Subject) -> Iterator[Problem]:
    """Each golden edition of the plugin whose outputs are missing, cannot be read, or come out differently."""
    for path in golden_inputs(subject):
        yield from _compared(path, subject.host)


def golden_inputs(subject: Subject) -> tuple[Path, ...]:
    """The inputs of the plugin's golden editions; files that are no inputs count too, to be refused."""
    files = [path for path in source_files(subject.plugin).values() if path.name == "__init__.py"]
    if not files:
        return ()
    package = min(files, key=lambda path: len(path.parts)).parent
    above = chain.from_iterable((one / "golden", one / "tests" / "golden") for one in package.parents[:2])
    folders = dict.fromkeys((package / "golden", *above))
    found = chain.from_iterable(sorted(folder.glob(f"*{_INPUTS}")) for folder in folders)
    return tuple(path for path in found if _is_of(path, subject.name))


def _is_of(path: Path, plugin: str) -> bool:
    try:
        rules = parse_inputs(read_json(path.read_bytes())).rules
    except (InputsError, OSError):
        return True
    return rules is not None and plugin in {ref.name for ref in rules.plugins}


def _compared(path: Path, host: Host) -> Iterator[Problem]:
    outputs = path.with_name(path.name.removesuffix(_INPUTS) + _OUTPUTS)
    try:
        inputs = parse_inputs(read_json(path.read_bytes()))
        expected = read_json(outputs.read_bytes())
        computed = compute(inputs, edition_of_inputs(inputs, host=host), host=host).document()
    except OSError as error:
        yield _problem(
            f"{outputs.name}: không đọc được ({error.strerror}); tạo bằng `bangvang rules compute`.",
            f"{outputs.name}: cannot be read ({error.strerror}); make it with `bangvang rules compute`.",
        )
        return
    except (InputsError, PluginFailed) as error:
        yield _problem(
            f"{path.name}: không tính lại được: {error}", f"{path.name}: cannot be computed again: {error}"
        )
        return
    difference = next(_differences(expected, _as_json(computed), ""), None)
    if difference is not None:
        at, before, now = difference
        yield _problem(
            f"{outputs.name} khác kết quả tính lại ở {at}: trước là {before}, nay là {now}.",
            f"{outputs.name} differs from what is computed now at {at}: it was {before} and is {now}.",
        )


def _as_json(value: Any) -> Any:
    """Tuples as lists, as a document that was written and read."""
    if isinstance(value, dict):
        return {str(key): _as_json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(inner) for inner in value]
    return value


def _differences(before: Any, now: Any, at: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(before, dict) and isinstance(now, dict):
        for key in (*before, *(key for key in now if key not in before)):
            yield from _differences(before.get(key), now.get(key), f"{at}.{key}" if at else str(key))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, pair in enumerate(zip(before, now, strict=True)):
            yield from _differences(*pair, f"{at}[{number}]")
    elif before != now:
        yield at, _short(before), _short(now)


def _short(value: Any) -> str:
    shown = f"{len(value)} mục" if isinstance(value, list) else str(value)
    return shown if len(shown) <= 80 else f"{shown[:79]}…"


def _problem(vi: str, en: str) -> Problem:
    return Problem("golden", Text(vi, en))
