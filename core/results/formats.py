"""The two documents of a computation: `bangvang.inputs/1` and `bangvang.outputs/1`.

Numbers are strings with a decimal point, keys are known ones, nothing is a binary float. What is wrong is told by
its path in the document (`sheets[3].scores.doi_moi`). Written by hand, because 70,000 sheets must pass in a second.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from core.plugin_api import Author, AuthorRole, Entry, PluginRef, Proposal, Ranked, Sheet, Step
from core.results.checks import (
    InputsError,
    code_at,
    keys_once,
    list_at,
    mapping_at,
    no_constant,
    number_at,
    object_at,
    refuse,
    require_plain,
    text_at,
    text_or_none_at,
    whole_at,
    word_at,
)

__all__ = [
    "INPUTS_FORMAT",
    "OUTPUTS_FORMAT",
    "Abstention",
    "Inputs",
    "InputsError",
    "NotRanked",
    "Outputs",
    "RulesRef",
    "canonical_text",
    "parse_inputs",
    "points",
    "read_json",
    "readable_text",
    "sha256_text",
]

INPUTS_FORMAT: Final = "bangvang.inputs/1"
OUTPUTS_FORMAT: Final = "bangvang.outputs/1"


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
    went_on: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)


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
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            items = ",\n    ".join(encode(item) for item in value)
            lines.append(f"  {json.dumps(key)}: [\n    {items}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


# -- reading -------------------------------------------------------------------------------------------------------


def read_json(source: str | bytes) -> Any:
    """A JSON document; InputsError for what is not one, repeats a key, or is nested too deep."""
    try:
        return json.loads(source, object_pairs_hook=keys_once, parse_constant=no_constant)
    except InputsError:
        raise
    except json.JSONDecodeError as error:
        raise InputsError("", f"Không phải JSON hợp lệ: dòng {error.lineno}, cột {error.colno}.") from None
    except (ValueError, RecursionError):
        raise InputsError("", "Không phải JSON hợp lệ: sai mã hóa, số quá dài hoặc lồng quá sâu.") from None


def parse_inputs(document: Any) -> Inputs:
    """Check a `bangvang.inputs/1` document and freeze it. Raises InputsError with the path of the wrong value."""
    top = object_at(document, "", ("format", "tenant", "edition", "entries", "sheets"), _OPTIONAL)
    if top["format"] != INPUTS_FORMAT:
        refuse("format", f"phải là {INPUTS_FORMAT}")
    inputs = Inputs(
        tenant=word_at(top["tenant"], "tenant"),
        edition=word_at(top["edition"], "edition"),
        rules=_rules(top["rules"]) if top.get("rules") is not None else None,
        entries=_entries(top["entries"]),
        sheets=_sheets(top["sheets"]),
        abstentions=_abstentions(top.get("abstentions", [])),
        votes=_votes(top.get("votes", {})),
        withdrawn=_withdrawn(top.get("withdrawn", [])),
        sha256="",
        went_on=_went_on(top.get("went_on", {})),
    )
    try:
        digest = sha256_text(canonical_text(document))
    except UnicodeEncodeError:
        raise InputsError("", "Có ký tự không hợp lệ trong văn bản.") from None
    return _with_digest(inputs, digest)


_OPTIONAL: Final = ("rules", "abstentions", "votes", "withdrawn", "went_on")


def _with_digest(inputs: Inputs, digest: str) -> Inputs:
    return replace(inputs, sha256=digest)


def _rules(value: Any) -> RulesRef:
    rules = object_at(value, "rules", ("plugins",), ("settings",))
    plugins = []
    for index, row in enumerate(list_at(rules["plugins"], "rules.plugins")):
        at = f"rules.plugins[{index}]"
        plugin = object_at(row, at, ("name", "version"))
        plugins.append(
            PluginRef(word_at(plugin["name"], f"{at}.name"), word_at(plugin["version"], f"{at}.version"))
        )
    settings = mapping_at(rules.get("settings", {}), "rules.settings")
    for name, values in settings.items():
        at = f"rules.settings.{name}"
        for key, setting in mapping_at(values, at).items():
            require_plain(setting, f"{at}.{key}")
    return RulesRef(tuple(plugins), settings)


def _entries(value: Any) -> tuple[Entry, ...]:
    seen: set[str] = set()
    entries = []
    for index, row in enumerate(list_at(value, "entries")):
        at = f"entries[{index}]"
        entry = object_at(row, at, ("code", "title"), ("field", "unit", "authors", "facts"))
        code = code_at(entry["code"], f"{at}.code")
        if code in seen:
            refuse(f"{at}.code", f"mã {code} đã có ở một hồ sơ khác")
        seen.add(code)
        facts = mapping_at(entry.get("facts", {}), f"{at}.facts")
        for key, fact in facts.items():
            require_plain(fact, f"{at}.facts.{key}")
        authors = tuple(
            _author(person, f"{at}.authors[{place}]")
            for place, person in enumerate(list_at(entry.get("authors", []), f"{at}.authors"))
        )
        entries.append(
            Entry(
                code,
                text_or_none_at(entry.get("field"), f"{at}.field"),
                text_at(entry["title"], f"{at}.title"),
                text_or_none_at(entry.get("unit"), f"{at}.unit"),
                authors,
                facts,
            )
        )
    return tuple(entries)


def _author(value: Any, at: str) -> Author:
    author = object_at(value, at, ("ref", "role"), ("birth_year",))
    roles = [str(role) for role in AuthorRole]
    if author["role"] not in roles:
        refuse(f"{at}.role", f"phải là một trong: {', '.join(roles)}")
    year = author.get("birth_year")
    if year is not None and not 1850 <= whole_at(year, f"{at}.birth_year") <= 2200:
        refuse(f"{at}.birth_year", "năm sinh không hợp lý")
    return Author(text_at(author["ref"], f"{at}.ref"), author["role"], year)


def _sheets(value: Any) -> tuple[Sheet, ...]:
    numbers: dict[str, Decimal] = {}  # few distinct scores, very many sheets
    words: dict[str, str] = {}
    sheets = []
    for index, row in enumerate(list_at(value, "sheets")):
        at = f"sheets[{index}]"
        sheet = object_at(row, at, ("round", "judge", "entry", "scores"))
        scores: dict[str, Decimal] = {}
        for key, given in mapping_at(sheet["scores"], f"{at}.scores").items():
            number = numbers.get(given) if type(given) is str else None
            if number is None:
                number = numbers[given] = number_at(given, f"{at}.scores.{key}")
            scores[key] = number
        names = []
        for name in ("round", "judge", "entry"):
            given = sheet[name]
            word = words.get(given) if type(given) is str else None
            if word is None:
                word = words[given] = code_at(given, f"{at}.{name}")
            names.append(word)
        sheets.append(Sheet(names[0], names[1], names[2], scores))
    return tuple(sheets)


def _abstentions(value: Any) -> tuple[Abstention, ...]:
    found = []
    for index, row in enumerate(list_at(value, "abstentions")):
        at = f"abstentions[{index}]"
        given = object_at(row, at, ("round", "judge", "entry"), ("reason",))
        names = [code_at(given[name], f"{at}.{name}") for name in ("round", "judge", "entry")]
        found.append(
            Abstention(names[0], names[1], names[2], text_at(given.get("reason", ""), f"{at}.reason"))
        )
    return tuple(found)


def _votes(value: Any) -> dict[str, int]:
    votes = mapping_at(value, "votes")
    for code, count in votes.items():
        if whole_at(count, f"votes.{code}") < 0:
            refuse(f"votes.{code}", "số phiếu không được âm")
    return dict(votes)


def _withdrawn(value: Any) -> tuple[str, ...]:
    codes = [code_at(code, f"withdrawn[{i}]") for i, code in enumerate(list_at(value, "withdrawn"))]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            refuse(f"withdrawn[{index}]", f"mã {code} nêu hai lần")
    return tuple(codes)


def _went_on(value: Any) -> dict[str, frozenset[str]]:
    """Round → who went on from it, where the committee took others than the threshold alone lets through."""
    found = {}
    for key, codes in mapping_at(value, "went_on").items():
        at = f"went_on.{key}"
        found[key] = frozenset(code_at(code, f"{at}[{i}]") for i, code in enumerate(list_at(codes, at)))
    return found
