"""The pipeline on a real database: compute, decide, publish; on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid
from core.kernel.files import file_key, file_store
from core.results.decisions import DecidedItem
from core.results.errors import AlreadyPublished, InputsChanged, NotReady
from core.results.models import Computation, DecisionItem, Publication
from core.results.queries import decided_items, inputs_of, outputs_of, publication_of
from core.results.services import compute_results, publish
from core.results.verify import verify_bytes
from tests.support.factories import NOW, World, set_clock, view
from tests.support.results import LATER, OFFICER, computed, decide, judge_edition


@pytest.fixture(autouse=True)
def bound(world: World) -> Iterator[None]:
    """The first tenant is bound during each test."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield


def count(model: type) -> int:
    return session().scalars(select(func.count()).select_from(model)).one()


def test_computing_keeps_exact_texts_and_ranks_by_jury_and_vote(world: World) -> None:
    judged = judge_edition(world.first)
    computation = computed(judged)
    rows = outputs_of(computation)["ranking"]
    assert [(row["entry"], row["components"], row["total"]) for row in rows] == [
        ("TT-K1-0002", {"jury": "69.50", "vote": "20.0"}, "89.50"),
        ("TT-K1-0001", {"jury": "70.50", "vote": "12.0"}, "82.50"),
        ("TT-K1-0003", {"jury": "52.00", "vote": "0.0"}, "52.00"),
        ("TT-K1-0004", {"jury": "40.00", "vote": "4.0"}, "44.00"),
    ]
    assert {sheet["judge"] for sheet in inputs_of(computation)["sheets"]} == {"J1", "J2"}
    assert [record.data["number"] for record in audit.records(actions=["result.computed"])] == [1]


def test_no_name_of_a_person_is_in_the_inputs(world: World) -> None:
    text = computed(judge_edition(world.first)).inputs
    assert "Giám Khảo" not in text
    assert "Sáng Kiến" not in text
    assert 'birth_year":1' not in text


def test_computing_twice_from_the_same_inputs_is_one_computation(world: World) -> None:
    judged = judge_edition(world.first)
    assert computed(judged).id == computed(judged).id
    assert count(Computation) == 1


def test_votes_must_be_frozen_first(world: World) -> None:
    judged = judge_edition(world.first, freeze=False)
    with pytest.raises(NotReady, match="Chưa chốt phiếu bình chọn"):
        computed(judged)


def test_judging_must_be_over_first(world: World) -> None:
    judged = judge_edition(world.first)
    with pytest.raises(NotReady, match="Chưa hết thời gian chấm điểm"):
        computed(judged, now=NOW + timedelta(days=6))


def test_without_any_locked_sheet_there_is_nothing_to_compute(world: World) -> None:
    judged = judge_edition(world.first, scores=((), ()), votes=(1, 2))
    with pytest.raises(NotReady, match="Chưa có phiếu chấm nào được khóa"):
        computed(judged)


def test_only_the_committee_computes(world: World) -> None:
    judged = judge_edition(world.first)
    stranger = Actor(id=judged.edition.id, name="Ai đó", roles=frozenset({Role.JUDGE}))
    with pytest.raises(Forbidden):
        compute_results(judged.edition, actor=stranger, now=LATER)


def test_two_thirds_is_exact(world: World) -> None:
    judged = judge_edition(world.first)
    computation = computed(judged)
    with pytest.raises(Invalid) as refused:
        decide(judged, computation, members=15, agreed=9)
    assert refused.value.errors == {
        "agreed": [
            "Mới có 9/15 thành viên Ban Tổ chức đồng ý; cần ít nhất 10/15 (ít nhất 2/3) nên chưa thành quyết định."
        ]
    }
    assert decide(judged, computation, members=15, agreed=10).agreed == 10


def test_a_departure_needs_a_reason_at_its_item(world: World) -> None:
    judged = judge_edition(world.first)
    computation = computed(judged)
    with pytest.raises(Invalid) as refused:
        decide(judged, computation, DecidedItem("TT-K1-0001", "tier", "khuyen_khich", None))
    assert refused.value.errors == {"reason_TT-K1-0001": ["Khác với đề xuất: cần ghi lý do."]}


