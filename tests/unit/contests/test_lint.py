"""Soát thể lệ: each thing that makes no sense is found once, and sound rules are left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contests.lint import LintFinding, SettingRef, Spot, Weight, lint_edition, lint_package
from core.contests.lint.awards import budget_findings, decision_findings, tier_findings
from core.contests.lint.calendar import notice_findings, phase_findings, vote_findings
from core.contests.lint.dossier import check_findings, clause_findings, form_findings, id_image_findings
from core.contests.lint.judging import round_findings, tie_findings
from core.contests.values import PhaseKind, PhaseView
from core.plugin_api import (
    Allocation,
    Anchor,
    AwardScheme,
    Choice,
    Clause,
    ComponentScores,
    Criterion,
    DecisionRule,
    Edition,
    EntryField,
    FieldKind,
    Finding,
    FormColumn,
    FormField,
    FormSection,
    Notice,
    Plugin,
    PluginInfo,
    PluginSettings,
    Proposal,
    Ranked,
    Round,
    Severity,
    SpecialAward,
    Text,
    TieBreak,
    Tier,
    VotePolicy,
    Whole,
    about,
    hookimpl,
)
from core.plugin_host import Citation, Host, Role, Rules, plugin_refs, resolve_settings, rules_for
from core.tenancy.package import load_tenant_packages

TENANTS = Path(__file__).parents[3] / "tenants"
DAY = timedelta(days=1)
START = datetime(2025, 1, 1, tzinfo=UTC)
NO_VOTE = VotePolicy(enabled=False)
VOTE = VotePolicy(enabled=True)

NOVELTY = Criterion("moi", Text("Tính mới", "Novelty"), Decimal(60))
BENEFIT = Criterion("loi", Text("Hiệu quả", "Benefit"), Decimal(40))
FIRST = Round("so_khao", Text("Sơ khảo", "First"), (NOVELTY, BENEFIT), deciding=False, threshold=Decimal(50))
FINAL = Round("chung_khao", Text("Chung khảo", "Final"), (NOVELTY, BENEFIT))


def codes(findings: Iterable[LintFinding]) -> list[tuple[str, Weight]]:
    return [(one.code, one.weight) for one in findings]


FAULT, DOUBT = Weight.FAULT, Weight.DOUBT


def test_sound_rounds_are_left_alone() -> None:
    assert codes(round_findings((FIRST, FINAL))) == []


@pytest.mark.parametrize(
    ("rounds", "found"),
    [
        ((replace(FINAL, criteria=()),), ("round_without_criteria", FAULT)),
        (
            (replace(FINAL, criteria=(replace(NOVELTY, maximum=Decimal(0)),)),),
            ("criterion_without_points", FAULT),
        ),
        ((replace(FINAL, criteria=(replace(NOVELTY, step=Decimal(7)),)),), ("step_does_not_divide", FAULT)),
        ((replace(FIRST, threshold=Decimal("100.5")), FINAL), ("threshold_unreachable", FAULT)),
        ((replace(FIRST, threshold=Decimal(0)), FINAL), ("threshold_lets_all", DOUBT)),
        ((FIRST, replace(FINAL, threshold=Decimal(50))), ("threshold_without_next", DOUBT)),
        ((FINAL, replace(FIRST, threshold=None)), ("round_after_deciding", DOUBT)),
        (
            (
                replace(
                    FINAL,
                    criteria=(replace(NOVELTY, anchors=(Anchor(Decimal(50), Decimal(61), Text("cao")),)),),
                ),
            ),
            ("anchor_outside", DOUBT),
        ),
    ],
)
def test_a_round_that_makes_no_sense_is_found(rounds: Sequence[Round], found: tuple[str, Weight]) -> None:
    assert codes(round_findings(rounds)) == [found]


@given(st.integers(1, 400), st.integers(1, 40))
def test_a_step_is_a_fault_exactly_when_it_does_not_divide_the_points(points: int, step: int) -> None:
    one = replace(NOVELTY, maximum=Decimal(points) / 4, step=Decimal(step) / 4)

    found = codes(round_findings((replace(FINAL, criteria=(one,)),)))

    assert found == ([] if points % step == 0 else [("step_does_not_divide", FAULT)])


def part(key: str, maximum: str = "100") -> ComponentScores:
    return ComponentScores(key, Text(key), Decimal(maximum), {})


@pytest.mark.parametrize(
    ("tie", "found"),
    [
        (TieBreak("a", Text("A"), component="jury"), []),
        (TieBreak("a", Text("A"), criterion="moi"), []),
        (TieBreak("a", Text("A"), component="vote"), [("tie_break_names_nothing", FAULT)]),
        (TieBreak("a", Text("A"), criterion="jury"), [("tie_break_names_nothing", FAULT)]),
    ],
)
def test_a_tie_break_names_what_exists(tie: TieBreak, found: list[tuple[str, Weight]]) -> None:
    assert codes(tie_findings((tie,), FINAL, (part("jury"),))) == found


def test_a_tie_break_that_compares_the_same_again_is_a_doubt() -> None:
    ties = (TieBreak("a", Text("A"), component="jury"), TieBreak("b", Text("B"), component="jury"))

    assert codes(tie_findings(ties, FINAL, (part("jury"),))) == [("tie_break_twice", DOUBT)]


def tier(key: str, minimum: int | None = None, quota: int | None = 1, money: int | None = None) -> Tier:
    least = None if minimum is None else Decimal(minimum)
    return Tier(key, Text(f"Giải {key}", f"Prize {key}"), least, quota, money=money)


@pytest.mark.parametrize(
    ("tiers", "found"),
    [
        ((tier("a", 80), tier("b", 70), tier("c", 60, None)), []),
        ((tier("a", None, 1), tier("b", None, 3), tier("c", None, None)), []),
        ((tier("a", 101),), [("tier_above_total", FAULT)]),
        ((tier("a", 100),), []),
        ((tier("a", -1),), [("tier_minimum_negative", FAULT)]),
        ((tier("a", 60), tier("b", 70)), [("tiers_out_of_order", FAULT)]),
        ((tier("a"), tier("b", 70)), [("tiers_out_of_order", FAULT)]),
        ((tier("a", 70), tier("b", 70)), [("tiers_same_minimum", DOUBT)]),
        ((tier("a", 70, None), tier("b", 70)), [("tier_swallowed", FAULT)]),
        ((tier("a", None, None), tier("b", None, 3)), [("tier_swallowed", FAULT)]),
        ((tier("a", 80, None), tier("b", 60, None)), []),
        ((tier("a", 80, 0),), [("quota_zero", DOUBT)]),
        ((tier("a", 80, -1),), [("quota_negative", FAULT)]),
        ((tier("a", 80), tier("a", 70)), [("award_key_twice", FAULT)]),
    ],
)
def test_every_tier_can_be_reached(tiers: tuple[Tier, ...], found: list[tuple[str, Weight]]) -> None:
    assert codes(tier_findings(AwardScheme(tiers), Decimal(100))) == found


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6, unique=True))
def test_minimums_that_fall_are_never_a_fault(minimums: list[int]) -> None:
    tiers = tuple(tier(f"t{least}", least, None) for least in sorted(minimums, reverse=True))

    assert codes(tier_findings(AwardScheme(tiers), Decimal(100))) == []


@pytest.mark.parametrize(
    ("scheme", "found"),
    [
        (AwardScheme((tier("a", quota=2), tier("b", quota=3)), most=5), []),
        (AwardScheme((tier("a", quota=2), tier("b", quota=4)), most=5), [("quotas_above_ceiling", FAULT)]),
        (AwardScheme((tier("a", quota=2, money=10),), budget=20), []),
        (AwardScheme((tier("a", quota=2, money=10),), budget=19), [("money_above_budget", FAULT)]),
        (
            AwardScheme(
                (tier("a", money=10),), (SpecialAward("s", Text("S"), quota=1, money=15),), budget=20
            ),
            [("money_above_budget", FAULT)],
        ),
        (AwardScheme((tier("a", quota=None, money=10),), budget=20), [("money_without_quota", DOUBT)]),
    ],
)
def test_quotas_stay_within_what_the_documents_state(
    scheme: AwardScheme, found: list[tuple[str, Weight]]
) -> None:
    assert codes(budget_findings(scheme)) == found


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (DecisionRule(2, 3, Text("ủy viên")), []),
        (DecisionRule(1, 1, Text("ủy viên")), []),
        (DecisionRule(1, 1, Text("ủy viên"), strictly=True), [("decision_unreachable", FAULT)]),
        (DecisionRule(4, 3, Text("ủy viên")), [("decision_unreachable", FAULT)]),
        (DecisionRule(1, 0, Text("ủy viên")), [("decision_unreachable", FAULT)]),
        (DecisionRule(0, 3, Text("ủy viên")), [("decision_needs_nobody", DOUBT)]),
    ],
)
def test_a_decision_can_be_reached(rule: DecisionRule, found: list[tuple[str, Weight]]) -> None:
    assert codes(decision_findings(rule)) == found


def phase(kind: PhaseKind, opens: int, closes: int) -> PhaseView:
    return PhaseView(kind, Text(str(kind)), START + opens * DAY, START + closes * DAY, {})


IN_ORDER = (
    phase(PhaseKind.SUBMISSION, 0, 10),
    phase(PhaseKind.SCREENING, 10, 15),
    phase(PhaseKind.VOTING, 15, 20),
    phase(PhaseKind.JUDGING, 20, 30),
    phase(PhaseKind.RESULTS, 30, 40),
)


def but(*changed: PhaseView, without: tuple[PhaseKind, ...] = ()) -> tuple[PhaseView, ...]:
    held = {one.kind: one for one in (*IN_ORDER, *changed)}
    return tuple(held[kind] for kind in PhaseKind if kind not in without)


@pytest.mark.parametrize(
    ("phases", "policy", "found"),
    [
        (IN_ORDER, VOTE, []),
        (but(without=(PhaseKind.VOTING,)), NO_VOTE, []),
        (but(phase(PhaseKind.SCREENING, 1, 15)), VOTE, []),
        (but(phase(PhaseKind.VOTING, 20, 30)), VOTE, []),
        (but(without=(PhaseKind.VOTING,)), VOTE, [("vote_without_phase", FAULT)]),
        (IN_ORDER, NO_VOTE, [("phase_without_vote", FAULT)]),
        (but(without=(PhaseKind.JUDGING,)), VOTE, [("phase_missing", FAULT)]),
        (but(without=(PhaseKind.SCREENING,)), VOTE, [("screening_missing", DOUBT)]),
        (but(phase(PhaseKind.RESULTS, 40, 30)), VOTE, [("phase_ends_before_it_opens", FAULT)]),
        (but(phase(PhaseKind.SCREENING, -5, 15)), VOTE, [("phases_out_of_order", FAULT)]),
        (but(phase(PhaseKind.SCREENING, 1, 9)), VOTE, [("screening_ends_early", FAULT)]),
        (but(phase(PhaseKind.SCREENING, 10, 16)), VOTE, [("phases_overlap", DOUBT)]),
        (but(phase(PhaseKind.JUDGING, 20, 31)), VOTE, [("phases_overlap", FAULT)]),
    ],
)
def test_the_phases_follow_each_other_and_the_rules(
    phases: tuple[PhaseView, ...], policy: VotePolicy, found: list[tuple[str, Weight]]
) -> None:
    assert codes(phase_findings(phases, policy)) == found


@given(st.lists(st.integers(0, 500), min_size=6, max_size=6, unique=True))
def test_phases_that_follow_each_other_are_never_a_fault(days: list[int]) -> None:
    turns = sorted(days)
    phases = tuple(
        phase(kind, opens, closes) for kind, opens, closes in zip(PhaseKind, turns, turns[1:], strict=False)
    )

    assert codes(phase_findings(phases, VOTE)) == []


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (VotePolicy(enabled=True, max_entries=3), []),
        (VotePolicy(enabled=True, max_entries=0), [("vote_limit_below_one", FAULT)]),
        (VotePolicy(enabled=True, votes_per_entry=0), [("vote_limit_below_one", FAULT)]),
        (VotePolicy(enabled=False, votes_per_entry=0), []),
    ],
)
def test_who_may_vote_has_a_vote(policy: VotePolicy, found: list[tuple[str, Weight]]) -> None:
    assert codes(vote_findings(policy)) == found


def test_a_notice_of_a_phase_that_is_not_there_is_a_doubt() -> None:
    notice = Notice("mo", PhaseKind.VOTING, Text("Bình chọn mở"), Text(""), "everyone")

    assert codes(notice_findings((notice,), IN_ORDER)) == []
    assert codes(notice_findings((notice,), but(without=(PhaseKind.VOTING,)))) == [
        ("notice_without_phase", DOUBT)
    ]


def asked(key: str = "ten", kind: FieldKind = FieldKind.TEXT, **more: Any) -> FormField:
    return FormField(key, Text(key), kind, **more)


def section(*questions: FormField, key: str = "phan") -> FormSection:
    return FormSection(key, Text(key), questions)


@pytest.mark.parametrize(
    ("sections", "found"),
    [
        ((section(asked()),), []),
        ((section(asked()), section(asked())), [("key_twice", FAULT), ("key_twice", FAULT)]),
        ((section(asked(kind=FieldKind.CHOICE)),), [("choice_without_choices", FAULT)]),
        (
            (
                section(
                    asked(kind=FieldKind.CHOICE, choices=(Choice("a", Text("A")), Choice("a", Text("B"))))
                ),
            ),
            [("key_twice", FAULT)],
        ),
        ((section(asked(max_chars=0)),), [("question_limit_below_one", FAULT)]),
        ((section(asked(kind=FieldKind.LONG_TEXT, max_words=0)),), [("question_limit_below_one", FAULT)]),
        ((section(asked(kind=FieldKind.TABLE)),), [("table_without_columns", FAULT)]),
        (
            (section(asked(kind=FieldKind.TABLE, columns=(FormColumn("a", Text("A"), FieldKind.FILES),))),),
            [("table_without_columns", FAULT)],
        ),
        (
            (section(asked(kind=FieldKind.TABLE, columns=(FormColumn("a", Text("A")),) * 2)),),
            [("key_twice", FAULT)],
        ),
        ((section(asked("title")),), [("question_hides_core", FAULT)]),
    ],
)
def test_a_form_can_be_filled_in(sections: tuple[FormSection, ...], found: list[tuple[str, Weight]]) -> None:
    assert codes(form_findings(sections, (EntryField("x", Text("X")),))) == found


@pytest.mark.parametrize(
    ("label", "help_", "found"),
    [
        ("Ảnh chụp căn cước công dân hai mặt", None, True),
        ("Bản sao CCCD của tác giả", None, True),
        ("Giấy tờ của tác giả", "Tải lên ảnh hộ chiếu hoặc CMND", True),
        ("Copy of the identity card", None, True),
        ("Bản mô tả", "Không đính kèm căn cước công dân", False),
        ("Căn cứ pháp lý", None, False),
        ("Ảnh sản phẩm", None, False),
    ],
)
def test_a_question_for_pictures_of_identity_papers_is_a_doubt(
    label: str, help_: str | None, *, found: bool
) -> None:
    question = FormField("tep", Text(label), FieldKind.FILES, help=None if help_ is None else Text(help_))
    expected = [("id_image_asked", DOUBT)] if found else []
    assert codes(id_image_findings((section(question),))) == expected


def test_a_line_of_text_about_an_identity_card_is_no_picture_of_it() -> None:
    question = FormField("so_cccd", Text("Số CCCD"), FieldKind.TEXT)
    assert codes(id_image_findings((section(question),))) == []


def test_fields_of_the_contest_have_keys_of_their_own() -> None:
    twice = (EntryField("x", Text("X")), EntryField("x", Text("Y")))

    assert codes(form_findings((), twice)) == [("key_twice", FAULT)]


def test_a_check_that_points_to_no_question_is_found_once() -> None:
    lost = [Finding(code, "tuoi", Severity.BLOCK, Text("Quá tuổi"), None, "tuoi") for code in ("A", "B")]

    assert codes(check_findings(lost, (section(asked()),))) == [("check_points_nowhere", FAULT)]
    assert codes(check_findings(lost, (section(asked("tuoi")),))) == []


def clause(key: str, *, informational: bool = False) -> Clause:
    return Clause(key, Text("Thể lệ"), Text("Điều 1"), Text("Nội dung."), informational=informational)


@pytest.mark.parametrize(
    ("published", "found"),
    [
        ((clause("d1"),), []),
        ((), [("clause_missing", FAULT)]),
        ((clause("d1"), clause("d2")), [("clause_unused", DOUBT)]),
        ((clause("d1"), clause("d2", informational=True)), []),
        ((clause("d1"), clause("quy_uoc")), []),
        ((clause("d1", informational=True),), [("informational_is_used", DOUBT)]),
    ],
)
def test_clauses_and_rules_name_each_other(
    published: tuple[Clause, ...], found: list[tuple[str, Weight]]
) -> None:
    cited = (Citation(Role.TIER, "nhat", "d1", Text("Giải Nhất")),)

    assert codes(clause_findings(published, cited, {"quy_uoc"})) == found


# A whole edition


class OneSettings(PluginSettings):
    """One tier's minimum and the points of the vote."""

    least = Whole(load_default=50, metadata=about(Text("Ít nhất"), Text("."), official=False))
    other = Whole(load_default=1, metadata=about(Text("Khác"), Text("."), official=False))


