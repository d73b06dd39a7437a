"""Answers that break a hook's contract are failures of the plugin that gave them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from core.plugin_api import (
    Aggregate,
    Allocation,
    AwardScheme,
    ComponentScores,
    Criterion,
    Entry,
    FieldKind,
    FormField,
    FormSection,
    Proposal,
    Ranked,
    Round,
    Text,
    Tier,
    hookimpl,
)
from core.plugin_host import Host, PluginFailed, rules_for
from tests.unit.plugin_host.samples import edition_on, sample

NOTHING = Aggregate("hoi_dong", {"E1": Decimal(1)}, {}, {}, {})
SCHEME = AwardScheme((Tier("nhat", Text("Nhất"), quota=1), Tier("nhi", Text("Nhì"))))
RANKING = (Ranked(1, "E1", Decimal(90)), Ranked(2, "E2", Decimal(80)))


def _components(scores: dict[str, Decimal]) -> object:
    @hookimpl
    def score_components() -> tuple[ComponentScores, ...]:
        return (ComponentScores("them", Text("Thêm"), Decimal(10), scores),)

    return score_components


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ({}, "thành phần them phải có điểm cho đúng các hồ sơ được xếp hạng"),
        ({"E1": Decimal(11)}, "thành phần them có điểm nằm ngoài khoảng 0 đến 10"),
        ({"E1": 1.5}, "E1 phải là Decimal, nhận được float"),
    ],
)
def test_component_scores_cover_the_ranked_entries_within_their_maximum(
    scores: dict[str, Decimal], reason: str
) -> None:
    host = Host.of(sample("sai", _components(scores)))  # type: ignore[arg-type]

    with pytest.raises(PluginFailed, match=f"Plugin sai không thực hiện được score_components: .*{reason}"):
        rules_for(edition_on(host, "sai"), host=host).score_components(
            [Entry("E1", None, "Một")], NOTHING, {}
        )


@pytest.mark.parametrize(
    ("proposed", "reason"),
    [
        ([("E1", "nhat"), ("E2", "nhat")], "giải nhat vượt chỉ tiêu: 2 trên 1"),
        ([("E1", "nhat"), ("E1", "nhi")], "hồ sơ được đề xuất hai giải: E1"),
        ([("E1", "ba")], "đề xuất không hợp lệ: E1, giải ba"),
        ([("E9", "nhi")], "đề xuất không hợp lệ: E9, giải nhi"),
    ],
)
def test_allocation_keeps_to_tiers_quotas_and_ranked_entries(
    proposed: list[tuple[str, str]], reason: str
) -> None:
    @hookimpl
    def allocate(ranking: Sequence[Ranked]) -> Allocation:
        return Allocation(tuple(Proposal(entry, tier, Text("vì")) for entry, tier in proposed))

    host = Host.of(sample("sai", allocate))

    with pytest.raises(PluginFailed, match=reason):
        rules_for(edition_on(host, "sai"), host=host).allocate(SCHEME, RANKING)


def test_spilled_places_may_exceed_a_tier_but_not_the_sum() -> None:
    scheme = AwardScheme((Tier("nhat", Text("Nhất"), quota=1), Tier("nhi", Text("Nhì"), quota=0)), spill=True)

    @hookimpl
    def allocate(ranking: Sequence[Ranked]) -> Allocation:
        return Allocation(tuple(Proposal(row.entry, "nhi", Text("vì")) for row in ranking))

    host = Host.of(sample("dong", allocate))
    rules = rules_for(edition_on(host, "dong"), host=host)

    assert len(rules.allocate(scheme, RANKING[:1]).proposals) == 1
    with pytest.raises(PluginFailed, match="số giải đề xuất vượt tổng chỉ tiêu"):
        rules.allocate(scheme, RANKING)


def test_repeated_questions_rounds_and_criteria_are_refused() -> None:
    asked = FormField("a", Text("A"), FieldKind.TEXT)
    criterion = Criterion("c", Text("C"), Decimal(10))

    @hookimpl
    def dossier_form() -> tuple[FormSection, ...]:
        return (FormSection("s", Text("S"), (asked, asked)),)

    @hookimpl
    def rounds() -> tuple[Round, ...]:
        return (Round("r", Text("R"), (criterion, criterion)),)

    host = Host.of(sample("sai", dossier_form, rounds))
    rules = rules_for(edition_on(host, "sai"), host=host)

    with pytest.raises(PluginFailed, match="câu hỏi trùng khóa: a"):
        rules.dossier_form()
    with pytest.raises(PluginFailed, match="vòng r: tiêu chí trùng khóa: c"):
        rules.rounds()


@pytest.mark.parametrize(
    ("keys", "repeated"), [(("a", "a"), "a"), (("chung",), "chung"), (("tac-gia",), "tac-gia")]
)
def test_two_pages_of_a_form_at_one_address_are_refused(keys: tuple[str, ...], repeated: str) -> None:
    @hookimpl
    def dossier_form() -> tuple[FormSection, ...]:
        return tuple(FormSection(key, Text("S"), ()) for key in keys)

    host = Host.of(sample("sai", dossier_form))

    with pytest.raises(PluginFailed, match=f"phần của mẫu hồ sơ trùng khóa: {repeated}"):
        rules_for(edition_on(host, "sai"), host=host).dossier_form()


def test_criterion_without_points_is_refused() -> None:
    @hookimpl
    def rounds() -> tuple[Round, ...]:
        return (Round("r", Text("R"), (Criterion("c", Text("C"), Decimal(0)),)),)

    host = Host.of(sample("sai", rounds))

    with pytest.raises(PluginFailed, match="điểm tối đa và bước điểm phải lớn hơn 0"):
        rules_for(edition_on(host, "sai"), host=host).rounds()
