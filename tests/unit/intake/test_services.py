"""Papers taken in, undone and scanned; a dossier begun for a citizen."""

from __future__ import annotations

import io
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text

from core.contests.policies import PhaseClosed
from core.entries.content import authors_of
from core.entries.models import Entry, EntryVersion
from core.entries.paperwork import expected_papers
from core.entries.services import accept, submit
from core.intake.models import FiledFor, PaperArrival, PaperScan
from core.intake.policies import access_by_label
from core.intake.queries import arrivals_of, standing_of
from core.intake.schemas import load_arrival, load_filed_for
from core.intake.services import add_scan, begin_for, take_in, undo
from core.intake.values import Standing
from core.kernel.actor import Actor
from core.kernel.audit import AuditRecord
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.ids import token
from tests.support.entries import account, complete_draft, fill_in, pdf_bytes
from tests.support.factories import NOW, World, actor_of, view

TYPED = {"arrived_on": "2025-11-12", "postmarked_on": "10/11/2025", "way": "post", "remark": "Phong bì rách"}
PERSON = {
    "person": "Trần Thị Mẫu",
    "contact": "0987 654 321",
    "consent": "spoken",
    "witness": "Lê Văn Chứng",
    "arrived_on": "12/11/2025",
}


def handed_in(world: World) -> tuple[Entry, Actor]:
    """A dossier of the first tenant that was handed in, and its officer."""
    edition = view(world.first)
    owner = account()
    entry = complete_draft(edition, owner)
    submit(entry, edition, actor=actor_of(owner), now=NOW)
    return entry, actor_of(account("btc@example.vn"))


def keys(world: World) -> list[str]:
    """What a dossier of the first tenant consists of on paper."""
    return [one.key for one in expected_papers(view(world.first))]


def take(
    world: World, entry: Entry, officer: Actor, items: list[str], *, form_token: str = "", version: int = 1
) -> PaperArrival:
    """Papers of `entry` recorded as arrived."""
    form = load_arrival(TYPED, items, keys(world), NOW)
    return take_in(
        entry,
        view(world.first),
        form,
        version=version,
        form_token=form_token or token(),
        actor=officer,
        now=NOW,
    )


