"""The committee's decision as a pure document: what it decided about every proposal, and whether it may stand.

A score does not make a prize by itself: the computation proposes, the committee decides, and each departure from the
proposal has a reason that stays visible.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.kernel.i18n import locale
from core.plugin_api import AwardScheme, DecisionRule
from core.results.bundle import DECISIONS_FORMAT

TIER = "tier"


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """What one entry gets of one award: `award` is "tier" or the key of a special award; `tier` None is nothing."""

    entry: str
    award: str
    tier: str | None
    proposed: str | None
    reason: str = ""

    @property
    def departs(self) -> bool:
        """Whether the committee decided otherwise than proposed."""
        return self.tier != self.proposed


def proposed_of(outputs: Mapping[str, Any], specials: Iterable[str]) -> dict[tuple[str, str], str]:
    """(entry, award) → what the computation proposed."""
    keys = set(specials)
    return {
        (row["entry"], row["tier"] if row["tier"] in keys else TIER): row["tier"]
        for row in outputs["proposal"]
    }


def document_of(
    items: Iterable[DecidedItem],
    *,
    outputs_sha256: str,
    number: str,
    held_on: str,
    members: int,
    agreed: int,
) -> dict[str, Any]:
    """`bangvang.decisions/1`: items by entry and award, only those with a proposal or a prize."""
    told = [item for item in items if item.tier is not None or item.proposed is not None]
    return {
        "format": DECISIONS_FORMAT,
        "outputs_sha256": outputs_sha256,
        "number": number,
        "held_on": held_on,
        "members": members,
        "agreed": agreed,
        "items": [
            {
                "entry": item.entry,
                "award": item.award,
                "tier": item.tier,
                "proposed": item.proposed,
                "reason": item.reason,
            }
            for item in sorted(told, key=lambda one: (one.entry, one.award))
        ],
    }


def faults_of_items(
    items: Sequence[DecidedItem], outputs: Mapping[str, Any], scheme: AwardScheme
) -> dict[tuple[str, str], str]:
    """(entry, award) → why the item cannot stand; empty when all can."""
    tiers = {tier.key for tier in scheme.tiers}
    specials = {award.key for award in scheme.specials}
    ranked = {row["entry"] for row in outputs["ranking"]}
    faults: dict[tuple[str, str], str] = {}
    for item in items:
        place = (item.entry, item.award)
        if item.entry not in ranked:
            faults[place] = _("Hồ sơ này không có trong bảng xếp hạng.")
        elif item.award != TIER and item.award not in specials:
            faults[place] = _("Không có giải phụ này.")
        elif item.tier is not None and item.tier not in (tiers if item.award == TIER else {item.award}):
            faults[place] = _("Không có hạng giải này trong cơ cấu giải.")
        elif item.departs and not item.reason.strip():
            faults[place] = _("Khác với đề xuất: cần ghi lý do.")
    return faults


def standing_items(
    decided: Iterable[DecidedItem], proposed: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], DecidedItem]:
    """(entry, award) → what stands until the next decision: what was decided on this proposal, else the proposal."""
    stands = {
        (entry, award): DecidedItem(entry, award, tier, tier) for (entry, award), tier in proposed.items()
    }
    for item in decided:
        place = (item.entry, item.award)
        if item.proposed == proposed.get(place):
            stands[place] = item
    return stands


def closed_places(
    stands: Mapping[tuple[str, str], DecidedItem],
    given: Iterable[tuple[str, str]],
    names: Collection[str],
) -> set[tuple[str, str]]:
    """The places that who is kept from the entries `names` may not change: all of those entries, and the special
    awards that one of them is proposed for or has, since giving such an award away takes it from them.
    """
    awards = {award for entry, award in stands if entry in names and award != TIER}
    return {place for place in {*stands, *given} if place[0] in names or place[1] in awards}


def shortfall(rule: DecisionRule, agreed: int, members: int) -> str | None:
    """Why `agreed` of `members` is not enough, in one sentence; None when it is."""
    if members < 1:
        return str(_("Cần ghi số thành viên."))
    if not 0 <= agreed <= members:
        return str(_("Số người đồng ý phải từ 0 đến %(members)s.", members=members))
    if rule.is_met(agreed, members):
        return None
    return str(
        _(
            "Mới có %(agreed)s/%(members)s %(of)s đồng ý; cần ít nhất %(needed)s/%(members)s (%(share)s) "
            "nên chưa thành quyết định.",
            agreed=agreed,
            members=members,
            of=rule.of.in_(locale()),
            needed=rule.needed(members),
            share=share_of(rule),
        )
    )


def share_of(rule: DecisionRule) -> str:
    """The rule's share in words: "ít nhất 2/3" or "quá 1/2"."""
    share = f"{rule.numerator}/{rule.denominator}"
    return str(_("quá %(share)s", share=share) if rule.strictly else _("ít nhất %(share)s", share=share))


def faults_of_document(
    decisions: Mapping[str, Any], outputs: Mapping[str, Any], rule: DecisionRule, specials: Iterable[str]
) -> str | None:
    """The first thing that does not hold in a published decision, or None."""
    short = shortfall(rule, decisions["agreed"], decisions["members"])
    if short is not None:
        return short
    told = {(item["entry"], item["award"]): item for item in decisions["items"]}
    proposed = proposed_of(outputs, specials)
    for place in proposed:
        if place not in told:
            return f"thiếu quyết định cho {place[0]}."
    for place, item in told.items():
        if item["proposed"] != proposed.get(place):
            return f"đề xuất ghi cho {place[0]} không đúng với outputs.json."
        if item["tier"] != item["proposed"] and not item["reason"].strip():
            return f"quyết định khác đề xuất cho {place[0]} không có lý do."
    return None
