"""Words, rounds, criteria and tiers of the technical-innovation family."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.plugin_api import (
    Aggregate,
    AwardScheme,
    ComponentScores,
    Criterion,
    Edition,
    Entry,
    Round,
    Terms,
    Text,
    Tier,
    hookimpl,
    is_illustration,
)
from plugins.stkt_base.settings import NAME, StktSettings


@hookimpl
def terms() -> Terms:
    """Hội thi, giải pháp, Hội đồng giám khảo."""
    return Terms(
        contest=Text("Hội thi", "Contest"),
        contest_lower=Text("hội thi", "contest"),
        entry=Text("giải pháp", "solution"),
        entry_capital=Text("Giải pháp", "Solution"),
        entries_lower=Text("giải pháp", "solutions"),
        entries_capital=Text("Giải pháp", "Solutions"),
        jury=Text("Hội đồng giám khảo", "Jury"),
        jury_lower=Text("hội đồng giám khảo", "jury"),
    )


@hookimpl
def rounds(edition: Edition) -> tuple[Round, ...]:
    """Preliminary and final, on the same three criteria; the final decides."""
    criteria = _criteria(edition)
    return (
        Round(
            "so_khao",
            Text("Sơ khảo", "Preliminary round"),
            criteria,
            deciding=False,
            clause="hai_vong",
            official=False,
        ),
        Round(
            "chung_khao",
            Text("Chung khảo", "Final round"),
            criteria,
            deciding=True,
            clause="hai_vong",
            official=False,
        ),
    )


@hookimpl
def score_components(
    deciding: Round, entries: Sequence[Entry], aggregate: Aggregate
) -> tuple[ComponentScores, ...]:
    """The jury part alone: there is no vote in this family."""
    return (
        ComponentScores(
            "jury",
            Text("Điểm của Hội đồng giám khảo", "Points of the Jury"),
            deciding.maximum,
            {entry.code: aggregate.totals[entry.code] for entry in entries},
            clause="hai_vong",
        ),
    )


@hookimpl
def award_scheme() -> AwardScheme:
    """The four tiers, open: a province sets minimums and quotas."""
    return AwardScheme(
        (
            Tier("nhat", Text("Giải Nhất", "First Prize"), clause="co_cau_giai", official=False),
            Tier("nhi", Text("Giải Nhì", "Second Prize"), clause="co_cau_giai", official=False),
            Tier("ba", Text("Giải Ba", "Third Prize"), clause="co_cau_giai", official=False),
            Tier(
                "khuyen_khich",
                Text("Giải Khuyến khích", "Encouragement Prize"),
                clause="co_cau_giai",
                official=False,
            ),
        ),
        official=False,
        clause="co_cau_giai",
    )


def _criteria(edition: Edition) -> tuple[Criterion, ...]:
    step = edition.setting_as(NAME, "score_step", Decimal)
    return (
        _criterion(
            edition,
            "tinh_moi",
            Text("Tính mới, tính sáng tạo", "Novelty and creativity"),
            Text(
                "Điểm mới so với giải pháp đã được công bố hoặc áp dụng.",
                "What is new beside solutions published or applied before.",
            ),
            step,
        ),
        _criterion(
            edition,
            "kha_nang",
            Text("Khả năng áp dụng", "Applicability"),
            Text(
                "Đã áp dụng đến đâu, có thể nhân rộng đến đâu.",
                "How far it is applied, how far it can be replicated.",
            ),
            step,
        ),
        _criterion(
            edition,
            "hieu_qua",
            Text("Hiệu quả kinh tế - kỹ thuật - xã hội", "Economic, technical and social benefit"),
            Text(
                "Lợi ích so với giải pháp đã biết; không gây hại cho môi trường và xã hội.",
                "Benefit beside known solutions; no harm to environment or society.",
            ),
            step,
        ),
    )


def _criterion(edition: Edition, key: str, name: Text, description: Text, step: Decimal) -> Criterion:
    setting = f"points_{key}"
    return Criterion(
        key,
        name,
        edition.setting_as(NAME, setting, Decimal),
        step,
        description,
        clause=f"tieu_chi_{key}",
        official=not is_illustration(StktSettings, edition.settings[NAME], setting),
    )
