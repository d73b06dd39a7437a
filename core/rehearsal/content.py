"""Sample content for rehearsals and demonstrations: titles, paragraphs, invented people, remarks.

Pure given the `random.Random` that the caller seeds: the same seed gives the same content on any machine.
People, workplaces and figures are invented; wherever they are shown, `DEMO_NOTE` says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from core.plugin_api.values import Text
from core.rehearsal.content_files import draw_picture, sample_pdf

__all__ = [
    "DEMO_NOTE",
    "PARAGRAPH_KINDS",
    "SampleEntry",
    "SampleFacts",
    "abstention_reason",
    "birth_year",
    "departure_reason",
    "judge_remarks",
    "person_names",
    "refusal_reason",
    "report_activities",
    "report_difficulties",
    "return_reason",
    "sample_pdf",
    "sample_picture",
    "titles",
    "workplaces",
]

DATA = Path(__file__).parent / "data"
THEMES = ("cntt", "co_khi", "vat_lieu", "nong_lam", "y_duoc", "giao_duc")
"""The six standard fields of technical innovation contests, in their usual order."""

DEMO_NOTE = Text(vi="Dữ liệu trình diễn", en="Demonstration data")
PARAGRAPH_KINDS = (
    "tom_tat",
    "dat_van_de",
    "giai_phap_da_biet",
    "noi_dung",
    "ban_chat",
    "tinh_moi",
    "tinh_sang_tao",
    "kha_nang",
    "hieu_qua_kinh_te",
    "hieu_qua_ky_thuat",
    "hieu_qua_xa_hoi",
    "hieu_qua_moi_truong",
    "ap_dung",
    "minh_chung",
)
"""Kinds of paragraphs, in the order of the usual description of a solution."""


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """Invented figures of an entry: months in use, units that use it, people who gain, benefit in đồng a year."""

    months_in_use: int
    units: int
    people: int
    benefit_vnd: int
    place: str


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """A sample entry: `theme` is one of THEMES, `field` the caller's field key or None."""

    title: str
    short_title: str
    theme: str
    field: str | None
    paragraphs: Mapping[str, str]
    facts: SampleFacts


def titles(
    rng: Random, n: int, fields: Sequence[str] = (), *, places: Sequence[str] = ()
) -> tuple[SampleEntry, ...]:
    """`n` entries with distinct titles, spread evenly over `fields` (none: over the six themes, field None).

    `places` are names of units that the texts may mention as places of use; without them places stay unnamed.
    Published titles come first, in a drawn order; then titles put together from parts.
    Raises ValueError when the parts do not give `n` different titles.
    """
    slots: list[tuple[str, str | None]] = [(theme_of(field, at), field) for at, field in enumerate(fields)]
    slots = slots or [(theme, None) for theme in THEMES]
    pools = {theme: iter(_title_pool(rng, theme)) for theme in dict.fromkeys(theme for theme, _ in slots)}
    entries: list[SampleEntry] = []
    for at in range(n):
        theme, field = slots[at % len(slots)]
        drawn = next(pools[theme], None)
        if drawn is None:
            raise ValueError(f"Không đủ tên khác nhau cho {n} hồ sơ mẫu.")
        entries.append(_entry(rng, drawn, theme, field, places))
    return tuple(entries)


def theme_of(field: str, position: int) -> str:
    """The theme whose words fit a field key; by its position in the list when no theme knows the key."""
    known = next((theme for theme in THEMES if field in _theme(theme)["aliases"]), None)
    return known or THEMES[position % len(THEMES)]


def person_names(rng: Random, n: int) -> tuple[str, ...]:
    """`n` distinct invented Vietnamese names, family name first. Raises ValueError beyond what the parts give."""
    parts = _common()["names"]
    most = len(parts["family"]) * len(parts["middle_men"]) * len(parts["given_men"])
    if n > most:
        raise ValueError(f"Chỉ ghép được {most} họ tên mẫu khác nhau.")
    names: dict[str, None] = {}
    while len(names) < n:
        kind = rng.choice(("men", "women"))
        drawn = (parts["family"], parts[f"middle_{kind}"], parts[f"given_{kind}"])
        names[" ".join(rng.choice(words) for words in drawn)] = None
    return tuple(names)


def birth_year(rng: Random, year: int) -> int:
    """A year of birth for an author in `year`: aged 15 to 82, most of them 25 to 55."""
    low, high = rng.choices(((15, 24), (25, 40), (41, 55), (56, 70), (71, 82)), weights=(8, 42, 35, 12, 3))[0]
    return year - rng.randint(low, high)


