"""The sense of rounds, criteria, parts of the total and tie-breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.contests.lint.values import LintFinding, Place, Said, Spot, doubt, fault, say
from core.plugin_api import ComponentScores, Criterion, Round, Text, TieBreak, VotePolicy
from core.plugin_host import ScoreProbe

_ROUND_SUM = Decimal(10)


def round_findings(rounds: Sequence[Round]) -> Iterator[LintFinding]:
    """Each round has criteria whose points can be given, and a threshold that can be reached and has a use."""
    for number, one in enumerate(rounds, start=1):
        place = Place(Spot.ROUND, one.key)
        if not one.criteria:
            yield fault(
                "round_without_criteria",
                place,
                say("Vòng {round} không có tiêu chí nào.", "Round {round} has no criterion.", round=one.name),
                Text("Thêm tiêu chí hoặc bỏ vòng này.", "Give it criteria or leave the round out."),
                one.clause,
            )
        for criterion in one.criteria:
            yield from _criterion(one, criterion)
        yield from _threshold(one, is_last=number == len(rounds))
    if rounds and not rounds[-1].deciding and any(one.deciding for one in rounds):
        yield doubt(
            "round_after_deciding",
            Place(Spot.ROUND, rounds[-1].key),
            say(
                "Vòng {round} đứng sau vòng quyết định nên điểm của vòng này không tính vào kết quả.",
                "Round {round} stands after the deciding round, so its points do not count.",
                round=rounds[-1].name,
            ),
            Text("Để vòng cuối cùng là vòng quyết định.", "Let the last round be the deciding one."),
            rounds[-1].clause,
        )


def _criterion(judged: Round, one: Criterion) -> Iterator[LintFinding]:
    place = Place(Spot.CRITERION, f"{judged.key}/{one.key}")
    if one.maximum <= 0 or one.step <= 0:
        yield fault(
            "criterion_without_points",
            place,
            say(
                "Tiêu chí {name} có điểm tối đa {most} và bước điểm {step}; cả hai phải lớn hơn 0.",
                "Criterion {name} has at most {most} points in steps of {step}; both must be above 0.",
                name=one.name,
                most=one.maximum,
                step=one.step,
            ),
            Text("Đặt lại điểm tối đa và bước điểm.", "Set the most points and the step anew."),
            one.clause,
        )
    elif one.maximum % one.step:
        yield fault(
            "step_does_not_divide",
            place,
            say(
                "Bước điểm {step} không chia hết điểm tối đa {most} của tiêu chí {name}: không ai chấm được "
                "điểm tối đa.",
                "Steps of {step} do not divide the {most} points of criterion {name}: nobody can give them all.",
                step=one.step,
                most=one.maximum,
                name=one.name,
            ),
            Text(
                "Chọn bước điểm chia hết điểm tối đa của mọi tiêu chí.",
                "Choose a step that divides the most points of every criterion.",
            ),
            one.clause,
        )
    for anchor in one.anchors:
        if not 0 <= anchor.least <= anchor.most <= one.maximum:
            yield doubt(
                "anchor_outside",
                place,
                say(
                    "Mô tả mức điểm từ {least} đến {most} nằm ngoài khoảng 0 đến {maximum} của tiêu chí {name}.",
                    "The description of {least} to {most} points lies outside 0 to {maximum} of criterion {name}.",
                    least=anchor.least,
                    most=anchor.most,
                    maximum=one.maximum,
                    name=one.name,
                ),
                Text("Sửa mô tả theo thang điểm.", "Make the description follow the scale."),
                one.clause,
            )


def _threshold(one: Round, *, is_last: bool) -> Iterator[LintFinding]:
    if one.threshold is None:
        return
    place = Place(Spot.ROUND, one.key)
    facts: dict[str, Said] = {"round": one.name, "threshold": one.threshold, "most": one.maximum}
    lower = Text("Đặt lại điểm vào vòng sau.", "Set the points for the next round anew.")
    if one.threshold > one.maximum:
        sentence = say(
            "Vòng {round} cần {threshold} điểm để vào vòng sau, mà phiếu chấm cao nhất chỉ có {most} điểm.",
            "Round {round} asks {threshold} points for the next round, but a sheet holds {most} at most.",
            **facts,
        )
        yield fault("threshold_unreachable", place, sentence, lower, one.clause)
    elif one.threshold <= 0:
        sentence = say(
            "Điểm vào vòng sau của vòng {round} là {threshold}: bài nào cũng qua.",
            "Round {round} asks {threshold} points for the next round: every entry goes on.",
            **facts,
        )
        yield doubt("threshold_lets_all", place, sentence, lower, one.clause)
    if is_last:
        sentence = say(
            "Vòng {round} là vòng cuối nên ngưỡng {threshold} điểm không có tác dụng.",
            "Round {round} is the last, so its threshold of {threshold} points has no effect.",
            **facts,
        )
        remedy = Text("Bỏ ngưỡng, hoặc đặt ở vòng trước.", "Drop it, or put it on an earlier round.")
        yield doubt("threshold_without_next", place, sentence, remedy, one.clause)


def component_findings(
    rounds: Sequence[Round], policy: VotePolicy, probe: ScoreProbe
) -> Iterator[LintFinding]:
    """The parts of the total can be reached, add up to a sensible total and follow the vote policy."""
    steps_fit = all(
        one.step > 0 and not one.maximum % one.step
        for judged in rounds
        if judged.deciding
        for one in judged.criteria
    )
    moved = False
    for full, without in zip(probe.with_votes, probe.without, strict=True):
        moved = moved or full.scores != without.scores
        yield from _component(full, probe.top, steps_fit=steps_fit)
    if probe.total % _ROUND_SUM:
        yield doubt(
            "total_not_round",
            Place(Spot.RULES),
            say(
                "Tổng điểm tối đa là {total} ({parts}), không phải một số tròn.",
                "The most points are {total} ({parts}), which is no round number.",
                total=probe.total,
                parts=_sum_of(probe.with_votes),
            ),
            Text(
                "So lại điểm tối đa của các tiêu chí và thành phần với thể lệ.",
                "Compare the points of criteria and parts with the rules.",
            ),
        )
    yield from _vote_counts(policy, probe, moved=moved)


def _component(one: ComponentScores, top: str, *, steps_fit: bool) -> Iterator[LintFinding]:
    place = Place(Spot.COMPONENT, one.key)
    if one.maximum <= 0:
        yield fault(
            "component_without_weight",
            place,
            say("Thành phần {name} có điểm tối đa bằng 0.", "Part {name} has no points.", name=one.name),
            Text("Đặt điểm cho thành phần này hoặc bỏ nó.", "Give the part points or leave it out."),
            one.clause,
        )
    elif steps_fit and one.scores[top] < one.maximum:
        yield fault(
            "component_maximum_unreachable",
            place,
            say(
                "Thành phần {name} ghi tối đa {most} điểm, nhưng bài được mọi điểm và mọi lượt bình chọn cũng chỉ "
                "có {got}.",
                "Part {name} says {most} points at most, but an entry with every point and every vote has {got}.",
                name=one.name,
                most=one.maximum,
                got=one.scores[top],
            ),
            Text(
                "So lại điểm tối đa của thành phần với tổng điểm các tiêu chí.",
                "Compare the part's points with the sum of the criteria.",
            ),
            one.clause,
        )


def _vote_counts(policy: VotePolicy, probe: ScoreProbe, *, moved: bool) -> Iterator[LintFinding]:
    if policy.enabled and not moved:
        yield doubt(
            "vote_counts_nothing",
            Place(Spot.VOTE),
            Text(
                "Kỳ này có bình chọn nhưng lượt bình chọn không làm thay đổi điểm của bài nào.",
                "The public votes, but votes change no entry's points.",
            ),
            Text(
                "Thêm điểm bình chọn, hoặc nói rõ trên trang rằng bình chọn không tính điểm.",
                "Let votes give points, or say on the page that they do not count.",
            ),
            policy.clause,
        )
    if not policy.enabled and moved:
        yield fault(
            "points_without_vote",
            Place(Spot.VOTE),
            Text(
                "Điểm có phần tính theo lượt bình chọn, mà kỳ này không có bình chọn: không bài nào được phần điểm "
                "ấy.",
                "Part of the points comes from votes, but there is no vote: no entry can get them.",
            ),
            Text("Bật bình chọn, hoặc bỏ phần điểm ấy.", "Allow the vote, or leave these points out."),
            policy.clause,
        )


def tie_findings(
    ties: Sequence[TieBreak], deciding: Round, components: Sequence[ComponentScores]
) -> Iterator[LintFinding]:
    """Each tie-break compares something that exists, and nothing twice."""
    parts = {one.key for one in components}
    criteria = {one.key for one in deciding.criteria}
    compared = Counter((one.component, one.criterion) for one in ties)
    for one in ties:
        place = Place(Spot.TIE_BREAK, one.key)
        named = one.component or one.criterion or ""
        known = parts if one.component is not None else criteria
        if named not in known:
            yield fault(
                "tie_break_names_nothing",
                place,
                say(
                    "Khi bằng điểm, “{name}” so {named}, mà kỳ này không có thành phần hay tiêu chí ấy.",
                    "For equal totals, “{name}” compares {named}, which this edition does not have.",
                    name=one.name,
                    named=named,
                ),
                Text(
                    "Nêu một thành phần hoặc tiêu chí của vòng quyết định.",
                    "Name a part or a criterion of the deciding round.",
                ),
            )
        elif compared.pop((one.component, one.criterion), 1) > 1:
            yield doubt(
                "tie_break_twice",
                place,
                say(
                    "Khi bằng điểm, “{name}” được so hai lần; lần sau không phân định được gì.",
                    "For equal totals, “{name}” is compared twice; the second time settles nothing.",
                    name=one.name,
                ),
                Text("Bỏ lần so thừa.", "Leave the second one out."),
            )


def _sum_of(components: Sequence[ComponentScores]) -> Text:
    return Text(
        " + ".join(say("{points}", "{points}", points=one.maximum).vi for one in components),
        " + ".join(say("{points}", "{points}", points=one.maximum).en for one in components),
    )
