"""Whether inputs agree with the rules they are to be computed under: rounds, criteria, steps, who and what exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.plugin_api import Criterion, Round, VotePolicy
from core.results.formats import Inputs, InputsError, points


def check_against_rules(inputs: Inputs, rounds: Sequence[Round], policy: VotePolicy) -> None:
    """Raise InputsError at the first value the rules refuse; return when there is none.

    A sheet holds every criterion of its round, each within 0 and the maximum and in the criterion's step. A judge
    has at most one sheet for an entry in a round, and none where the judge abstained.
    """
    codes = {entry.code for entry in inputs.entries} | set(inputs.withdrawn)
    judged = _check_sheets(inputs, {judging.key: judging for judging in rounds}, codes)
    _check_abstentions(inputs, {judging.key for judging in rounds}, codes, judged)
    for key, names in inputs.went_on.items():
        if key not in {judging.key for judging in rounds if not judging.deciding}:
            raise InputsError(f"went_on.{key}", f"kỳ thi không có vòng {key} trước vòng quyết định.")
        for code in sorted(names - codes):
            raise InputsError(f"went_on.{key}", f"không có hồ sơ nào mang mã {code}.")
    for code, count in inputs.votes.items():
        if code not in codes:
            raise InputsError(f"votes.{code}", f"không có hồ sơ nào mang mã {code}.")
        if count and not policy.enabled:
            raise InputsError(f"votes.{code}", "kỳ thi này không có phần bình chọn.")


def _check_sheets(inputs: Inputs, rounds: Mapping[str, Round], codes: set[str]) -> set[tuple[str, str, str]]:
    judged: set[tuple[str, str, str]] = set()
    fitting: dict[str, set[tuple[str, Decimal]]] = {key: set() for key in rounds}
    for index, sheet in enumerate(inputs.sheets):
        judging = rounds.get(sheet.round)
        if judging is None:
            raise InputsError(f"sheets[{index}].round", f"kỳ thi không có vòng {sheet.round}.")
        if sheet.entry not in codes:
            raise InputsError(f"sheets[{index}].entry", f"không có hồ sơ nào mang mã {sheet.entry}.")
        place = (sheet.round, sheet.judge, sheet.entry)
        if place in judged:
            raise InputsError(f"sheets[{index}]", f"{sheet.judge} đã có một phiếu khác cho {sheet.entry}.")
        judged.add(place)
        known = fitting[sheet.round]
        if len(sheet.scores) == len(judging.criteria) and known.issuperset(sheet.scores.items()):
            continue
        known |= _check_scores(f"sheets[{index}].scores", sheet.scores, judging)
    return judged


def _check_scores(at: str, scores: Mapping[str, Decimal], judging: Round) -> set[tuple[str, Decimal]]:
    criteria = {criterion.key: criterion for criterion in judging.criteria}
    for key in scores:
        if key not in criteria:
            raise InputsError(f"{at}.{key}", f"vòng {judging.key} không có tiêu chí này.")
    for key, criterion in criteria.items():
        if key not in scores:
            raise InputsError(
                f"{at}.{key}", "phiếu thiếu điểm của tiêu chí này nên không phải là phiếu chấm."
            )
        _check_score(f"{at}.{key}", scores[key], criterion)
    return set(scores.items())


def _check_score(at: str, score: Decimal, criterion: Criterion) -> None:
    if score > criterion.maximum:
        raise InputsError(at, f"điểm {points(score)} vượt điểm tối đa {points(criterion.maximum)}.")
    if score % criterion.step != 0:
        raise InputsError(at, f"điểm {points(score)} không đúng bước điểm {points(criterion.step)}.")


def _check_abstentions(
    inputs: Inputs, rounds: set[str], codes: set[str], judged: set[tuple[str, str, str]]
) -> None:
    for index, row in enumerate(inputs.abstentions):
        at = f"abstentions[{index}]"
        if row.round not in rounds:
            raise InputsError(f"{at}.round", f"kỳ thi không có vòng {row.round}.")
        if row.entry not in codes:
            raise InputsError(f"{at}.entry", f"không có hồ sơ nào mang mã {row.entry}.")
        if (row.round, row.judge, row.entry) in judged:
            raise InputsError(at, f"{row.judge} vừa có phiếu chấm vừa xin không chấm {row.entry}.")
