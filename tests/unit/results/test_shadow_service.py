"""The shadow run of a stored edition: it reads, tells the log, and leaves every row of the result as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.canonical import sha256_of
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden
from core.plugin_host import SettingsInvalid
from core.results.errors import NotReady
from core.results.formats import canonical_text, sha256_text
from core.results.models import Computation, Decision, DecisionItem, Publication, SigningKey
from core.results.services import publish, shadow_run
from core.results.services.shadowing import MOST_ENTRIES
from core.results.shadow_run import ShadowChange
from tests.support.factories import World
from tests.support.results import LATER, OFFICER, Judged, computed, decide, judge_edition

WITHOUT_VOTES = ShadowChange(settings={"thainguyen_innovation": {"points_binh_chon": "1"}})
RESULT = (Computation, Decision, DecisionItem, Publication, SigningKey)


@pytest.fixture(autouse=True)
def bound(world: World) -> Iterator[None]:
    """The first tenant is bound during each test."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield


def fingerprint() -> dict[str, str]:
    """A hash of every table of the result, and of every dossier and sheet they stand on."""
    session().flush()
    session().expire_all()
    return {
        model.__tablename__: sha256_of(
            [
                [str(getattr(row, column.key)) for column in model.__table__.columns]
                for row in session().scalars(select(model).order_by(model.id))
            ]
        )
        for model in RESULT
    }


def published(world: World) -> Judged:
    """A judged edition with its published result."""
    judged = judge_edition(world.first)
    decide(judged, computed(judged))
    publish(judged.edition, actor=OFFICER, now=LATER)
    return judged


def test_a_run_says_what_would_change_in_the_stored_result(world: World) -> None:
    judged = judge_edition(world.first)
    made = computed(judged)
    official, report = shadow_run(judged.edition, WITHOUT_VOTES, actor=OFFICER, now=LATER)
    assert official.id == made.id
    assert report.official_sha256 == made.outputs_sha256
    assert report.official.inputs_sha256 == made.inputs_sha256
    assert [(one.entry, one.places) for one in report.difference.risen] == [("TT-K1-0001", 1)]
    assert [(one.entry, one.places) for one in report.difference.fallen] == [("TT-K1-0002", -1)]
    assert [(one.key, one.official, one.shadow) for one in report.settings] == [
        ("points_binh_chon", "20", "1")
    ]


def test_no_row_of_a_published_result_changes(world: World) -> None:
    judged = published(world)
    before = fingerprint()
    shadow_run(judged.edition, WITHOUT_VOTES, actor=OFFICER, now=LATER)
    with pytest.raises(SettingsInvalid):
        shadow_run(judged.edition, _setting("points_binh_chon", "x"), actor=OFFICER, now=LATER)
    assert fingerprint() == before


def test_the_log_says_who_tried_what_and_what_came_out(world: World) -> None:
    judged = judge_edition(world.first)
    made = computed(judged)
    _, report = shadow_run(judged.edition, WITHOUT_VOTES, actor=OFFICER, now=LATER)
    (line,) = audit.records(actions=["shadow.run"])
    assert (line.actor_name, line.subject) == (OFFICER.name, judged.edition.key)
    assert line.data == {
        "number": made.number,
        "outputs_sha256": made.outputs_sha256,
        "plugins": [{"name": "thainguyen_innovation", "version": "1.0.0"}],
        "settings": {"thainguyen_innovation.points_binh_chon": "1"},
        "shadow_outputs_sha256": report.outputs_sha256,
    }


def test_a_run_before_the_decision_does_not_stand_in_the_way_of_publishing(world: World) -> None:
    judged = judge_edition(world.first)
    made = computed(judged)
    shadow_run(judged.edition, WITHOUT_VOTES, actor=OFFICER, now=LATER)
    decide(judged, made)
    shadow_run(judged.edition, ShadowChange(), actor=OFFICER, now=LATER)
    assert publish(judged.edition, actor=OFFICER, now=LATER).computation_id == made.id


def test_a_run_needs_a_computation(world: World) -> None:
    judged = judge_edition(world.first)
    with pytest.raises(NotReady, match="Chưa tính kết quả nên chưa có gì để chạy thử"):
        shadow_run(judged.edition, ShadowChange(), actor=OFFICER, now=LATER)


def test_sheets_that_do_not_fit_the_tried_points_are_refused_in_words(world: World) -> None:
    judged = judge_edition(world.first)
    computed(judged)
    with pytest.raises(
        NotReady,
        match=r"^Phiếu đã khóa của J1 cho TT-K1-000\d không hợp .* điểm 18\.5 vượt điểm tối đa 10\.$",
    ):
        shadow_run(judged.edition, _setting("points_doi_moi", "10"), actor=OFFICER, now=LATER)
    assert audit.records(actions=["shadow.run"]) == []


def test_more_entries_than_a_page_may_wait_for_are_sent_to_the_command(world: World) -> None:
    judged = judge_edition(world.first)
    made = computed(judged)
    document = json.loads(made.inputs)
    many = [{**document["entries"][0], "code": f"X-{number}"} for number in range(MOST_ENTRIES + 1)]
    made.inputs = canonical_text({**document, "entries": many})
    made.inputs_sha256 = sha256_text(made.inputs)
    session().flush()
    with pytest.raises(NotReady, match="bangvang rules shadow"):
        shadow_run(judged.edition, ShadowChange(), actor=OFFICER, now=LATER)


def test_only_the_committee_may_run(world: World) -> None:
    judged = judge_edition(world.first)
    computed(judged)
    judge = Actor(id=world.first.id, name="Lê Giám Khảo", roles=frozenset({Role.JUDGE}))
    with pytest.raises(Forbidden):
        shadow_run(judged.edition, ShadowChange(), actor=judge, now=LATER)


def test_the_twin_tenant_neither_sees_the_run_nor_is_touched(world: World) -> None:
    with tenant_scope(world.second.id) as current:
        twin = judge_edition(world.second, votes=(0, 0, 9, 0))
        computed(twin)
        before = fingerprint()
        current.commit()
    with tenant_scope(world.first.id) as current:
        judged = judge_edition(world.first)
        computed(judged)
        _, report = shadow_run(judged.edition, WITHOUT_VOTES, actor=OFFICER, now=LATER)
        current.commit()
    assert report.tenant == world.first.slug
    assert {one.entry for one in report.difference.entries} == set(judged.codes)
    with tenant_scope(world.second.id):
        assert fingerprint() == before
        assert audit.records(actions=["shadow.run"]) == []
        _, other = shadow_run(twin.edition, WITHOUT_VOTES, actor=OFFICER, now=LATER)
    assert other.tenant == world.second.slug
    assert [(one.entry, one.places) for one in other.difference.fallen] != [
        (one.entry, one.places) for one in report.difference.fallen
    ]


def test_an_edition_of_the_twin_has_nothing_to_run_here(world: World) -> None:
    with tenant_scope(world.second.id) as current:
        twin = judge_edition(world.second)
        computed(twin)
        current.commit()
    with tenant_scope(world.first.id), pytest.raises(NotReady, match="Chưa tính kết quả"):
        shadow_run(twin.edition, ShadowChange(), actor=OFFICER, now=LATER)


def _setting(key: str, value: object) -> ShadowChange:
    return ShadowChange(settings={"thainguyen_innovation": {key: value}})
