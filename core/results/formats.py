"""The two documents of a computation: `bangvang.inputs/1` and `bangvang.outputs/1`.

Numbers are strings with a decimal point, keys are known ones, nothing is a binary float. What is wrong is told by
its path in the document (`sheets[3].scores.doi_moi`). Written by hand, because 70,000 sheets must pass in a second.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NoReturn

from core.plugin_api import Author, AuthorRole, Entry, PluginRef, Proposal, Ranked, Sheet, Step

INPUTS_FORMAT: Final = "bangvang.inputs/1"
OUTPUTS_FORMAT: Final = "bangvang.outputs/1"

_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,4})?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
_MOST = 2**53 - 1
_DEEPEST = 12


class InputsError(ValueError):
    """A document that is not what the format or the rules ask for: where (`path`) and why (`sentence`)."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}" if path else sentence)
        self.path = path
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class RulesRef:
    """The plugins in order, and the settings as written, that a computation runs under."""

    plugins: tuple[PluginRef, ...]
    settings: Mapping[str, Mapping[str, Any]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Abstention:
    """A judge who did not judge an entry, and why."""

    round: str
    judge: str
    entry: str
    reason: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a computation depends on. `sha256` is over the document as given, in RFC 8785 form."""

    tenant: str
    edition: str
    rules: RulesRef | None
    entries: tuple[Entry, ...]
    sheets: tuple[Sheet, ...]
    abstentions: tuple[Abstention, ...]
    votes: Mapping[str, int] = field(hash=False)
    withdrawn: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class NotRanked:
    """An entry without a rank, and why."""

    entry: str
    reason: str
    clause: str | None


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the rules make of the inputs, with every step. `undecided` are ties left to the committee."""

    inputs_sha256: str
    ranking: tuple[Ranked, ...]
    not_ranked: tuple[NotRanked, ...]
    proposal: tuple[Proposal, ...]
    undecided: tuple[str, ...]
    steps: tuple[Step, ...] = field(hash=False)

    def document(self) -> dict[str, Any]:
        """The outputs as `bangvang.outputs/1`."""
        return {
            "format": OUTPUTS_FORMAT,
            "inputs_sha256": self.inputs_sha256,
            "ranking": [_ranked(row) for row in self.ranking],
            "not_ranked": [
                {"entry": row.entry, "reason": row.reason, "clause": row.clause} for row in self.not_ranked
            ],
            "proposal": [
                {"entry": row.entry, "tier": row.tier, "why": row.why.vi, "clause": row.clause}
                for row in self.proposal
            ],
            "steps": [
                {"n": number, "what": step.what.vi, "clause": step.clause, "data": dict(step.data)}
                for number, step in enumerate(self.steps, start=1)
            ],
        }


def points(value: Decimal) -> str:
    """A decimal as the formats write it: never with an exponent."""
    return format(value, "f")


def _ranked(row: Ranked) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "entry": row.entry,
        "field": row.field,
        "total": points(row.total),
        "components": {key: points(score) for key, score in row.components.items()},
        "tied_with": list(row.tied_with),
    }


# -- canonical text ------------------------------------------------------------------------------------------------


