"""The pure computation: from frozen inputs and the edition's rules to ranks and a proposal, every step told.

Nothing is read but the arguments: the same inputs give the same outputs on any machine, in any order of rows.
Arithmetic as in docs: exact means, each part rounded half up once, the total is the sum of the rounded parts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from core.plugin_api import (
    Aggregate,
    Allocation,
    AwardScheme,
    ComponentScores,
    Edition,
    Entry,
    Proposal,
    Round,
    Sheet,
    Step,
    Text,
)
from core.plugin_host import (
    Host,
    PluginUnavailable,
    Rules,
    SettingsInvalid,
    default_host,
    resolve_settings,
    rules_for,
)
from core.plugin_host.defaults import MEAN_CLAUSE
from core.results.formats import Inputs, InputsError, NotRanked, Outputs, points
from core.results.ranking import rank_entries
from core.results.validation import check_against_rules


def edition_of_inputs(inputs: Inputs, *, host: Host | None = None) -> Edition:
    """The edition that `inputs` name, with the plugins of `host` (the installed) and the settings they carry; nothing
    else is consulted.

    Raises InputsError when a plugin is not installed in the version named, or a setting is refused. Years and
    ordinal are not part of the inputs, so no rule of a computation may depend on them beyond the key.
    """
    if inputs.rules is None:
        raise InputsError("rules", "còn thiếu: cần tên plugin và cài đặt để tính.")
    for index, ref in enumerate(inputs.rules.plugins):
        at = f"rules.plugins[{index}]"
        try:
            installed = (host or default_host()).plugin(ref.name).info.version
        except PluginUnavailable as error:
            raise InputsError(f"{at}.name", error.message) from None
        if installed != ref.version:
            raise InputsError(
                f"{at}.version",
                f"cần plugin {ref.name} phiên bản {ref.version}, trên máy này đang có phiên bản {installed}.",
            )
    names = tuple(ref.name for ref in inputs.rules.plugins)
    try:
        settings = resolve_settings(names, inputs.rules.settings, host=host)
    except SettingsInvalid as error:
        path, sentences = sorted(error.errors.items())[0]
        raise InputsError(f"rules.settings.{path}", " ".join(sentences)) from None
    except PluginUnavailable as error:
        raise InputsError("rules.plugins", error.message) from None
    is_year = len(inputs.edition) == 4 and inputs.edition.isdecimal()
    return Edition(
        tenant=inputs.tenant,
        key=inputs.edition,
        name=Text(inputs.edition),
        years=(int(inputs.edition),) if is_year else (),
        ordinal=int(inputs.edition) if inputs.edition.isdecimal() and not is_year else None,
        plugins=inputs.rules.plugins,
        settings=settings,
    )


def compute(inputs: Inputs, edition: Edition, *, host: Host | None = None) -> Outputs:
    """Rank the entries and propose awards under the rules of `edition`, with the plugins of `host` (the installed).

    Raises InputsError at the first value the rules refuse; PluginFailed when a plugin does.
    """
    rules = rules_for(edition, host=host)
    rounds = rules.rounds()
    check_against_rules(inputs, rounds, rules.vote_policy())
    withdrawn = set(inputs.withdrawn)
    contenders = sorted(
        (entry for entry in inputs.entries if entry.code not in withdrawn), key=lambda entry: entry.code
    )
    dropped = [NotRanked(code, "Đã rút khỏi kỳ thi.", None) for code in sorted(withdrawn)]
    steps = [_who_step(inputs, contenders)]
    contenders, failed = _earlier_rounds(rules, rounds, contenders, inputs, steps)
    deciding = rules.deciding_round()
    aggregate = _aggregate(rules, deciding, contenders, inputs.sheets)
    ranked = tuple(entry for entry in contenders if entry.code in aggregate.totals)
    unjudged = [
        NotRanked(
            entry.code,
            f"Không có phiếu chấm đã khóa ở vòng quyết định ({deciding.name.vi}).",
            deciding.clause or MEAN_CLAUSE,
        )
        for entry in contenders
        if entry.code not in aggregate.totals
    ]
    codes = {entry.code for entry in ranked}
    votes = {code: inputs.votes[code] for code in sorted(inputs.votes) if code in codes}
    components = rules.score_components(ranked, aggregate, votes)
    ranking = rank_entries(ranked, components, rules.tie_breaks(), aggregate)
    scheme = rules.award_scheme()
    allocation = rules.allocate(scheme, ranking.rows)
    specials = rules.special_awards(ranked, ranking.rows, allocation.proposals)
    _check_specials(specials, scheme)
    undecided = tuple(sorted(allocation.undecided))
    steps += [
        *aggregate.steps,
        *(step for component in components for step in component.steps),
        _total_step(components, len(ranking.rows)),
        *ranking.steps,
        *allocation.steps,
        *specials.steps,
        _decision_step(rules, undecided, tuple(sorted(specials.undecided))),
    ]
    return Outputs(
        inputs_sha256=inputs.sha256,
        ranking=ranking.rows,
        not_ranked=tuple(sorted([*dropped, *failed, *unjudged], key=lambda row: row.entry)),
        proposal=_in_order(allocation, specials, scheme, [row.entry for row in ranking.rows]),
        undecided=undecided,
        steps=tuple(steps),
    )


def _aggregate(
    rules: Rules, judging: Round, contenders: Sequence[Entry], sheets: Sequence[Sheet]
) -> Aggregate:
    codes = {entry.code for entry in contenders}
    own = [sheet for sheet in sheets if sheet.round == judging.key and sheet.entry in codes]
    return rules.aggregate_sheets(judging, sorted(own, key=lambda sheet: (sheet.entry, sheet.judge)))


def _earlier_rounds(
    rules: Rules,
    rounds: Sequence[Round],
    contenders: list[Entry],
    inputs: Inputs,
    steps: list[Step],
) -> tuple[list[Entry], list[NotRanked]]:
    """Who goes on to the deciding round, and who did not: below the threshold of an earlier one, or not taken into
    the next where the committee took others than the threshold lets through."""
    failed: list[NotRanked] = []
    for judging in rounds:
        if judging.deciding:
            break
        aggregate = _aggregate(rules, judging, contenders, inputs.sheets)
        if not aggregate.totals:
            continue
        steps.extend(aggregate.steps)
        went_on = inputs.went_on.get(judging.key)
        out = {
            code: why
            for code, total in aggregate.totals.items()
            if (why := _why_not(judging, total, is_in=None if went_on is None else code in went_on))
        }
        if went_on is not None:
            steps.append(_went_on_step(judging, aggregate, went_on))
        failed += [NotRanked(code, why, judging.clause or MEAN_CLAUSE) for code, why in out.items()]
        contenders = [entry for entry in contenders if entry.code not in out]
    return contenders, failed


def _why_not(judging: Round, total: Decimal, *, is_in: bool | None) -> str:
    """Why an entry does not go on from a round; "" when it does. `is_in` None: the threshold alone says."""
    least = judging.threshold
    if is_in is not False and (is_in or least is None or total >= least):
        return ""
    if least is not None and total < least:
        return (
            f"Vòng {judging.name.vi} đạt {_vi(points(total))} điểm, dưới mức {_vi(points(least))} để vào "
            "vòng sau."
        )
    return f"Vòng {judging.name.vi} đạt {_vi(points(total))} điểm, không có trong danh sách vào vòng sau."


def _went_on_step(judging: Round, aggregate: Aggregate, went_on: Collection[str]) -> Step:
    least = judging.threshold
    below = sorted(
        code
        for code in went_on
        if least is not None and (code not in aggregate.totals or aggregate.totals[code] < least)
    )
    return Step(
        Text(
            f"Từ vòng {judging.name.vi}, {len(went_on)} hồ sơ vào vòng sau theo danh sách của Ban Tổ chức; "
            f"{len(below)} hồ sơ trong đó chưa đạt mức điểm của quy tắc."
        ),
        judging.clause,
        {"round": judging.key, "went_on": sorted(went_on), "below": below},
    )


def _check_specials(specials: Allocation, scheme: AwardScheme) -> None:
    known = {award.key for award in scheme.specials}
    for proposal in specials.proposals:
        if proposal.tier not in known:
            raise InputsError("rules.plugins", f"giải phụ {proposal.tier} không có trong cơ cấu giải.")


def _in_order(
    allocation: Allocation, specials: Allocation, scheme: AwardScheme, order: Sequence[str]
) -> tuple[Proposal, ...]:
    awards = [*(tier.key for tier in scheme.tiers), *(award.key for award in scheme.specials)]
    place = {code: number for number, code in enumerate(order)}
    proposals = [*allocation.proposals, *specials.proposals]
    return tuple(sorted(proposals, key=lambda row: (awards.index(row.tier), place[row.entry])))


def _who_step(inputs: Inputs, contenders: Sequence[Entry]) -> Step:
    return Step(
        Text(
            f"Nhận {len(inputs.entries)} hồ sơ, {len(inputs.withdrawn)} hồ sơ đã rút; "
            f"{len(inputs.sheets)} phiếu chấm đã khóa; {sum(inputs.votes.values())} lượt bình chọn. "
            "Hồ sơ đã rút không được xếp hạng và không tính khi tìm số phiếu bình chọn cao nhất."
        ),
        None,
        {
            "entries": len(inputs.entries),
            "contenders": len(contenders),
            "withdrawn": sorted(inputs.withdrawn),
            "sheets": len(inputs.sheets),
            "abstentions": len(inputs.abstentions),
            "votes": sum(inputs.votes.values()),
        },
    )


def _total_step(components: Sequence[ComponentScores], count: int) -> Step:
    parts = " + ".join(
        f"{component.name.vi} (tối đa {_vi(points(component.maximum))})" for component in components
    )
    return Step(
        Text(f"Tổng điểm = {parts}, cộng các phần đã làm tròn; xếp hạng từ cao xuống thấp, {count} hồ sơ."),
        None,
        {
            "components": {
                one.key: {"name": one.name.vi, "maximum": points(one.maximum)} for one in components
            },
            "ranked": count,
        },
    )


def _decision_step(rules: Rules, undecided: Sequence[str], specials: Sequence[str]) -> Step:
    rule = rules.decision_rule()
    share = f"{rule.numerator}/{rule.denominator}"
    needed = f"quá {share}" if rule.strictly else f"ít nhất {share}"
    left = f" Còn {len(undecided)} hồ sơ bằng điểm chưa có đề xuất." if undecided else ""
    return Step(
        Text(
            "Trên đây là đề xuất theo điểm số. Giải thưởng do Ban Tổ chức quyết định khi "
            f"{needed} {rule.of.vi} đồng ý.{left}"
        ),
        rule.clause,
        {
            "numerator": rule.numerator,
            "denominator": rule.denominator,
            "undecided": list(undecided),
            "undecided_specials": list(specials),
        },
    )


def _vi(number: str) -> str:
    return number.replace(".", ",")
