"""The sense of tiers, special awards, quotas, money and the committee's decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.contests.lint.values import LintFinding, Place, Said, Spot, doubt, fault, say
from core.plugin_api import Allocation, AwardScheme, DecisionRule, SpecialAward, Step, Text, Tier
from core.plugin_host import ScoreProbe, walk


def tier_findings(scheme: AwardScheme, total: Decimal) -> Iterator[LintFinding]:
    """Each tier can be reached: within the most points there are, under the tier above, and not swallowed by one."""
    yield from _repeated(scheme)
    for number, tier in enumerate(scheme.tiers):
        yield from _reach(tier, total)
        yield from _quota(tier, Spot.TIER)
        if number:
            yield from _order(scheme.tiers[number - 1], tier)
        yield from _swallowed(scheme.tiers[:number], tier)


def _repeated(scheme: AwardScheme) -> Iterator[LintFinding]:
    seen: set[str] = set()
    for one in _all(scheme):
        if one.key in seen:
            yield fault(
                "award_key_twice",
                Place(Spot.TIER, one.key),
                say("Hai giải cùng khóa {key}.", "Two awards have the key {key}.", key=one.key),
                Text("Đặt mỗi giải một khóa riêng.", "Give each award a key of its own."),
                one.clause,
            )
        seen.add(one.key)


def _all(scheme: AwardScheme) -> tuple[Tier | SpecialAward, ...]:
    return (*scheme.tiers, *scheme.specials)


def _reach(tier: Tier, total: Decimal) -> Iterator[LintFinding]:
    if tier.minimum is None:
        return
    place = Place(Spot.TIER, tier.key)
    facts: dict[str, Said] = {"tier": tier.name, "minimum": tier.minimum, "total": total}
    remedy = Text("Đặt lại điểm tối thiểu.", "Set the minimum anew.")
    if tier.minimum > total:
        sentence = say(
            "{tier} cần ít nhất {minimum} điểm, mà tổng điểm cao nhất chỉ là {total}: không bài nào đạt được.",
            "{tier} needs {minimum} points, but the highest total is {total}: no entry can get it.",
            **facts,
        )
        yield fault("tier_above_total", place, sentence, remedy, tier.clause)
    elif tier.minimum < 0:
        sentence = say(
            "Điểm tối thiểu của {tier} là số âm: {minimum}.",
            "The minimum of {tier} is below 0: {minimum}.",
            **facts,
        )
        yield fault("tier_minimum_negative", place, sentence, remedy, tier.clause)


def _quota(one: Tier | SpecialAward, spot: Spot) -> Iterator[LintFinding]:
    if one.quota is None or one.quota > 0:
        return
    place = Place(spot, one.key)
    if one.quota < 0:
        yield fault(
            "quota_negative",
            place,
            say(
                "Số giải của {name} là số âm: {quota}.",
                "{name} has {quota} prizes.",
                name=one.name,
                quota=one.quota,
            ),
            Text("Đặt số giải từ 1 trở lên, hoặc để trống.", "Set 1 prize or more, or leave it empty."),
            one.clause,
        )
        return
    yield doubt(
        "quota_zero",
        place,
        say(
            "{name} có số giải bằng 0: không bài nào được đề xuất giải này.",
            "{name} has no prizes: no entry will be proposed for it.",
            name=one.name,
        ),
        Text(
            "Nếu năm nay không trao giải này thì để nguyên; nếu không, đặt lại số giải.",
            "Leave it when the prize is not given this time; else set the number.",
        ),
        one.clause,
    )


def _order(above: Tier, tier: Tier) -> Iterator[LintFinding]:
    """A lower tier asks less than the one above; equal minimums are two tiers told apart by quota alone."""
    if tier.minimum is None:
        return
    place = Place(Spot.TIER, tier.key)
    facts: dict[str, Said] = {
        "tier": tier.name,
        "minimum": tier.minimum,
        "above": above.name,
        "other": above.minimum or Decimal(0),
    }
    remedy = Text(
        "Đặt điểm tối thiểu giảm dần từ giải cao xuống giải thấp.",
        "Let the minimums fall from the highest tier to the lowest.",
    )
    if tier.minimum > (above.minimum or 0):
        sentence = say(
            "{tier} cần {minimum} điểm, cao hơn {above} đứng trên nó ({other} điểm).",
            "{tier} needs {minimum} points, more than {above} above it ({other} points).",
            **facts,
        )
        yield fault("tiers_out_of_order", place, sentence, remedy, tier.clause)
    elif tier.minimum == above.minimum and above.quota is not None:
        sentence = say(
            "{tier} và {above} cùng điểm tối thiểu {minimum}: chỉ số giải phân biệt hai hạng này.",
            "{tier} and {above} share the minimum {minimum}: their quotas alone tell them apart.",
            **facts,
        )
        yield doubt("tiers_same_minimum", place, sentence, remedy, tier.clause)


def _swallowed(above: Sequence[Tier], tier: Tier) -> Iterator[LintFinding]:
    """A tier without limit above takes everybody who reaches its minimum; nobody is left whom this one would take."""
    for higher in above:
        if higher.quota is None and (higher.minimum or 0) <= (tier.minimum or 0):
            yield fault(
                "tier_swallowed",
                Place(Spot.TIER, tier.key),
                say(
                    "{higher} không giới hạn số giải và lấy mọi bài mà {tier} có thể lấy: không bài nào còn lại cho "
                    "{tier}.",
                    "{higher} has no limit and takes every entry that {tier} could: none is left for {tier}.",
                    higher=higher.name,
                    tier=tier.name,
                ),
                say(
                    "Đặt số giải cho {higher}, hoặc đặt điểm tối thiểu của nó cao hơn.",
                    "Set a quota for {higher}, or a higher minimum.",
                    higher=higher.name,
                ),
                tier.clause,
            )
            return


def budget_findings(scheme: AwardScheme) -> Iterator[LintFinding]:
    """The quotas stay within the number of prizes and the money that the documents state."""
    place = Place(Spot.SCHEME)
    quotas = [tier.quota for tier in scheme.tiers]
    known = sum(quota for quota in quotas if quota is not None)
    if scheme.most is not None and known > scheme.most:
        yield fault(
            "quotas_above_ceiling",
            place,
            say(
                "Cộng số giải của các hạng được {known}, quá {most} giải mà thể lệ cho.",
                "The quotas add up to {known}, more than the {most} prizes that the rules allow.",
                known=known,
                most=scheme.most,
            ),
            Text("Giảm số giải của một hạng.", "Lower the quota of a tier."),
            scheme.clause,
        )
    paid = [one for one in _all(scheme) if one.money]
    spent = sum((one.money or 0) * max(one.quota or 0, 0) for one in paid)
    if scheme.budget is not None and spent > scheme.budget:
        yield fault(
            "money_above_budget",
            place,
            say(
                "Trao đủ mọi giải cần {spent} đồng, quá kinh phí {budget} đồng.",
                "All prizes together need {spent} đồng, more than the budget of {budget} đồng.",
                spent=spent,
                budget=scheme.budget,
            ),
            Text("Giảm số giải hoặc mức thưởng.", "Lower quotas or prize money."),
            scheme.clause,
        )
    for tier in scheme.tiers:
        if scheme.budget is not None and tier.money and tier.quota is None:
            yield doubt(
                "money_without_quota",
                Place(Spot.TIER, tier.key),
                say(
                    "{tier} có tiền thưởng mà không giới hạn số giải: không biết kinh phí có đủ không.",
                    "{tier} has prize money and no quota: nobody can tell whether the budget is enough.",
                    tier=tier.name,
                ),
                Text("Đặt số giải nhiều nhất cho hạng này.", "Set the most prizes of this tier."),
                tier.clause,
            )


def special_findings(scheme: AwardScheme, probe: ScoreProbe) -> Iterator[LintFinding]:
    """Each special award has a place and a rule that proposes it; nothing else is proposed."""
    names = {one.key for one in scheme.specials}
    proposed, spoken = _spoken_of(probe)
    for one in scheme.specials:
        yield from _quota(one, Spot.SPECIAL)
        if one.key not in proposed and (one.clause is None or one.clause not in spoken):
            yield doubt(
                "special_without_rule",
                Place(Spot.SPECIAL, one.key),
                say(
                    "Không thấy quy tắc nào đề xuất “{award}”: Ban Tổ chức phải tự chọn.",
                    "No rule seems to propose “{award}”: the committee must choose by itself.",
                    award=one.name,
                ),
                Text(
                    "Thêm quy tắc xét giải này, hoặc ghi rõ do Ban Tổ chức chọn.",
                    "Add a rule for it, or say that the committee chooses.",
                ),
                one.clause,
            )
    for key in sorted(proposed - names - {tier.key for tier in scheme.tiers}):
        yield fault(
            "special_unknown",
            Place(Spot.SPECIAL, key),
            say(
                "Quy tắc đề xuất giải {key}, mà cơ cấu giải không có giải ấy.",
                "A rule proposes the award {key}, which the scheme does not have.",
                key=key,
            ),
            Text(
                "Thêm giải này vào cơ cấu giải, hoặc bỏ quy tắc.",
                "Add the award to the scheme, or drop the rule.",
            ),
        )


def _spoken_of(probe: ScoreProbe) -> tuple[set[str], set[str]]:
    """The awards that were proposed for the made-up entries, and the clauses that steps tell of."""
    proposed: set[str] = set()
    spoken: set[str] = set()
    for allocation in probe.answers:
        if isinstance(allocation, Allocation):
            proposed.update(one.tier for one in allocation.proposals)
            steps = (value for value in walk(allocation) if isinstance(value, Step))
            spoken.update(step.clause for step in steps if step.clause)
    return proposed, spoken


def decision_findings(rule: DecisionRule) -> Iterator[LintFinding]:
    """The committee can reach the share that a decision needs, and the share is one."""
    place = Place(Spot.DECISION)
    facts: dict[str, Said] = {"numerator": rule.numerator, "denominator": rule.denominator, "of": rule.of}
    remedy = Text("Đặt lại tỷ lệ biểu quyết theo thể lệ.", "Set the share by the rules.")
    most = rule.numerator >= rule.denominator if rule.strictly else rule.numerator > rule.denominator
    if rule.denominator <= 0 or rule.numerator < 0 or most:
        sentence = say(
            "Quyết định giải cần {numerator}/{denominator} {of}: tỷ lệ này không bao giờ đạt được.",
            "A decision needs {numerator}/{denominator} {of}: a share that cannot be reached.",
            **facts,
        )
        yield fault("decision_unreachable", place, sentence, remedy, rule.clause)
    elif rule.numerator == 0:
        sentence = say(
            "Quyết định giải cần {numerator}/{denominator} {of}: không cần ai tán thành.",
            "A decision needs {numerator}/{denominator} {of}: nobody has to agree.",
            **facts,
        )
        yield doubt("decision_needs_nobody", place, sentence, remedy, rule.clause)