def rules_of(*hooks: Callable[..., Any], given: dict[str, Any] | None = None) -> tuple[Rules, Host]:
    """The rules of a plugin with these hooks, on the core's defaults."""
    parts = SimpleNamespace(**{hook.__name__: hook for hook in hooks})
    host = Host.of(Plugin(PluginInfo("mot", "1.0.0", Text("Một"), ("1.0", "2.0")), (parts,), OneSettings))
    settings = resolve_settings(("mot",), {"mot": given or {}}, host=host)
    edition = Edition("mau", "1", Text("Lần 1"), (2025,), 1, plugin_refs(("mot",), host=host), settings)
    return rules_for(edition, host=host), host


WITHOUT_VOTE = but(without=(PhaseKind.VOTING,))


def found_in(*hooks: Callable[..., Any], **given: Any) -> list[tuple[str, Weight]]:
    rules, host = rules_of(*hooks, given=given)
    return codes(lint_edition(rules, WITHOUT_VOTE, host=host))


def test_the_defaults_of_the_platform_make_sense() -> None:
    assert found_in() == []


def test_a_hook_that_breaks_its_contract_is_a_finding_that_stands_once() -> None:
    @hookimpl
    def rounds() -> tuple[Round, ...]:
        return (FINAL, replace(FINAL, key="nua"))

    assert found_in(rounds) == [("rules_fail", FAULT)]