def test_all_papers_taken_in_make_the_dossier_complete(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry, officer = handed_in(world)
        take(world, entry, officer, keys(world)[:1])
        assert standing_of(entry, view(world.first), arrivals_of(entry)).standing is Standing.PARTIAL
        take(world, entry, officer, keys(world)[1:])
        assert standing_of(entry, view(world.first), arrivals_of(entry)).standing is Standing.COMPLETE


def test_the_same_form_sent_twice_is_one_arrival(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry, officer = handed_in(world)
        first = take(world, entry, officer, keys(world), form_token="a" * 30)
        again = take(world, entry, officer, keys(world), form_token="a" * 30)
        assert (first.id, len(arrivals_of(entry))) == (again.id, 1)
        logged = (
            select(func.count()).select_from(AuditRecord).where(AuditRecord.action == "entry.paper_received")
        )
        assert session().scalar(logged) == 1


def test_an_undone_arrival_counts_for_nothing_and_stays_visible(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry, officer = handed_in(world)
        arrival = take(world, entry, officer, keys(world))
        undo(arrival, entry, reason="Nhầm hồ sơ", actor=officer, now=NOW)
        assert standing_of(entry, view(world.first), arrivals_of(entry)).standing is Standing.NONE
        assert [one.undone_why for one in arrivals_of(entry)] == ["Nhầm hồ sơ"]


def test_undoing_needs_a_reason(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry, officer = handed_in(world)
        arrival = take(world, entry, officer, keys(world))
        with pytest.raises(Invalid) as refused:
            undo(arrival, entry, reason="  ", actor=officer, now=NOW)
        assert refused.value.errors == {"reason": ["Bạn hãy ghi lý do bỏ lần ghi nhận này."]}


def test_a_version_that_was_never_handed_in_is_refused(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry, officer = handed_in(world)
        with pytest.raises(Invalid):
            take(world, entry, officer, keys(world), version=2)
        assert arrivals_of(entry) == []


def test_who_is_not_of_the_committee_takes_nothing_in(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry, _officer = handed_in(world)
        with pytest.raises(Forbidden):
            take(world, entry, actor_of(account()), keys(world))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"arrived_on": "13/11/2025"}, "arrived_on"),
        ({"arrived_on": "31/02/2025"}, "arrived_on"),
        ({"arrived_on": ""}, "arrived_on"),
        ({"postmarked_on": "2025-11-13"}, "postmarked_on"),
        ({"way": "bo-cau"}, "way"),
    ],
)
def test_a_day_or_way_that_cannot_be_is_told_at_its_field(
    world: World, typed: dict[str, str], field: str
) -> None:
    with world.app.test_request_context(), tenant_scope(world.first.id), pytest.raises(Invalid) as refused:
        load_arrival({**TYPED, **typed}, keys(world), keys(world), NOW)
    assert list(refused.value.errors) == [field]


def test_nothing_ticked_is_told(world: World) -> None:
    with world.app.test_request_context(), tenant_scope(world.first.id), pytest.raises(Invalid) as refused:
        load_arrival(TYPED, [], keys(world), NOW)
    assert list(refused.value.errors) == ["items"]


def test_a_scan_is_kept_once_and_a_disguised_one_is_refused(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry, officer = handed_in(world)
        for _time in range(2):
            add_scan(entry, "C:\\quet\\phieu.pdf", io.BytesIO(pdf_bytes()), actor=officer, now=NOW)
        with pytest.raises(Invalid):
            add_scan(entry, "phieu.pdf", io.BytesIO(b"MZ" + b"\0" * 200), actor=officer, now=NOW)
        assert session().scalars(select(PaperScan.name)).all() == ["phieu.pdf"]


@pytest.mark.parametrize(
    "label", ["{code}", " {receipt} ", "https://motmot.example.vn/btc/ban-giay/ma/{receipt}"]
)
def test_a_scanned_or_typed_label_finds_its_dossier(world: World, label: str) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry, officer = handed_in(world)
        receipt = session().scalars(select(Entry.code)).one(), _receipt(entry)
        found, _version = access_by_label(officer, label.format(code=receipt[0], receipt=receipt[1]))
        assert found.id == entry.id


def test_a_label_of_another_tenant_is_nobodys(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id) as current:
            entry, _officer = handed_in(world)
            code, receipt = entry.code or "", _receipt(entry)
            current.commit()
        with tenant_scope(world.second.id):
            officer = actor_of(account("btc@example.vn"))
            for label in (code, receipt):
                with pytest.raises(NotFound):
                    access_by_label(officer, label)


def test_a_citizens_dossier_has_the_citizen_as_chief_and_the_consent_beside_it(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        officer = account("btc@example.vn")
        entry = begin(world)
        assert [(one.name, one.role) for one in authors_of([entry.id])[entry.id]] == [
            ("Trần Thị Mẫu", "chief")
        ]
        [kept] = session().scalars(select(FiledFor)).all()
        assert (kept.person, kept.contact, kept.consent, kept.witness) == (
            "Trần Thị Mẫu",
            "0987 654 321",
            "spoken",
            "Lê Văn Chứng",
        )
        assert (kept.arrived_on, kept.by_id) == (date(2025, 11, 12), officer.id)


def test_who_keyed_it_in_does_not_screen_it(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        officer = account("btc@example.vn")
        entry = complete_draft(edition, officer)
        submit(entry, edition, actor=actor_of(officer), now=NOW)
        with pytest.raises(Exception, match="không tự xét được"):
            accept(entry, edition, actor=actor_of(officer), now=NOW)


@pytest.mark.parametrize(
    ("arrived_on", "postmarked_on", "is_taken"),
    [
        ("2025-12-11", "", True),
        ("2025-12-13", "2025-12-12", True),
        ("2025-12-13", "", False),
        ("2025-12-14", "2025-12-13", False),
    ],
)
def test_papers_that_came_in_time_are_handed_in_after_the_deadline(
    world: World, arrived_on: str, postmarked_on: str, is_taken: bool
) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition, officer = view(world.first), account("btc@example.vn")
        late = edition.phases[0].closes_at + timedelta(days=3)  # closes on 12/12/2025 at 10:00
        form = load_filed_for({**PERSON, "arrived_on": arrived_on, "postmarked_on": postmarked_on}, late)
        keyed = partial(
            begin_for, edition, form, officer=officer, form_token="c" * 30, actor=actor_of(officer), now=late
        )
        if not is_taken:
            with pytest.raises(PhaseClosed):
                keyed()
            return
        entry = keyed()
        fill_in(entry, edition, officer, now=late)
        assert submit(entry, edition, actor=actor_of(officer), now=late).number == 1


def test_consent_by_word_of_mouth_needs_a_witness(world: World) -> None:
    with world.app.test_request_context(), tenant_scope(world.first.id), pytest.raises(Invalid) as refused:
        load_filed_for({**PERSON, "witness": ""}, NOW)
    assert list(refused.value.errors) == ["witness"]


def test_how_a_citizen_is_reached_lies_encrypted(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id) as current:
            begin(world)
            current.commit()
        with platform_scope() as current:
            ask = "select contact from filed_for"
            lying = current.execute(text(ask), execution_options=ALL_TENANTS).scalar_one()
        assert "0987" not in lying


def begin(world: World) -> Entry:
    """A dossier that the first tenant's officer begins for a citizen."""
    officer = account("btc@example.vn")
    return begin_for(
        view(world.first),
        load_filed_for(PERSON, NOW),
        officer=officer,
        form_token="b" * 30,
        actor=actor_of(officer),
        now=NOW,
    )


def _receipt(entry: Entry) -> str:
    return session().scalars(select(EntryVersion.receipt).where(EntryVersion.entry_id == entry.id)).one()
