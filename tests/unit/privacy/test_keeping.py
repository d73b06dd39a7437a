"""How long data are kept: the settings, what is due, and that only what is due goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.contests.lint.accepted import is_accepted
from core.contests.lint.dossier import ID_IMAGE
from core.contests.lint.values import LintFinding, Place, Spot, Weight
from core.entries.models import Entry
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.clock import real_now
from core.kernel.db import bind_tenant, session, tenant_scope
from core.kernel.errors import Forbidden, Invalid
from core.kernel.files import file_key, file_store
from core.kernel.ids import uuid7_from
from core.kernel.jobs import Job, ask_periodic, run_due_jobs
from core.kernel.sms import Sms
from core.people import services as people
from core.people.models import FailedTry, SignIn
from core.plugin_api import Text
from core.privacy import services
from core.privacy.services import keeping
from core.privacy.settings import DataClass, current_settings
from tests.support.entries import account, make_attachment, make_entry
from tests.support.factories import OPEN, World, actor_of, make_edition, view
from tests.support.letters import old_letter

pytestmark = pytest.mark.usefixtures("tenant")

KEPT = {"yearly": "1/1, 2/9", "dated": "17/02/2026\n18/02/2026", "days_drafts": "30", "days_sign_ins": "90"}
LONG = {kind: (opens - 400, closes - 400) for kind, (opens, closes) in OPEN.items()}


def officer() -> Actor:
    return actor_of(account("btc@example.vn"))


def test_what_is_set_holds_and_what_is_empty_is_kept_for_ever() -> None:
    before = current_settings()
    assert (before.days[DataClass.DRAFTS], before.days[DataClass.SIGN_INS]) == (None, 180)

    kept = services.change_settings(KEPT, actor=officer(), now=real_now())

    assert (kept.yearly, kept.dated) == (("1/1", "2/9"), (date(2026, 2, 17), date(2026, 2, 18)))
    assert (kept.days[DataClass.DRAFTS], kept.days[DataClass.TRIES]) == (30, None)
    services.change_settings({**KEPT, "days_sign_ins": "91"}, actor=officer(), now=real_now())
    assert current_settings().days[DataClass.SIGN_INS] == 91


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("yearly", "31/4"),
        ("yearly", "Tết"),
        ("dated", "17/02"),
        ("dated", "30/02/2026"),
        ("days_tries", "0"),
        ("days_tries", "mười"),
        ("days_tries", "99999"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field_and_nothing_is_stored(field: str, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.change_settings({**KEPT, field: typed}, actor=officer(), now=real_now())
    assert list(refused.value.errors) == [field]
    assert current_settings().decided == frozenset()


def test_only_the_committee_sets_it() -> None:
    with pytest.raises(Forbidden):
        services.change_settings(KEPT, actor=actor_of(account()), now=real_now())


def test_only_what_is_due_is_removed_and_the_office_saw_it_before(tenant: World) -> None:
    now = real_now()
    person = account()
    people.start_sign_in(person, device="cũ", address=None, now=now - timedelta(days=300))
    people.start_sign_in(person, device="mới", address=None, now=now)
    for at in (now - timedelta(days=31), now - timedelta(days=29)):
        session().add(FailedTry(account_digest="a" * 64, address_digest="b" * 64, at=at))
    for days in (366, 364):
        session().add(
            Sms(id=uuid7_from(now - timedelta(days=days)), recipient="+849", text="x", state="sent", at=now)
        )
    session().add(old_letter(now - timedelta(days=366)))
    session().flush()
    seen = services.due_now(current_settings(), now)

    removed = services.remove_due(now=now)

    assert {key: number for key, number in removed.items() if number} == {
        "sign_ins": 1,
        "tries": 1,
        "messages": 1,
    }
    assert {str(key): number for key, number in seen.items() if number} == {
        "sign_ins": 1,
        "tries": 1,
        "letters": 1,
        "messages": 1,
    }
    assert session().scalars(select(SignIn.device)).all() == ["mới"]
    assert not any(services.remove_due(now=now).values())
    (line,) = audit.records(actions=(keeping.RAN,))
    assert line.data["messages"] == 1


def test_drafts_of_past_editions_go_only_where_the_committee_decided_it(tenant: World) -> None:
    past = make_edition("k0", phases=LONG, ordinal=0, prefix="TT-K0")
    gone = make_entry(past, account(), state="draft")
    file = make_attachment(gone, content=b"%PDF-1.7 nhap cu")
    handed_in = make_entry(past, account(), state="submitted")
    present = make_entry(view(tenant.first), account(), state="draft")
    key, kept = file_key(tenant.first.id, file.sha256), {handed_in.id, present.id}
    assert services.due_now(current_settings(), real_now())[DataClass.DRAFTS] == 0
    services.change_settings(KEPT, actor=officer(), now=real_now())
    assert services.due_now(current_settings(), real_now())[DataClass.DRAFTS] == 1

    services.remove_due(now=real_now())
    session().commit()
    run_due_jobs()
    bind_tenant(session(), tenant.first.id)

    assert set(session().scalars(select(Entry.id))) == kept
    assert not file_store().exists(key)


def test_each_tenant_is_asked_once_a_night(tenant: World) -> None:
    early, night = datetime(2026, 11, 22, 18, 59, tzinfo=UTC), datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
    keeping._asked.clear()
    session().commit()
    for at in (early, night, night + timedelta(minutes=1), night + timedelta(hours=20)):
        ask_periodic(at)
    keeping._asked.clear()
    for facts in (tenant.first, tenant.second):
        with tenant_scope(facts.id):
            ask = select(func.count()).where(Job.kind == keeping.JOB)
            assert session().scalars(ask).one() == 1


def test_pictures_of_identity_papers_need_a_reason_that_says_something() -> None:
    with pytest.raises(Invalid) as refused:
        services.change_settings({**KEPT, "id_images_reason": "cần"}, actor=officer(), now=real_now())
    assert list(refused.value.errors) == ["id_images_reason"]
    doubt = LintFinding(ID_IMAGE, Weight.DOUBT, Place(Spot.FORM, "cccd"), Text("x"), Text("x"))
    assert not is_accepted(doubt)

    reason = "Chi trả tiền thưởng qua kho bạc cần đối chiếu giấy tờ."
    services.change_settings({**KEPT, "id_images_reason": reason}, actor=officer(), now=real_now())

    assert is_accepted(doubt)
    assert not is_accepted(replace(doubt, weight=Weight.FAULT))
    assert audit.records(actions=("privacy.settings_changed",))[0].data["id_images_reason"] == reason
