"""Words, jury, vote, prizes and decision of the Thái Nguyên contest: 80 points of the jury and 20 of the vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from core.plugin_api import (
    Aggregate,
    AwardScheme,
    ComponentScores,
    Criterion,
    DecisionRule,
    Edition,
    Entry,
    NavItem,
    Round,
    Step,
    Terms,
    Text,
    Tier,
    VotePolicy,
    hookimpl,
    is_illustration,
    round_half_up,
)
from plugins.thainguyen_innovation.documents import is_first
from plugins.thainguyen_innovation.settings import NAME, ThaiNguyenSettings

VOTE_PLACES = 1
"""The vote part is rounded to tenths (hàng phần mười)."""


@hookimpl
def terms() -> Terms:
    """Cuộc thi, công trình, Hội đồng chuyên môn."""
    return Terms(
        contest=Text("Cuộc thi", "Contest"),
        contest_lower=Text("cuộc thi", "contest"),
        entry=Text("công trình", "work"),
        entry_capital=Text("Công trình", "Work"),
        entries_lower=Text("công trình", "works"),
        entries_capital=Text("Công trình", "Works"),
        jury=Text("Hội đồng chuyên môn", "Professional Council"),
        jury_lower=Text("hội đồng chuyên môn", "professional council"),
    )


@hookimpl
def rounds(edition: Edition) -> tuple[Round, ...]:
    """One deciding round of the jury with the three criteria."""
    criteria = (
        _criterion(
            edition,
            "doi_moi",
            Text("Tính đổi mới sáng tạo", "Innovation"),
            Text(
                "Giải pháp kỹ thuật, công nghệ hoặc quản lý không trùng với công trình đã công bố.",
                "Technical, technological or management solutions that do not duplicate published works.",
            ),
        ),
        _criterion(
            edition,
            "hieu_qua",
            Text("Hiệu quả kinh tế - xã hội", "Economic and social benefit"),
            Text(
                "Lợi ích kinh tế trực tiếp sau khi áp dụng, hoặc việc làm, điều kiện sống, sức khỏe, điều "
                "kiện làm việc, an toàn lao động, môi trường.",
                "Direct economic benefit after implementation, or jobs, living conditions, health, working "
                "conditions, labour safety, environment.",
            ),
        ),
        _criterion(
            edition,
            "kha_nang",
            Text("Khả năng áp dụng", "Applicability"),
            Text(
                "Có thể áp dụng rộng rãi trong sản xuất, kinh doanh và đời sống xã hội của tỉnh.",
                "Can be used widely in production, business and social life of the province.",
            ),
        ),
    )
    return (
        Round(
            "hoi_dong",
            Text("Hội đồng chuyên môn chấm", "Judging by the Professional Council"),
            criteria,
            deciding=True,
            clause="diem_hoi_dong",
            official=is_first(edition),
        ),
    )


@hookimpl
def score_components(
    edition: Edition,
    deciding: Round,
    entries: Sequence[Entry],
    aggregate: Aggregate,
    votes: Mapping[str, int],
) -> tuple[ComponentScores, ...]:
    """The jury part, and the vote part: most points × votes ÷ most votes of any ranked entry, to tenths, halves up."""
    jury = ComponentScores(
        "jury",
        Text("Điểm của Hội đồng chuyên môn", "Points of the Professional Council"),
        deciding.maximum,
        {entry.code: aggregate.totals[entry.code] for entry in entries},
        clause="diem_hoi_dong",
    )
    counted = {entry.code: votes.get(entry.code, 0) for entry in entries}
    return (jury, _vote_part(edition.setting_as(NAME, "points_binh_chon", Decimal), counted))


@hookimpl
def vote_policy() -> VotePolicy:
    """One account, one vote for an entry; an account may vote for several entries."""
    return VotePolicy(enabled=True, votes_per_entry=1, max_entries=None, clause="binh_chon")


@hookimpl
def award_scheme(edition: Edition) -> AwardScheme:
    """Four tiers by quota, no minimum: illustrations until the committee enters its own."""
    names = {
        "nhat": Text("Giải Nhất", "First Prize"),
        "nhi": Text("Giải Nhì", "Second Prize"),
        "ba": Text("Giải Ba", "Third Prize"),
        "khuyen_khich": Text("Giải Khuyến khích", "Encouragement Prize"),
    }
    tiers = tuple(_tier(edition, key, name) for key, name in names.items())
    official = all(tier.official for tier in tiers)
    return AwardScheme(tiers, spill=False, official=official, clause="xet_giai")


@hookimpl
def decision_rule(edition: Edition) -> DecisionRule:
    """At least two thirds of the committee's members."""
    return DecisionRule(
        2,
        3,
        Text("thành viên Ban Tổ chức", "members of the Organising Committee"),
        clause="bieu_quyet",
        official=is_first(edition),
    )


@hookimpl
def navigation() -> tuple[NavItem, ...]:
    """The vote, between the entries and the results."""
    return (NavItem(Text("Bình chọn", "Vote"), "/binh-chon", 30),)


def _criterion(edition: Edition, key: str, name: Text, description: Text) -> Criterion:
    setting = f"points_{key}"
    stated = not is_illustration(ThaiNguyenSettings, edition.settings[NAME], setting)
    return Criterion(
        key,
        name,
        edition.setting_as(NAME, setting, Decimal),
        edition.setting_as(NAME, "score_step", Decimal),
        description,
        clause=f"tieu_chi_{key}",
        official=stated and is_first(edition),
    )


def _vote_part(points: Decimal, votes: Mapping[str, int]) -> ComponentScores:
    most = max(votes.values(), default=0)
    scores = {
        entry: round_half_up(Fraction(points) * count / most, VOTE_PLACES)
        if most
        else round_half_up(0, VOTE_PLACES)
        for entry, count in votes.items()
    }
    step = Step(
        Text(
            "Điểm bình chọn: điểm tối đa nhân số lượt của công trình, chia cho số lượt cao nhất, làm tròn "
            "đến hàng phần mười.",
            "Vote part: most points times the votes of the work, divided by the highest number of votes, to "
            "tenths.",
        )
        if most
        else Text(
            "Không có lượt bình chọn nào: điểm bình chọn của mọi công trình bằng 0.",
            "Nobody voted: the vote part of every work is 0.",
        ),
        "diem_binh_chon",
        {
            "points": str(points),
            "most_votes": most,
            "entries": {
                entry: {"votes": votes[entry], "score": str(scores[entry])} for entry in sorted(votes)
            },
        },
    )
    name = Text("Điểm bình chọn của cộng đồng", "Vote of the community")
    return ComponentScores("vote", name, points, scores, clause="diem_binh_chon", steps=(step,))


def _tier(edition: Edition, key: str, name: Text) -> Tier:
    setting = f"quota_{key}"
    quota = edition.setting(NAME, setting)
    return Tier(
        key,
        name,
        quota=quota if isinstance(quota, int) else None,
        clause="co_cau_giai",
        official=not is_illustration(ThaiNguyenSettings, edition.settings[NAME], setting),
    )