def test_a_part_that_nobody_can_fill_is_a_fault() -> None:
    @hookimpl
    def score_components(deciding: Round, entries: Any, aggregate: Any) -> tuple[ComponentScores, ...]:
        scores = {one.code: aggregate.totals[one.code] for one in entries}
        return (ComponentScores("jury", Text("Giám khảo"), deciding.maximum + 10, scores),)

    assert ("component_maximum_unreachable", FAULT) in found_in(score_components)


def test_a_part_without_points_is_a_fault() -> None:
    @hookimpl
    def score_components(deciding: Round, entries: Any, aggregate: Any) -> tuple[ComponentScores, ...]:
        scores = {one.code: aggregate.totals[one.code] for one in entries}
        none = dict.fromkeys(scores, Decimal(0))
        return (
            ComponentScores("jury", Text("Giám khảo"), deciding.maximum, scores),
            ComponentScores("them", Text("Thêm"), Decimal(0), none),
        )

    assert found_in(score_components) == [("component_without_weight", FAULT)]


def test_points_from_votes_without_a_vote_are_a_fault() -> None:
    @hookimpl
    def score_components(
        deciding: Round, entries: Any, aggregate: Any, votes: Any
    ) -> tuple[ComponentScores, ...]:
        jury = {one.code: aggregate.totals[one.code] for one in entries}
        voted = {code: Decimal(20) if votes.get(code) else Decimal(0) for code in jury}
        return (
            ComponentScores("jury", Text("Giám khảo"), deciding.maximum, jury),
            ComponentScores("vote", Text("Bình chọn"), Decimal(20), voted),
        )

    assert found_in(score_components) == [("points_without_vote", FAULT)]