def test_a_departure_with_a_reason_stays_visible(world: World) -> None:
    judged = judge_edition(world.first)
    item = DecidedItem(
        "TT-K1-0001", "tier", "khuyen_khich", None, "Trùng một phần với công trình đã công bố."
    )
    decision = decide(judged, computed(judged), item)
    kept = {one.entry: (one.tier, one.proposed, one.reason) for one in decided_items(decision.id)}
    assert kept["TT-K1-0001"] == ("khuyen_khich", "nhi", "Trùng một phần với công trình đã công bố.")
    assert kept["TT-K1-0002"] == ("nhat", "nhat", "")
    assert audit.records(actions=["result.decided"])[0].data["departures"] == 1


def test_a_tier_that_does_not_exist_is_refused(world: World) -> None:
    judged = judge_edition(world.first)
    with pytest.raises(Invalid) as refused:
        decide(judged, computed(judged), DecidedItem("TT-K1-0001", "tier", "kim_cuong", None, "Rất hay."))
    assert refused.value.errors == {"reason_TT-K1-0001": ["Không có hạng giải này trong cơ cấu giải."]}


def test_a_decision_can_be_changed_until_published(world: World) -> None:
    judged = judge_edition(world.first)
    computation = computed(judged)
    first = decide(judged, computation)
    second = decide(judged, computation, DecidedItem("TT-K1-0004", "tier", None, None, "Rút giải."))
    assert first.id == second.id
    assert count(DecisionItem) == 4


def test_publishing_needs_a_decision(world: World) -> None:
    judged = judge_edition(world.first)
    computed(judged)
    with pytest.raises(NotReady, match="Chưa có quyết định"):
        publish(judged.edition, actor=OFFICER, now=LATER)


def test_publishing_stores_a_bundle_that_verifies(world: World) -> None:
    judged = judge_edition(world.first)
    decide(judged, computed(judged))
    publication = publish(judged.edition, actor=OFFICER, now=LATER)
    key = file_key(session().tenant_id, publication.bundle_sha256)
    bundle = b"".join(file_store().read(key))
    report = verify_bytes(bundle)
    assert str(report).startswith("Đúng: motmot k1, 4 hồ sơ được xếp hạng")
    assert len(bundle) == publication.bundle_size


def test_publishing_twice_is_one_publication(world: World) -> None:
    judged = judge_edition(world.first)
    decide(judged, computed(judged))
    first = publish(judged.edition, actor=OFFICER, now=LATER)
    assert publish(judged.edition, actor=OFFICER, now=LATER).id == first.id
    assert count(Publication) == 1
    assert len(audit.records(actions=["result.published"])) == 1


def test_nothing_changes_after_publication(world: World) -> None:
    judged = judge_edition(world.first)
    computation = computed(judged)
    decide(judged, computation)
    publish(judged.edition, actor=OFFICER, now=LATER)
    with pytest.raises(AlreadyPublished):
        computed(judged)
    with pytest.raises(AlreadyPublished):
        decide(judged, computation)


def test_a_change_after_the_computation_stops_the_publication(world: World) -> None:
    from core.entries.models import Entry

    judged = judge_edition(world.first)
    decide(judged, computed(judged))
    entry = session().scalars(select(Entry).where(Entry.code == judged.codes[1])).one()
    entry.state = "withdrawn"
    session().flush()
    with pytest.raises(InputsChanged):
        publish(judged.edition, actor=OFFICER, now=LATER)
    again = computed(judged)
    assert again.number == 2
    assert outputs_of(again)["not_ranked"] == [
        {"entry": "TT-K1-0002", "reason": "Đã rút khỏi kỳ thi.", "clause": None}
    ]
    with pytest.raises(NotReady, match="tính lại sau khi quyết định"):
        publish(judged.edition, actor=OFFICER, now=LATER)


def test_the_other_tenant_sees_nothing_of_it(world: World) -> None:
    judged = judge_edition(world.first)
    decide(judged, computed(judged))
    publish(judged.edition, actor=OFFICER, now=LATER)
    session().commit()
    with tenant_scope(world.second.id):
        twin = view(world.second)
        set_clock(twin.id, LATER)
        assert publication_of(twin.id) is None
        assert publication_of(judged.edition.id) is None
        assert count(Computation) == 0
