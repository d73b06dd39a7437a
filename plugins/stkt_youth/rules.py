"""Words, rounds, criteria and prize bands of the youth family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from plugins.stkt_youth.settings import BANDS, NAME, YouthSettings

_TIERS = {
    "dac_biet": Text("Giải Đặc biệt", "Special Prize"),
    "nhat": Text("Giải Nhất", "First Prize"),
    "nhi": Text("Giải Nhì", "Second Prize"),
    "ba": Text("Giải Ba", "Third Prize"),
    "khuyen_khich": Text("Giải Khuyến khích", "Encouragement Prize"),
}


@hookimpl
def terms() -> Terms:
    """Cuộc thi, sản phẩm, Hội đồng giám khảo."""
    return Terms(
        contest=Text("Cuộc thi", "Contest"),
        contest_lower=Text("cuộc thi", "contest"),
        entry=Text("sản phẩm", "product"),
        entry_capital=Text("Sản phẩm", "Product"),
        entries_lower=Text("mô hình, sản phẩm", "models and products"),
        entries_capital=Text("Mô hình, sản phẩm", "Models and products"),
        jury=Text("Hội đồng giám khảo", "Jury"),
        jury_lower=Text("hội đồng giám khảo", "jury"),
    )


@hookimpl
def rounds(edition: Edition) -> tuple[Round, ...]:
    """Preliminary, with the threshold that is set, and final, on the same criteria; the final decides."""
    criteria = _criteria(edition)
    threshold = edition.setting(NAME, "preliminary_threshold")
    return (
        Round(
            "so_khao",
            Text("Sơ khảo", "Preliminary round"),
            criteria,
            deciding=False,
            threshold=threshold if isinstance(threshold, Decimal) else None,
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
def award_scheme(edition: Edition) -> AwardScheme:
    """A tier for each band that is set, from the highest to the lowest."""
    return AwardScheme(tuple(_tiers(edition)), official=False, clause="muc_giai")


def _tiers(edition: Edition) -> Iterator[Tier]:
    for key in BANDS:
        band, quota = (edition.setting(NAME, f"{kind}_{key}") for kind in ("band", "quota"))
        if not isinstance(band, Decimal):
            continue
        values = edition.settings[NAME]
        is_open = (is_illustration(YouthSettings, values, f"{kind}_{key}") for kind in ("band", "quota"))
        yield Tier(
            key,
            _TIERS[key],
            minimum=band,
            quota=quota if isinstance(quota, int) else None,
            clause="muc_giai",
            official=not any(is_open),
        )


def _criteria(edition: Edition) -> tuple[Criterion, ...]:
    step = edition.setting_as(NAME, "score_step", Decimal)
    return (
        _criterion(
            edition,
            "tinh_moi",
            Text("Tính mới, tính sáng tạo", "Novelty and creativity"),
            Text(
                "Điểm mới so với cái đã có; ý tưởng của chính các em.", "What is new; the authors' own idea."
            ),
            step,
        ),
        _criterion(
            edition,
            "kha_nang",
            Text("Khả năng áp dụng", "Applicability"),
            Text("Dùng được trong học tập, sinh hoạt, đời sống.", "Can be used in learning and daily life."),
            step,
        ),
        _criterion(
            edition,
            "hieu_qua",
            Text("Hiệu quả", "Benefit"),
            Text(
                "Lợi ích mang lại; an toàn, thân thiện với môi trường.",
                "The benefit it brings; safe and kind to the environment.",
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
        official=not is_illustration(YouthSettings, edition.settings[NAME], setting),
    )
