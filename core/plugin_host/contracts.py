"""What an answer of a hook must be beyond its type; checked where it is given, so that the error names the plugin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core.plugin_api import (
    Allocation,
    AuthorPolicy,
    ChecklistItem,
    ComponentScores,
    FormSection,
    HookInfo,
    ReportFigure,
    Round,
)

CORE_STEPS = ("chung", "tac-gia")
"""The steps of every dossier form that the core asks itself."""
_FIGURE_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def broken_contract(info: HookInfo, answer: Any, arguments: Mapping[str, Any]) -> str | None:
    """What is wrong with `answer` in one sentence, or None when it is as the specification says."""
    wrong_type = _wrong_type(info, answer)
    if wrong_type is not None:
        return wrong_type
    check = _CHECKS.get(info.name)
    return None if check is None else check(answer, arguments)


def _wrong_type(info: HookInfo, answer: Any) -> str | None:
    gives = info.gives
    if not info.many:
        return None if isinstance(answer, gives) else f"phải trả về {gives.__name__}"
    if not isinstance(answer, tuple):
        return f"phải trả về một tuple các {gives.__name__}"
    for part in answer:
        if not isinstance(part, gives):
            return f"mỗi phần tử trả về phải là {gives.__name__}"
    return None


def _rounds(answer: tuple[Round, ...], _: Mapping[str, Any]) -> str | None:
    if sum(judged.deciding for judged in answer) != 1:
        return "phải có đúng một vòng quyết định kết quả"
    repeated = _repeated(judged.key for judged in answer)
    if repeated:
        return f"vòng chấm trùng khóa: {repeated}"
    for judged in answer:
        repeated = _repeated(criterion.key for criterion in judged.criteria)
        if repeated:
            return f"vòng {judged.key}: tiêu chí trùng khóa: {repeated}"
        if any(criterion.maximum <= 0 or criterion.step <= 0 for criterion in judged.criteria):
            return f"vòng {judged.key}: điểm tối đa và bước điểm phải lớn hơn 0"
    return None


def _dossier_form(answer: tuple[FormSection, ...], _: Mapping[str, Any]) -> str | None:
    repeated = _repeated(asked.key for section in answer for asked in section.fields)
    if repeated:
        return f"câu hỏi trùng khóa: {repeated}"
    # The key of a section is the last part of the address of its page, beside those of the core's own steps.
    repeated = _repeated([*CORE_STEPS, *(section.key for section in answer)])
    return f"phần của mẫu hồ sơ trùng khóa: {repeated}" if repeated else None


def _author_policy(answer: AuthorPolicy, _: Mapping[str, Any]) -> str | None:
    if answer.max_authors is not None and answer.max_authors < 1:
        return "số tác giả nhiều nhất phải từ 1 trở lên"
    return None


def _score_components(answer: tuple[ComponentScores, ...], arguments: Mapping[str, Any]) -> str | None:
    codes = {entry.code for entry in arguments.get("entries", ())}
    for component in answer:
        if component.scores.keys() != codes:
            return f"thành phần {component.key} phải có điểm cho đúng các hồ sơ được xếp hạng"
        if any(not 0 <= score <= component.maximum for score in component.scores.values()):
            return f"thành phần {component.key} có điểm nằm ngoài khoảng 0 đến {component.maximum}"
    return None


def _allocate(answer: Allocation, arguments: Mapping[str, Any]) -> str | None:
    quotas = {tier.key: tier.quota for tier in arguments["scheme"].tiers}
    ranked = {row.entry for row in arguments["ranking"]}
    repeated = _repeated(proposal.entry for proposal in answer.proposals)
    if repeated:
        return f"hồ sơ được đề xuất hai giải: {repeated}"
    for proposal in answer.proposals:
        if proposal.tier not in quotas or proposal.entry not in ranked:
            return f"đề xuất không hợp lệ: {proposal.entry}, giải {proposal.tier}"
    scheme = arguments["scheme"]
    for tier, taken in Counter(proposal.tier for proposal in answer.proposals).items():
        quota = quotas[tier]
        # With spill a tier may hold what the tiers above left over, so only the sum is a ceiling.
        if quota is not None and taken > quota and not scheme.spill:
            return f"giải {tier} vượt chỉ tiêu: {taken} trên {quota}"
    limits = list(quotas.values())
    if all(limit is not None for limit in limits) and len(answer.proposals) > sum(
        limit for limit in limits if limit is not None
    ):
        return "số giải đề xuất vượt tổng chỉ tiêu"
    return None


def _screening_checklist(answer: tuple[ChecklistItem, ...], _: Mapping[str, Any]) -> str | None:
    repeated = _repeated(item.key for item in answer)
    return f"mục cần xem trùng khóa: {repeated}" if repeated else None


def _report_figures(answer: tuple[ReportFigure, ...], _: Mapping[str, Any]) -> str | None:
    repeated = _repeated(figure.key for figure in answer)
    if repeated:
        return f"số liệu báo cáo trùng khóa: {repeated}"
    for figure in answer:
        if not _FIGURE_KEY.fullmatch(figure.key):
            return f"khóa của số liệu báo cáo không hợp lệ: {figure.key}"
    return None


def _repeated(keys: Iterable[str]) -> str:
    return ", ".join(sorted(key for key, times in Counter(keys).items() if times > 1))


_CHECKS: Mapping[str, Callable[[Any, Mapping[str, Any]], str | None]] = {
    "rounds": _rounds,
    "dossier_form": _dossier_form,
    "author_policy": _author_policy,
    "score_components": _score_components,
    "allocate": _allocate,
    "screening_checklist": _screening_checklist,
    "report_figures": _report_figures,
}