def test_a_vote_that_changes_no_points_is_a_doubt() -> None:
    @hookimpl
    def vote_policy() -> VotePolicy:
        return VOTE

    rules, host = rules_of(vote_policy)

    assert codes(lint_edition(rules, IN_ORDER, host=host)) == [("vote_counts_nothing", DOUBT)]


def test_criteria_that_add_up_to_no_round_number_are_a_doubt() -> None:
    @hookimpl
    def rounds() -> tuple[Round, ...]:
        return (replace(FINAL, criteria=(NOVELTY, replace(BENEFIT, maximum=Decimal(35)))),)

    assert found_in(rounds) == [("total_not_round", DOUBT)]


def test_a_special_award_that_no_rule_proposes_is_a_doubt() -> None:
    @hookimpl
    def award_scheme() -> AwardScheme:
        return AwardScheme((), (SpecialAward("tre", Text("Tác giả trẻ nhất")),))

    @hookimpl
    def special_awards(ranking: tuple[Ranked, ...]) -> Allocation:
        return Allocation((Proposal(ranking[0].entry, "tre", Text("Trẻ nhất")),))

    assert found_in(award_scheme) == [("special_without_rule", DOUBT)]
    assert found_in(award_scheme, special_awards) == []


def test_a_special_award_that_the_scheme_lacks_is_a_fault() -> None:
    @hookimpl
    def special_awards(ranking: tuple[Ranked, ...]) -> Allocation:
        return Allocation((Proposal(ranking[0].entry, "la", Text("Lạ")),))

    assert found_in(special_awards) == [("special_unknown", FAULT)]


