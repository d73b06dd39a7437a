"""Bắc Giang's rounds, award scheme and the special prize for the oldest author."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from decimal import Decimal

from core.plugin_api import (
    Allocation,
    AwardScheme,
    Edition,
    Entry,
    Proposal,
    Ranked,
    Round,
    SpecialAward,
    Step,
    Text,
    Tier,
    hookimpl,
    is_illustration,
)
from plugins.bacgiang_stkt.settings import NAME, BacGiangSettings

OLDEST = "tac_gia_cao_tuoi"


@hookimpl(wrapper=True)
def rounds(edition: Edition) -> Generator[None, tuple[Round, ...], tuple[Round, ...]]:
    """The rounds of `stkt_base`, the preliminary one with this province's threshold."""
    family = yield
    threshold = edition.setting(NAME, "preliminary_threshold")
    if not isinstance(threshold, Decimal):
        return family
    return tuple(replace(one, threshold=threshold) if one.key == "so_khao" else one for one in family)


@hookimpl(wrapper=True)
def award_scheme(edition: Edition) -> Generator[None, AwardScheme, AwardScheme]:
    """The tiers of `stkt_base` with quotas, and the prize for the oldest author."""
    family = yield
    tiers = tuple(_with_quota(edition, tier) for tier in family.tiers)
    oldest = SpecialAward(
        OLDEST,
        Text("Giải cho tác giả cao tuổi nhất", "Prize for the Oldest Author"),
        quota=1,
        clause=OLDEST,
        official=False,
    )
    return replace(family, tiers=tiers, specials=(*family.specials, oldest))


@hookimpl
def special_awards(
    edition: Edition, entries: Sequence[Entry], ranking: Sequence[Ranked], proposals: Sequence[Proposal]
) -> Allocation:
    """Propose the entry of the oldest author by birth year; different oldest authors of one year go to the committee.

    One author with several entries counts with the best ranked of them. Authors without a birth year are left
    out, and the step says how many there are.
    """
    scope = _scope(edition, entries, proposals)
    born = [
        (author.birth_year, author.ref, entry.code)
        for entry in scope
        for author in entry.authors
        if author.birth_year is not None
    ]
    unknown = sum(author.birth_year is None for entry in scope for author in entry.authors)
    if not born:
        return Allocation(steps=(_step([], None, unknown),))
    year = min(row[0] for row in born)
    oldest = {(ref, code) for birth_year, ref, code in born if birth_year == year}
    # Pseudonyms hold within the edition: one ref is one person, whose best ranked entry counts.
    people = {ref for ref, _ in oldest}
    rank = {row.entry: (row.rank, row.entry) for row in ranking}
    best = {
        min(
            (code for ref, code in oldest if ref == person),
            key=lambda code: rank.get(code, (len(rank) + 1, code)),
        )
        for person in people
    }
    chosen = sorted(best)
    steps = (_step(chosen, year, unknown),)
    if len(chosen) > 1:
        return Allocation(undecided=tuple(chosen), steps=steps)
    why = Text(f"Có tác giả cao tuổi nhất, sinh năm {year}.", f"Has the oldest author, born in {year}.")
    return Allocation((Proposal(chosen[0], OLDEST, why, OLDEST),), steps=steps)


def _with_quota(edition: Edition, tier: Tier) -> Tier:
    key = f"quota_{tier.key}"
    quota = edition.setting(NAME, key)
    return replace(
        tier,
        quota=quota if isinstance(quota, int) else None,
        official=not is_illustration(BacGiangSettings, edition.settings[NAME], key),
    )


def _scope(edition: Edition, entries: Sequence[Entry], proposals: Sequence[Proposal]) -> tuple[Entry, ...]:
    if edition.setting(NAME, "oldest_author_among") == "ranked":
        return tuple(entries)
    awarded = {proposal.entry for proposal in proposals}
    return tuple(entry for entry in entries if entry.code in awarded)


def _step(chosen: Sequence[str], year: int | None, unknown: int) -> Step:
    if year is None:
        what = Text(
            "Giải tác giả cao tuổi nhất: không có năm sinh để xét, không đề xuất.",
            "Oldest author: no birth year is known, nothing is proposed.",
        )
    elif len(chosen) > 1:
        what = Text(
            "Giải tác giả cao tuổi nhất: nhiều tác giả cùng năm sinh, Ban Tổ chức quyết định.",
            "Oldest author: several authors were born in the same year, the committee decides.",
        )
    else:
        what = Text("Giải tác giả cao tuổi nhất: xét theo năm sinh.", "Oldest author: by year of birth.")
    data = {"entries": list(chosen), "birth_year": year, "authors_without_birth_year": unknown}
    return Step(what, OLDEST, data)