def workplaces(rng: Random, n: int) -> tuple[str, ...]:
    """`n` invented workplaces; they repeat when `n` is larger than the list."""
    names: list[str] = _common()["workplaces"]["names"]
    return tuple(rng.choice(names) for _ in range(n))


def judge_remarks(rng: Random) -> str:
    """A judge's remark on an entry: one or two sentences."""
    return " ".join(rng.sample(_common()["judges"]["remarks"], k=rng.choice((1, 1, 2))))


def abstention_reason(rng: Random) -> str:
    """Why a judge steps aside from an entry."""
    return _choice(rng, "judges", "abstentions")


def return_reason(rng: Random) -> str:
    """Why the secretariat returns a dossier to be completed."""
    return _choice(rng, "screening", "returns")


def refusal_reason(rng: Random) -> str:
    """Why a dossier is refused."""
    return _choice(rng, "screening", "refusals")


def departure_reason(rng: Random) -> str:
    """Why the committee departs from the computed proposal."""
    return _choice(rng, "committee", "departures")


def report_activities(rng: Random) -> str:
    """What a unit did in a month to publicise the contest: two to four lines."""
    lines: list[str] = _common()["reports"]["activities"]
    return "\n".join(f"- {line}" for line in rng.sample(lines, k=rng.randint(2, 4)))


def report_difficulties(rng: Random) -> str:
    """What a unit reports as difficult."""
    return _choice(rng, "reports", "difficulties")


def sample_picture(rng: Random, field: str | None) -> bytes:
    """A PNG of 800 × 600 pixels for an entry of a field (or theme); None draws one of the six themes."""
    theme = rng.choice(THEMES) if field is None else theme_of(field, 0)
    first, second, third = _theme(theme)["picture"]
    return draw_picture(rng, theme, (first, second, third))


def _choice(rng: Random, table: str, key: str) -> str:
    sentences: list[str] = _common()[table][key]
    return rng.choice(sentences)


def _title_pool(rng: Random, theme: str) -> list[tuple[str, str]]:
    """Every (title, short title) of a theme: written ones shuffled, then combined ones shuffled."""
    data = _theme(theme)
    written = [(work["title"], work["short"]) for work in data["works"]]
    combined = [
        (f"{start} {thing} {use}", _capital(thing))
        for start in data["starts"]
        for thing in data["things"]
        for use in data["uses"]
    ]
    rng.shuffle(written)
    rng.shuffle(combined)
    return list(dict(written + combined).items())


def _entry(
    rng: Random, names: tuple[str, str], theme: str, field: str | None, places: Sequence[str]
) -> SampleEntry:
    title, short = names
    place = rng.choice(list(places) or _common()["places"][theme])
    drawn = _numbers(rng, ("months", "units", "people", "million", "tons"))
    facts = SampleFacts(
        months_in_use=drawn["months"],
        units=drawn["units"],
        people=drawn["people"],
        benefit_vnd=drawn["million"] * 1_000_000,
        place=place,
    )
    words: dict[str, object] = {**drawn, "short": short, "place": place}
    paragraphs = {kind: _paragraph(rng, theme, kind, words) for kind in PARAGRAPH_KINDS}
    return SampleEntry(title, short, theme, field, paragraphs, facts)


def _paragraph(rng: Random, theme: str, kind: str, words: Mapping[str, object]) -> str:
    """Two to four sentences: those of the theme for that kind first, then general ones."""
    own: list[str] = _theme(theme)["sentences"].get(kind, [])
    general: list[str] = _paragraph_data()["generic"][kind]
    if kind == "tom_tat":  # one sentence says what it is, two say what it brings
        chosen = [rng.choice(general), *rng.sample(_paragraph_data()["generic"]["tom_tat_them"], k=2)]
    else:
        chosen = rng.sample(own, k=min(len(own), rng.choice((1, 2))))
        chosen += rng.sample(general, k=min(len(general), rng.choice((1, 2)) if own else 2))
    own_numbers = ("percent", "hours", "more_hours")
    return " ".join(sentence.format_map({**words, **_numbers(rng, own_numbers)}) for sentence in chosen)


def _numbers(rng: Random, names: Sequence[str]) -> dict[str, int]:
    lists: dict[str, list[int]] = _paragraph_data()["numbers"]
    return {name: rng.choice(lists[name]) for name in names}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


@cache
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _theme(theme: str) -> dict[str, Any]:
    return _load(theme)


def _common() -> dict[str, Any]:
    return _load("common")


def _paragraph_data() -> dict[str, Any]:
    return _load("paragraphs")
