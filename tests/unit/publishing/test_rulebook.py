"""The rules page tells what the rules do, worked out by the rules themselves."""

from __future__ import annotations

import pytest

from core.kernel.db import tenant_scope
from core.publishing.rulebook import RulesView, rules_view
from tests.support.factories import World, make_edition, make_tenant, view


@pytest.fixture
def shown(world: World) -> RulesView:
    with world.app.test_request_context("http://motmot.localhost/"), tenant_scope(world.first.id):
        return rules_view(view(world.first), {})


def test_the_worked_example_is_the_official_one(shown: RulesView) -> None:
    assert [(row.votes, row.formula, row.points) for row in shown.vote_example] == [
        ("480", "20 × 480 ÷ 480", "20,0"),
        ("312", "20 × 312 ÷ 480", "13,0"),
        ("7", "20 × 7 ÷ 480", "0,3"),
    ]


def test_every_clause_of_the_edition_stands_once(world: World, shown: RulesView) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        keys = [clause.key for clause in view(world.first).rules.clauses()]
    found = [one.key for group in shown.groups for _article, clauses in group.articles for one in clauses]

    assert sorted(found) == sorted(keys)


def test_a_criterion_is_named_at_its_clause(shown: RulesView) -> None:
    uses = {
        one.key: one.uses for group in shown.groups for _article, clauses in group.articles for one in clauses
    }

    assert "Tiêu chí chấm: Tính đổi mới sáng tạo, tối đa 20 điểm" in [
        use.text for use in uses["tieu_chi_doi_moi"]
    ]


def test_a_contest_without_a_vote_has_no_formula(world: World) -> None:
    with world.app.app_context():
        facts = make_tenant("baba")
        with tenant_scope(facts.id) as current:
            make_edition(plugins=("stkt_base", "backan_stkt"))
            current.commit()
    with world.app.test_request_context("http://baba.localhost/"), tenant_scope(facts.id):
        shown = rules_view(view(facts), {})

    assert (shown.vote_maximum, shown.vote_example) == (None, ())