def test_a_finding_names_the_setting_behind_it_and_no_other() -> None:
    @hookimpl
    def award_scheme(edition: Edition) -> AwardScheme:
        return AwardScheme((tier("nhat", edition.setting_as("mot", "least", int)),))

    rules, host = rules_of(award_scheme, given={"least": 120})

    (found,) = lint_edition(rules, WITHOUT_VOTE, host=host)

    assert (found.code, found.place.spot, found.place.key) == ("tier_above_total", Spot.TIER, "nhat")
    assert found.place.settings == (SettingRef("mot", "least"),)


def test_a_finding_speaks_both_languages_with_its_numbers() -> None:
    (found,) = tier_findings(AwardScheme((tier("nhat", 120),)), Decimal("99.5"))

    assert found.sentence == Text(
        "Giải nhat cần ít nhất 120 điểm, mà tổng điểm cao nhất chỉ là 99,5: không bài nào đạt được.",
        "Prize nhat needs 120 points, but the highest total is 99.5: no entry can get it.",
    )


@pytest.mark.parametrize("package", load_tenant_packages(TENANTS), ids=lambda one: one.slug)
def test_the_shipped_tenants_have_nothing_to_look_at(package: Any) -> None:
    assert {key: codes(found) for key, found in lint_package(package)} == {
        edition.key: [] for edition in package.editions
    }
