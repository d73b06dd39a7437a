"""Checks that need no contest: what the plugin says of itself, its settings, its words, and the clauses it cites."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Range

from core.plugin_api import (
    API_VERSION,
    Clause,
    ComponentScores,
    Criterion,
    Finding,
    Plugin,
    Slot,
    SpecialAward,
    Step,
    Text,
    Tier,
    settings_fields,
)
from core.plugin_host import Rules, walk
from core.plugin_host.discovery import settings_gaps
from core.plugin_kit.findings import Problem, place_of
from core.plugin_kit.play import Outcome
from core.plugin_kit.subject import Subject, source_files

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-+][0-9A-Za-z.-]+)?")
_RANGE = re.compile(r"\d+\.\d+")
_PLUGIN_ONLY = "cai_dat_khong_co_that"


# -- metadata ------------------------------------------------------------------------------------------------------


def metadata(subject: Subject) -> Iterator[Problem]:
    """Name, version, title and range of the API as they must be."""
    info = subject.plugin.info
    for holds, vi, en in (
        (
            _NAME.fullmatch(info.name),
            f"Tên plugin {info.name!r} phải gồm chữ thường không dấu, chữ số và dấu gạch dưới.",
            f"The plugin's name {info.name!r} must be lower-case letters, digits and underscores.",
        ),
        (
            _SEMVER.fullmatch(info.version),
            f"Phiên bản {info.version!r} phải có dạng lớn.nhỏ.sửa, ví dụ 1.0.0.",
            f"The version {info.version!r} must be major.minor.patch, such as 1.0.0.",
        ),
        (
            info.title.vi.strip() and info.title.en.strip(),
            "Tên gọi của plugin phải có cả tiếng Việt và tiếng Anh.",
            "The plugin's title must be in Vietnamese and English.",
        ),
        (
            all(_RANGE.fullmatch(one) for one in info.api_version_range) and _supports(subject.plugin),
            f"Khoảng phiên bản API {info.api_version_range} không gồm API {API_VERSION} đang dùng.",
            f"The range of API versions {info.api_version_range} does not include API {API_VERSION} in use.",
        ),
        (
            info.name not in info.requires,
            "Plugin không thể cần chính nó đứng trước.",
            "A plugin cannot require itself.",
        ),
    ):
        if not holds:
            yield Problem("metadata", Text(vi, en))


def _supports(plugin: Plugin) -> bool:
    try:
        return plugin.info.supports(API_VERSION)
    except ValueError:
        return False


# -- settings ------------------------------------------------------------------------------------------------------


def settings(subject: Subject) -> Iterator[Problem]:
    """Each setting has default, label, help, origin and bounds; the defaults pass; an unknown key is refused."""
    schema = subject.plugin.settings
    for gap in settings_gaps(schema):
        yield _setting(f"{gap[0].upper()}{gap[1:]}.", f"Setting without its parts: {gap}.")
    for key, declared in settings_fields(schema).items():
        yield from _setting_words(key, declared)
        if isinstance(declared, (fields.Integer, fields.Decimal)) and not _bounded(declared):
            yield _setting(
                f"Cài đặt {key} không có giới hạn; thêm validate=Range(min, max, error=…).",
                f"Setting {key} has no bounds; add validate=Range(min, max, error=…).",
            )
    yield from _defaults(subject.plugin)


def _setting_words(key: str, declared: fields.Field[Any]) -> Iterator[Problem]:
    for part in ("label", "help"):
        words = declared.metadata.get(part)
        if isinstance(words, Text) and not (words.vi.strip() and words.en.strip()):
            yield _setting(
                f"Cài đặt {key}: {part} phải có cả tiếng Việt và tiếng Anh.",
                f"Setting {key}: {part} must be in Vietnamese and English.",
            )


def _bounded(declared: fields.Field[Any]) -> bool:
    ranges = [one for one in declared.validators if isinstance(one, Range)]
    return any(one.min is not None for one in ranges) and any(one.max is not None for one in ranges)


def _defaults(plugin: Plugin) -> Iterator[Problem]:
    schema = plugin.settings
    try:
        values = schema().load({})
        schema().load(schema().dump(values))
    except ValidationError as error:
        yield _setting(
            f"Giá trị mặc định không qua được chính lược đồ cài đặt: {error.messages}.",
            f"The defaults do not pass their own schema: {error.messages}.",
        )
        return
    for key, value in values.items():
        if any(isinstance(one, float) for one in walk(value)):
            yield _setting(
                f"Giá trị mặc định của cài đặt {key} là số thực nhị phân (float); viết Decimal.",
                f"The default of setting {key} is a binary float; write a Decimal.",
            )
    try:
        schema().load({_PLUGIN_ONLY: 1})
    except ValidationError:
        return
    yield _setting(
        "Lược đồ cài đặt nhận cả tên không có; khóa lạ phải bị từ chối.",
        "The settings accept unknown names; an unknown key must be refused.",
    )


def _setting(vi: str, en: str) -> Problem:
    return Problem("settings", Text(vi, en))


_CITING = (Criterion, Tier, SpecialAward, Finding, ComponentScores)


# -- clauses -------------------------------------------------------------------------------------------------------


def clauses(rules: Rules, bare: Rules, outcomes: Sequence[Outcome]) -> Iterator[Problem]:
    """Every cited clause exists and says itself in both languages; what must cite one does.

    `bare` are the rules without any plugin: what the platform puts where a plugin is silent carries out no article.
    """
    known = {one.key for one in rules.clauses()}
    by_default = set(map(repr, walk(answers(bare))))
    for clause in rules.clauses():
        yield from _clause_words(clause)
    for value in walk((answers(rules), tuple(outcomes))):
        cited = getattr(value, "clause", None)
        key = getattr(value, "key", None) or getattr(value, "check", None) or type(value).__name__
        if isinstance(cited, str) and cited not in known:
            yield _clause(
                f"{type(value).__name__} {key} viện dẫn điều khoản không có: {cited}.",
                f"{type(value).__name__} {key} cites a clause that does not exist: {cited}.",
            )
        elif isinstance(value, _CITING) and not cited and repr(value) not in by_default:
            yield _clause(
                f"{type(value).__name__} {key} không viện dẫn điều khoản nào.",
                f"{type(value).__name__} {key} cites no clause.",
            )


def _clause_words(clause: Clause) -> Iterator[Problem]:
    for part in ("document", "article", "text"):
        words = getattr(clause, part)
        if not (words.vi.strip() and words.en.strip()):
            yield _clause(
                f"Điều khoản {clause.key}: {part} phải có cả tiếng Việt và tiếng Anh.",
                f"Clause {clause.key}: {part} must be in Vietnamese and English.",
            )


def written_findings(plugin: Plugin, rules: Rules) -> Iterator[Problem]:
    """The clause and question of each `Finding(…)` in the source, where they are written as they are."""
    known = {one.key for one in rules.clauses()}
    asked = {one.key for section in rules.dossier_form() for one in section.fields}
    for path in source_files(plugin).values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding"
            ):
                continue
            given = _literals(node)
            place = place_of(path, node.lineno)
            clause, question = given.get("clause"), given.get("field")
            if isinstance(clause, str) and clause not in known:
                yield _clause(
                    f"Finding ở {place} viện dẫn điều khoản không có: {clause}.",
                    f"Finding at {place} cites a clause that does not exist: {clause}.",
                )
            if "clause" not in given:
                yield _clause(
                    f"Finding ở {place} không viện dẫn điều khoản nào.",
                    f"Finding at {place} cites no clause.",
                )
            if isinstance(question, str) and question not in asked:
                yield _clause(
                    f"Finding ở {place} trỏ tới câu hỏi không có trong hồ sơ: {question}.",
                    f"Finding at {place} names a question that the form does not ask: {question}.",
                )


def _literals(node: ast.Call) -> dict[str, object]:
    names = ("entry", "check", "severity", "message", "clause", "field")
    parts: dict[str, ast.expr] = dict(zip(names, node.args, strict=False))
    parts |= {one.arg: one.value for one in node.keywords if one.arg is not None}
    if any(one.arg is None for one in node.keywords):
        parts.setdefault("clause", ast.Name("…"))
    return {name: part.value if isinstance(part, ast.Constant) else ... for name, part in parts.items()}


def _clause(vi: str, en: str) -> Problem:
    return Problem("clauses", Text(vi, en))


# -- words ---------------------------------------------------------------------------------------------------------


def words(rules: Rules, outcomes: Sequence[Outcome]) -> Iterator[Problem]:
    """Every phrase has both languages; a tie-break names what exists."""
    for value in walk((answers(rules), tuple(outcomes))):
        if isinstance(value, Text) and not (value.vi.strip() and value.en.strip()):
            yield Problem(
                "words",
                Text(
                    f"Thiếu một trong hai ngôn ngữ: “{value.vi or value.en}”.",
                    f"One of the two languages is missing: “{value.vi or value.en}”.",
                ),
            )
    yield from _lost_tie_breaks(rules, outcomes)


def _lost_tie_breaks(rules: Rules, outcomes: Sequence[Outcome]) -> Iterator[Problem]:
    components = {part.key for one in outcomes for part in one.components}
    criteria = {criterion.key for criterion in rules.deciding_round().criteria}
    for one in rules.tie_breaks():
        for named, known, vi, en in (
            (one.component, components, "thành phần", "component"),
            (one.criterion, criteria, "tiêu chí", "criterion"),
        ):
            if named is not None and named not in known:
                yield Problem(
                    "words",
                    Text(
                        f"Tiêu chí phụ {one.key} nêu {vi} không có: {named}.",
                        f"Tie-break {one.key} names a {en} that does not exist: {named}.",
                    ),
                )


def answers(rules: Rules) -> tuple[object, ...]:
    """What the rules say of an edition without any entry; raises PluginFailed."""
    return (
        rules.terms(),
        rules.clauses(),
        rules.entry_fields(),
        rules.dossier_form(),
        rules.author_policy(),
        rules.rounds(),
        rules.tie_breaks(),
        rules.vote_policy(),
        rules.award_scheme(),
        rules.decision_rule(),
        rules.lifecycle_notices(),
        rules.navigation(),
        rules.documents(),
        rules.screening_checklist(),
        rules.report_figures(),
        *(rules.panels(slot) for slot in Slot),
    )


# -- exactness -----------------------------------------------------------------------------------------------------

_MOST_PLACES = 10


def inexact(values: object) -> Iterator[Text]:
    """Binary floats, numbers that were one, and step data that JSON cannot hold exactly, anywhere in `values`."""
    for value in walk(values):
        if isinstance(value, float):
            yield Text(
                f"Có số thực nhị phân (float) trong câu trả lời: {value!r}; chỉ dùng Decimal, Fraction hoặc int.",
                f"There is a binary float in an answer: {value!r}; use Decimal, Fraction or int.",
            )
        elif isinstance(value, Decimal) and not value.is_finite():
            yield Text(f"Có số không hữu hạn: {value}.", f"A number is not finite: {value}.")
        elif isinstance(value, Decimal) and _places(value) > _MOST_PLACES:
            yield Text(
                f"Số {value} có {_places(value)} chữ số thập phân: dấu vết của số thực nhị phân hoặc thiếu làm tròn.",
                f"The number {value} has {_places(value)} decimals: it was a binary float, or is not rounded.",
            )
        elif isinstance(value, Step):
            yield from _step_data(value)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _step_data(step: Step) -> Iterator[Text]:
    for value in walk(dict(step.data)):
        if not isinstance(value, (str, int, float, dict, list, tuple, type(None))):
            yield Text(
                f"Bước “{step.what.vi}” giữ {type(value).__name__} trong data; chỉ chữ, số nguyên, danh sách và bảng.",
                f"Step “{step.what.en}” holds a {type(value).__name__} in its data; only text, whole numbers, lists "
                "and mappings.",
            )


def distinct(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, in order of the first."""
    first: dict[tuple[str, Text], Problem] = {}
    for one in problems:
        first.setdefault((one.check, one.said), one)
    return tuple(first.values())
