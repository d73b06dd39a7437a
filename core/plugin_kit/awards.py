"""What must hold of any proposal of prizes, whatever the rules: quotas, tiers, ties, held places, special awards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from core.plugin_api import Allocation, AwardScheme, Ranked, Text, Tier


def over_quota(scheme: AwardScheme, allocation: Allocation) -> Iterator[Text]:
    """A tier with more than its quota; where places spill, tiers from the top with more than all theirs together."""
    taken = Counter(one.tier for one in allocation.proposals)
    quotas = 0
    seated = 0
    for tier in scheme.tiers:
        seated += taken[tier.key]
        if tier.quota is None:
            return
        quotas += tier.quota
        if not scheme.spill and taken[tier.key] > tier.quota:
            yield _over(tier, taken[tier.key], tier.quota)
        elif scheme.spill and seated > quotas:
            yield Text(
                f"Từ giải cao nhất đến {tier.name.vi}: đề xuất {seated} trên tổng chỉ tiêu {quotas}, kể cả suất chuyển "
                "xuống.",
                f"From the highest tier to {tier.name.en}: {seated} proposals for {quotas} places, spilled ones "
                "included.",
            )


def _over(tier: Tier, taken: int, quota: int) -> Text:
    return Text(
        f"{tier.name.vi} vượt chỉ tiêu: đề xuất {taken} trên {quota}.",
        f"{tier.name.en} exceeds its quota: {taken} proposals for {quota} places.",
    )


def out_of_order(scheme: AwardScheme, ranking: Sequence[Ranked], allocation: Allocation) -> Iterator[Text]:
    """Who is below the minimum of the tier, or was passed over for one who ranks lower."""
    place = {tier.key: number for number, tier in enumerate(scheme.tiers)}
    won = {one.entry: place[one.tier] for one in allocation.proposals if one.tier in place}
    left = set(allocation.undecided)
    for row in ranking:
        tier = scheme.tiers[won[row.entry]] if row.entry in won else None
        if tier is not None and not _reaches(row, tier):
            yield Text(
                f"{row.entry} có {row.total} điểm, dưới mức tối thiểu {tier.minimum} của {tier.name.vi} mà vẫn được đề "
                "xuất.",
                f"{row.entry} has {row.total} points, below the minimum {tier.minimum} of {tier.name.en}, and is "
                "proposed.",
            )
    ordered = sorted(ranking, key=lambda row: row.rank)
    for upper in ordered:
        if upper.entry in left:
            continue
        for lower in ordered:
            if lower.rank <= upper.rank or lower.entry not in won:
                continue
            tier = scheme.tiers[won[lower.entry]]
            if won.get(upper.entry, len(place)) > won[lower.entry] and _reaches(upper, tier):
                yield Text(
                    f"{lower.entry} (hạng {lower.rank}, {lower.total} điểm) được {tier.name.vi} trong khi "
                    f"{upper.entry} (hạng {upper.rank}, {upper.total} điểm) đứng trên mà được giải thấp hơn hoặc "
                    "không có giải.",
                    f"{lower.entry} (rank {lower.rank}, {lower.total} points) is proposed for {tier.name.en} while "
                    f"{upper.entry} (rank {upper.rank}, {upper.total} points), which ranks above, gets less or "
                    "nothing.",
                )
                return


def torn_ties(ranking: Sequence[Ranked], allocation: Allocation) -> Iterator[Text]:
    """Entries of one rank that the proposal treats differently: no rule tells them apart."""
    won = {one.entry: one.tier for one in allocation.proposals}
    left = set(allocation.undecided)
    ordered = sorted(ranking, key=lambda row: (row.rank, row.entry))
    for rank, group in groupby(ordered, key=lambda row: row.rank):
        codes = [row.entry for row in group]
        fates = {code: "?" if code in left else won.get(code, "") for code in codes}
        if len(set(fates.values())) > 1:
            vi = ", ".join(f"{code}: {_fate(fate, 'vi')}" for code, fate in fates.items())
            en = ", ".join(f"{code}: {_fate(fate, 'en')}" for code, fate in fates.items())
            yield Text(
                f"Các bài cùng hạng {rank} bằng nhau ở mọi tiêu chí phụ mà được xử lý khác nhau ({vi}); phải cùng một "
                "giải hoặc cùng để Ban Tổ chức quyết định.",
                f"Entries of rank {rank} are equal in every tie-break and treated differently ({en}); they get one "
                "tier or are all left to the committee.",
            )


def _fate(fate: str, locale: str) -> str:
    if fate == "?":
        return "Ban Tổ chức quyết định" if locale == "vi" else "left to the committee"
    return fate or ("không có giải" if locale == "vi" else "nothing")


def lost_places(scheme: AwardScheme, ranking: Sequence[Ranked], allocation: Allocation) -> Iterator[Text]:
    """Who takes a place that undecided entries ranked above may still need."""
    place = {tier.key: number for number, tier in enumerate(scheme.tiers)}
    taken = Counter(place[one.tier] for one in allocation.proposals if one.tier in place)
    rows = {row.entry: row for row in ranking}
    left = [rows[entry] for entry in allocation.undecided if entry in rows]
    for one in allocation.proposals:
        if one.tier not in place or one.entry not in rows:
            continue
        above = [row for row in left if row.rank < rows[one.entry].rank]
        free = _free(scheme, place[one.tier], taken, above)
        if above and free is not None and len(above) > free:
            waiting = ", ".join(sorted(row.entry for row in above))
            yield Text(
                f"{one.entry} được đề xuất vào suất đang chờ Ban Tổ chức quyết định giữa các bài xếp trên: {waiting}.",
                f"{one.entry} is proposed for a place that the committee still has to give to one ranked above: "
                f"{waiting}.",
            )
            return


def _free(scheme: AwardScheme, at: int, taken: Mapping[int, int], above: Sequence[Ranked]) -> int | None:
    """Places down to tier `at` that nobody took and those `above` could have; None: as many as they like."""
    free = 0
    for number, tier in enumerate(scheme.tiers[: at + 1]):
        if not scheme.spill and not any(_reaches(row, tier) for row in above):
            continue
        if tier.quota is None:
            return None
        free += tier.quota - taken.get(number, 0)
    return free


def wrong_specials(scheme: AwardScheme, ranking: Sequence[Ranked], specials: Allocation) -> Iterator[Text]:
    """Special awards that the scheme does not know, over their number, or for what is not ranked."""
    known = {one.key: one for one in scheme.specials}
    codes = {row.entry for row in ranking}
    for one in specials.proposals:
        if one.tier not in known:
            yield Text(
                f"Giải phụ {one.tier} không có trong cơ cấu giải.",
                f"The special award {one.tier} is not in the scheme.",
            )
    for entry in dict.fromkeys((*(one.entry for one in specials.proposals), *specials.undecided)):
        if entry not in codes:
            yield Text(
                f"Giải phụ nêu {entry}, bài không được xếp hạng.",
                f"A special award names {entry}, which is not ranked.",
            )
    for (tier, entry), times in Counter((one.tier, one.entry) for one in specials.proposals).items():
        if times > 1:
            yield Text(
                f"Giải phụ {tier} được đề xuất {times} lần cho {entry}.",
                f"The special award {tier} is proposed {times} times for {entry}.",
            )
    for tier, taken in Counter(one.tier for one in specials.proposals).items():
        if tier in known and taken > known[tier].quota:
            quota = known[tier].quota
            yield Text(
                f"Giải phụ {tier} vượt chỉ tiêu: đề xuất {taken} trên {quota}.",
                f"The special award {tier} exceeds its number: {taken} proposals for {quota}.",
            )


def _reaches(row: Ranked, tier: Tier) -> bool:
    return tier.minimum is None or row.total >= tier.minimum