def canonical_text(document: Any) -> str:
    """`document` in RFC 8785 form, at the speed of the C encoder.

    Equal to `core.kernel.canonical` for what these formats hold: strings, whole numbers below 2^53, booleans, null,
    lists, and mappings whose keys are ASCII (for which sorting by code point is sorting by UTF-16 unit).
    """
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_text(text: str) -> str:
    """The hexadecimal SHA-256 of `text` in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def readable_text(document: Mapping[str, Any]) -> str:
    """`document` as JSON for people: one line for each key, and one for each item of a list in it."""
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            items = ",\n    ".join(json.dumps(item, ensure_ascii=False) for item in value)
            lines.append(f"  {json.dumps(key)}: [\n    {items}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


# -- reading -------------------------------------------------------------------------------------------------------


def read_json(source: str | bytes) -> Any:
    """A JSON document; InputsError for what is not one, repeats a key, or is nested too deep."""
    try:
        return json.loads(source, object_pairs_hook=_once, parse_constant=_no_constant)
    except InputsError:
        raise
    except json.JSONDecodeError as error:
        raise InputsError("", f"Không phải JSON hợp lệ: dòng {error.lineno}, cột {error.colno}.") from None
    except (ValueError, RecursionError):
        raise InputsError("", "Không phải JSON hợp lệ: sai mã hóa, số quá dài hoặc lồng quá sâu.") from None


def parse_inputs(document: Any) -> Inputs:
    """Check a `bangvang.inputs/1` document and freeze it. Raises InputsError with the path of the wrong value."""
    top = _object(document, "", ("format", "tenant", "edition", "entries", "sheets"), _OPTIONAL)
    if top["format"] != INPUTS_FORMAT:
        _refuse("format", f"phải là {INPUTS_FORMAT}")
    inputs = Inputs(
        tenant=_word(top["tenant"], "tenant"),
        edition=_word(top["edition"], "edition"),
        rules=_rules(top["rules"]) if top.get("rules") is not None else None,
        entries=_entries(top["entries"]),
        sheets=_sheets(top["sheets"]),
        abstentions=_abstentions(top.get("abstentions", [])),
        votes=_votes(top.get("votes", {})),
        withdrawn=_withdrawn(top.get("withdrawn", [])),
        sha256="",
    )
    try:
        digest = sha256_text(canonical_text(document))
    except UnicodeEncodeError:
        raise InputsError("", "Có ký tự không hợp lệ trong văn bản.") from None
    return _with_digest(inputs, digest)


_OPTIONAL: Final = ("rules", "abstentions", "votes", "withdrawn")


def _with_digest(inputs: Inputs, digest: str) -> Inputs:
    return Inputs(
        inputs.tenant,
        inputs.edition,
        inputs.rules,
        inputs.entries,
        inputs.sheets,
        inputs.abstentions,
        inputs.votes,
        inputs.withdrawn,
        digest,
    )


def _rules(value: Any) -> RulesRef:
    rules = _object(value, "rules", ("plugins",), ("settings",))
    plugins = []
    for index, row in enumerate(_list(rules["plugins"], "rules.plugins")):
        at = f"rules.plugins[{index}]"
        plugin = _object(row, at, ("name", "version"))
        plugins.append(
            PluginRef(_word(plugin["name"], f"{at}.name"), _word(plugin["version"], f"{at}.version"))
        )
    settings = _mapping(rules.get("settings", {}), "rules.settings")
    for name, values in settings.items():
        at = f"rules.settings.{name}"
        for key, setting in _mapping(values, at).items():
            _plain(setting, f"{at}.{key}")
    return RulesRef(tuple(plugins), settings)


def _entries(value: Any) -> tuple[Entry, ...]:
    seen: set[str] = set()
    entries = []
    for index, row in enumerate(_list(value, "entries")):
        at = f"entries[{index}]"
        entry = _object(row, at, ("code", "title"), ("field", "unit", "authors", "facts"))
        code = _code(entry["code"], f"{at}.code")
        if code in seen:
            _refuse(f"{at}.code", f"mã {code} đã có ở một hồ sơ khác")
        seen.add(code)
        facts = _mapping(entry.get("facts", {}), f"{at}.facts")
        for key, fact in facts.items():
            _plain(fact, f"{at}.facts.{key}")
        authors = tuple(
            _author(person, f"{at}.authors[{place}]")
            for place, person in enumerate(_list(entry.get("authors", []), f"{at}.authors"))
        )
        entries.append(
            Entry(
                code,
                _text_or_none(entry.get("field"), f"{at}.field"),
                _text(entry["title"], f"{at}.title"),
                _text_or_none(entry.get("unit"), f"{at}.unit"),
                authors,
                facts,
            )
        )
    return tuple(entries)


def _author(value: Any, at: str) -> Author:
    author = _object(value, at, ("ref", "role"), ("birth_year",))
    roles = [str(role) for role in AuthorRole]
    if author["role"] not in roles:
        _refuse(f"{at}.role", f"phải là một trong: {', '.join(roles)}")
    year = author.get("birth_year")
    if year is not None and not 1850 <= _whole(year, f"{at}.birth_year") <= 2200:
        _refuse(f"{at}.birth_year", "năm sinh không hợp lý")
    return Author(_text(author["ref"], f"{at}.ref"), author["role"], year)


def _sheets(value: Any) -> tuple[Sheet, ...]:
    numbers: dict[str, Decimal] = {}  # few distinct scores, very many sheets
    words: dict[str, str] = {}
    sheets = []
    for index, row in enumerate(_list(value, "sheets")):
        at = f"sheets[{index}]"
        sheet = _object(row, at, ("round", "judge", "entry", "scores"))
        scores: dict[str, Decimal] = {}
        for key, given in _mapping(sheet["scores"], f"{at}.scores").items():
            number = numbers.get(given) if type(given) is str else None
            if number is None:
                number = numbers[given] = _number(given, f"{at}.scores.{key}")
            scores[key] = number
        names = [_code(sheet[name], f"{at}.{name}") for name in ("round", "judge", "entry")]
        round_key, judge, entry = (words.setdefault(name, name) for name in names)
        sheets.append(Sheet(round_key, judge, entry, scores))
    return tuple(sheets)


def _abstentions(value: Any) -> tuple[Abstention, ...]:
    found = []
    for index, row in enumerate(_list(value, "abstentions")):
        at = f"abstentions[{index}]"
        given = _object(row, at, ("round", "judge", "entry"), ("reason",))
        names = [_code(given[name], f"{at}.{name}") for name in ("round", "judge", "entry")]
        found.append(Abstention(names[0], names[1], names[2], _text(given.get("reason", ""), f"{at}.reason")))
    return tuple(found)


def _votes(value: Any) -> dict[str, int]:
    votes = _mapping(value, "votes")
    for code, count in votes.items():
        if _whole(count, f"votes.{code}") < 0:
            _refuse(f"votes.{code}", "số phiếu không được âm")
    return dict(votes)


def _withdrawn(value: Any) -> tuple[str, ...]:
    codes = [_code(code, f"withdrawn[{i}]") for i, code in enumerate(_list(value, "withdrawn"))]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            _refuse(f"withdrawn[{index}]", f"mã {code} nêu hai lần")
    return tuple(codes)


# -- one value -----------------------------------------------------------------------------------------------------


def _refuse(path: str, sentence: str) -> NoReturn:
    raise InputsError(path, f"{sentence}.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputsError("", f"Khóa {twice!r} được nêu hai lần trong cùng một đối tượng.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise InputsError("", f"{name} không phải là số hợp lệ.")


def _join(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _object(value: Any, at: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    if type(value) is not dict:
        _refuse(at, "phải là một đối tượng")
    for key in required:
        if key not in value:
            _refuse(_join(at, key), "còn thiếu")
    if len(value) > len(required):
        for key in value:
            if key not in required and key not in optional:
                _refuse(_join(at, key), "khóa này không có trong định dạng")
    return value


def _mapping(value: Any, at: str) -> dict[str, Any]:
    if type(value) is not dict:
        _refuse(at, "phải là một đối tượng")
    for key in value:
        if not _KEY.fullmatch(key):
            _refuse(_join(at, key), "khóa chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch nối, gạch dưới")
    return value


def _list(value: Any, at: str) -> list[Any]:
    if type(value) is not list:
        _refuse(at, "phải là một danh sách")
    return value


def _text(value: Any, at: str) -> str:
    if type(value) is not str:
        _refuse(at, "phải là văn bản")
    return value


def _text_or_none(value: Any, at: str) -> str | None:
    return None if value is None else _text(value, at)


def _word(value: Any, at: str) -> str:
    word = _text(value, at)
    if not 1 <= len(word) <= 80:
        _refuse(at, "phải có từ 1 đến 80 ký tự")
    return word


def _code(value: Any, at: str) -> str:
    if type(value) is not str or not _CODE.fullmatch(value):
        _refuse(at, "mã phải là văn bản chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch nối, gạch dưới")
    return value


def _whole(value: Any, at: str) -> int:
    if type(value) is not int or abs(value) > _MOST:
        _refuse(at, "phải là số nguyên")
    return value


def _number(value: Any, at: str) -> Decimal:
    if type(value) is not str or not _NUMBER.fullmatch(value):
        _refuse(at, 'điểm phải viết trong dấu nháy, dùng dấu chấm thập phân, ví dụ "18.5"')
    return Decimal(value)


def _plain(value: Any, at: str, depth: int = 0) -> None:
    """Refuse what is not plain JSON with exact numbers."""
    if depth > _DEEPEST:
        _refuse(at, "lồng quá sâu")
    if isinstance(value, float):
        _refuse(at, "số thập phân phải viết trong dấu nháy")
    if type(value) is int:
        _whole(value, at)
    elif type(value) is dict:
        for key, inner in _mapping(value, at).items():
            _plain(inner, f"{at}.{key}", depth + 1)
    elif type(value) is list:
        for index, inner in enumerate(value):
            _plain(inner, f"{at}[{index}]", depth + 1)
