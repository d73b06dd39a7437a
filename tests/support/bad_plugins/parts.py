"""Rules without fault that the bad plugins share, so that each of them shows its own fault alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import ModuleType

from core.plugin_api import (
    AwardScheme,
    Clause,
    ComponentScores,
    Criterion,
    Entry,
    Finding,
    Plugin,
    PluginInfo,
    PluginSettings,
    Round,
    Severity,
    Text,
    Tier,
    VotePolicy,
    hookimpl,
    round_half_up,
)

RULE = "quy_che"


@hookimpl
def clauses() -> tuple[Clause, ...]:
    """One clause for everything."""
    return (
        Clause(
            RULE, Text("Quy chế mẫu", "Sample rules"), Text("Điều 1", "Article 1"), Text("Chấm.", "Judging.")
        ),
    )


@hookimpl
def rounds() -> tuple[Round, ...]:
    """Two criteria, 80 points together."""
    criteria = tuple(
        Criterion(key, name, Decimal(40), Decimal("0.5"), clause=RULE)
        for key, name in (("moi", Text("Tính mới", "Novelty")), ("ich", Text("Hiệu quả", "Benefit")))
    )
    return (Round("cham", Text("Chấm", "Judging"), criteria, clause=RULE),)


@hookimpl
def score_components(entries: Sequence[Entry], votes: Mapping[str, int]) -> tuple[ComponentScores, ...]:
    """A vote part of 20 beside the jury's."""
    most = max((votes.get(one.code, 0) for one in entries), default=0)
    scores = {
        one.code: round_half_up(Fraction(20 * votes.get(one.code, 0), most) if most else 0, 1)
        for one in entries
    }
    return (ComponentScores("vote", Text("Bình chọn", "Vote"), Decimal(20), scores, clause=RULE),)


@hookimpl
def vote_policy() -> VotePolicy:
    """The public votes."""
    return VotePolicy(enabled=True, clause=RULE)


@hookimpl
def award_scheme() -> AwardScheme:
    """One first prize, two second prizes from 50 points."""
    return AwardScheme(
        (
            Tier("nhat", Text("Giải Nhất", "First Prize"), Decimal(70), 1, RULE),
            Tier("nhi", Text("Giải Nhì", "Second Prize"), Decimal(50), 2, RULE),
        ),
        clause=RULE,
    )


@hookimpl
def check_entries(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """A word on entries without a summary."""
    said = Text("Bài chưa có tóm tắt.", "The entry has no summary.")
    return tuple(
        Finding(one.code, "tom_tat", Severity.WARN, said, RULE, "tom_tat")
        for one in entries
        if not one.facts.get("tom_tat")
    )


def made(
    module: ModuleType, *, settings: type[PluginSettings] = PluginSettings, info: PluginInfo | None = None
) -> Plugin:
    """A plugin named as its package, with the hooks of `module` asked before the sound ones."""
    name = module.__name__.rpartition(".")[2]
    said = info or PluginInfo(name, "1.0.0", Text(f"Mẫu {name}", f"Sample {name}"), ("1.0", "2.0"))
    return Plugin(said, hooks=(SOUND, module), settings=settings)


def _sound() -> ModuleType:
    import sys

    return sys.modules[__name__]


SOUND = _sound()
