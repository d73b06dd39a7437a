"""Erasing an account: two officers, what goes, what stays, and that nothing breaks which others rely on."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Attachment, Entry, EntryAuthor, EntryVersion
from core.entries.services import submit, withdraw
from core.imports.models import ImportRow, ImportRun
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.clock import real_now
from core.kernel.contents import named_among
from core.kernel.db import bind_tenant, session, tenant_scope
from core.kernel.errors import Forbidden
from core.kernel.files import file_key, file_store
from core.kernel.ids import token
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import Mail, send_mail
from core.kernel.sms import Sms, send_sms
from core.kernel.suppression import SuppressedAddress, suppress
from core.messages.feeds import renew_feed
from core.messages.models import CalendarFeed
from core.people import services as people
from core.people.models import Account, Consent, Membership, OfficerInvitation, SignIn
from core.people.sessions import account_of_token
from core.privacy import services
from core.privacy.errors import ErasureRefused
from core.privacy.inventory import DELETED, KEPT
from core.privacy.models import DataRequest
from core.privacy.removal import pointing_at
from core.results.models import Publication
from core.results.services import publish
from core.results.verify import verify_bytes
from core.voting.models import Vote
from tests.support.entries import account, complete_draft, make_attachment, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.people import last_letter
from tests.support.results import LATER, OFFICER, computed, decide, judge_edition

pytestmark = pytest.mark.usefixtures("tenant")

PERSON = "tacgia@example.vn"


def officer() -> Actor:
    return actor_of(account("btc@example.vn"))


def second() -> Actor:
    return actor_of(make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE]))


def asked(email: str = PERSON) -> DataRequest:
    actor = actor_of(account(email))
    return services.ask("delete", "Xóa tài khoản của tôi", form_token=token(), actor=actor, now=real_now())


def erased(email: str = PERSON) -> DataRequest:
    """A request that two officers have carried out."""
    request, at = asked(email), real_now()
    services.propose_erasure(request, actor=officer(), now=at)
    services.confirm_erasure(request, actor=second(), now=at)
    return request


def edition(tenant: World) -> EditionView:
    return view(tenant.first)


def test_every_column_that_points_at_an_account_says_what_becomes_of_it() -> None:
    found = {f"{model.__tablename__}.{column}" for model, column in pointing_at("account")}
    assert sorted(found - DELETED - set(KEPT)) == []
    assert sorted((DELETED | set(KEPT)) - found) == []


def test_the_account_is_emptied_and_nobody_can_come_in() -> None:
    person = account()
    person.phone, person.password_hash = "0912345678", "x"
    person_id, way_in = (
        person.id,
        people.start_sign_in(person, device="Máy", address="203.0.113.5", now=real_now()),
    )
    people.agree("news", actor=actor_of(person), now=real_now())

    request = erased()

    assert request.state == "done"
    gone = session().get_one(Account, (session().tenant_id, person_id))
    assert (gone.name, gone.email) == ("Người dùng đã xóa", None)
    assert (gone.phone, gone.password_hash, gone.verified_at, gone.roles) == (None, None, None, [])
    assert gone.folded == "nguoi dung da xoa"
    assert account_of_token(way_in) is None
    assert session().scalars(select(func.count()).select_from(SignIn)).one() == 0
    assert session().scalars(select(func.count()).where(Consent.withdrawn_at.is_(None))).one() == 0
    line = audit.records(actions=("erasure.confirmed",))[0]
    assert line.subject == request.code
    assert audit.first_false_record() is None


def test_the_last_letter_says_what_is_kept_and_is_forgotten_too() -> None:
    send_mail(to=PERSON, name="A", sender="B", subject="Thư cũ", body="x", now=real_now())

    erased()

    subjects = list(session().scalars(select(Mail.subject).where(Mail.recipient == PERSON)))
    assert subjects == ["Dữ liệu của Quý vị đã được xóa"]
    letter = last_letter(PERSON)
    assert "Nhật ký thao tác" in letter.body


def test_every_other_place_of_the_address_and_the_number_goes_too_and_a_neighbours_stays() -> None:
    at = real_now()
    person = account()
    person.phone = "+84912345678"
    company = people.make_organisation("Công ty Thử", actor=actor_of(make_account("khac@example.vn")), now=at)
    for email, number in ((PERSON, person.phone), ("lang@example.vn", "+84987654321")):
        send_sms(to=number, text="Mã 123456", now=at)
        suppress(email, "550", now=at)
        session().add(OfficerInvitation(organisation_id=company, email=email, sent_at=at, expires_at=at))
    renew_feed(actor=actor_of(person), now=at)
    session().flush()

    erased()

    assert [one.recipient for one in session().scalars(select(Sms))] == ["+84987654321"]
    assert session().scalars(select(SuppressedAddress.address)).all() == ["lang@example.vn"]
    assert session().scalars(select(OfficerInvitation.email)).all() == ["lang@example.vn"]
    assert session().scalars(select(CalendarFeed)).all() == []


def test_an_officer_of_an_organisation_with_others_hands_over_first() -> None:
    person, other, at = account(), make_account("khac@example.vn"), real_now()
    confirming = second()
    company = people.make_organisation("Công ty Thử", actor=actor_of(person), now=at)
    request = asked()
    services.propose_erasure(request, actor=officer(), now=at)
    session().add(Membership(organisation_id=company, account_id=other.id, is_steward=False, joined_at=at))
    session().flush()

    with pytest.raises(ErasureRefused, match="xin bàn giao ở trang tổ chức trước"):
        services.confirm_erasure(request, actor=confirming, now=at)

    people.hand_over(company, other.id, actor=actor_of(person), now=at)
    assert services.confirm_erasure(request, actor=confirming, now=at).confirmed_at == at


def test_the_officer_who_proposes_does_not_confirm() -> None:
    request, at = asked(), real_now()
    with pytest.raises(ErasureRefused):
        services.confirm_erasure(request, actor=officer(), now=at)
    first = services.propose_erasure(request, actor=officer(), now=at)
    assert services.propose_erasure(request, actor=officer(), now=at).id == first.id
    with pytest.raises(Forbidden):
        services.confirm_erasure(request, actor=officer(), now=at)
    with pytest.raises(Forbidden):
        services.confirm_erasure(request, actor=actor_of(account()), now=at)
    assert account().name == "Tác giả Thử"


def test_a_proposal_taken_back_erases_nothing() -> None:
    request, at = asked(), real_now()
    services.propose_erasure(request, actor=officer(), now=at)
    services.withdraw_erasure(request, actor=officer(), now=at)
    with pytest.raises(ErasureRefused):
        services.confirm_erasure(request, actor=second(), now=at)
    assert account().email == PERSON


def test_an_account_with_a_role_gives_it_back_first() -> None:
    request = asked("giamkhao@example.vn")
    with pytest.raises(ErasureRefused):
        services.propose_erasure(request, actor=officer(), now=real_now())


def test_drafts_go_with_their_files_and_files_that_others_have_stay(tenant: World) -> None:
    mine = make_entry(edition(tenant), account(), state="draft")
    own = make_attachment(mine, name="rieng.pdf", content=b"%PDF-1.7 chi minh toi")
    shared = make_attachment(mine, name="chung.pdf", content=b"%PDF-1.7 chung")
    theirs = make_entry(edition(tenant), account("cutri@example.vn"), state="draft")
    make_attachment(theirs, name="chung.pdf", content=b"%PDF-1.7 chung")
    own_key = file_key(tenant.first.id, own.sha256)
    shared_sha, draft_id, other_id = shared.sha256, mine.id, theirs.id

    erased()
    session().commit()
    run_due_jobs()
    bind_tenant(session(), tenant.first.id)

    assert session().scalars(select(Entry.id)).all() == [other_id]
    assert session().scalars(select(func.count()).where(EntryAuthor.entry_id == draft_id)).one() == 0
    assert not file_store().exists(own_key)
    assert named_among([shared_sha]) == {shared_sha}
    assert file_store().exists(file_key(tenant.first.id, shared_sha))


def test_a_dossier_that_left_the_contest_is_emptied_and_keeps_its_code_and_hash(tenant: World) -> None:
    person = account()
    entry = complete_draft(edition(tenant), person)
    submit(entry, edition(tenant), actor=actor_of(person), now=NOW)
    withdraw(entry, edition(tenant), actor=actor_of(person), now=NOW)
    author = session().scalars(select(EntryAuthor).where(EntryAuthor.entry_id == entry.id)).one()
    author.name = person.name
    version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
    before = (entry.code, entry.title, version.sha256, version.receipt)
    digests = [row["sha256"] for row in version.snapshot["files"]]

    erased()
    session().commit()
    run_due_jobs()
    bind_tenant(session(), tenant.first.id)

    left = session().scalars(select(Entry)).one()
    kept = session().scalars(select(EntryVersion)).one()
    assert (left.code, left.title, kept.sha256, kept.receipt) == before
    assert left.facts == {}
    assert kept.snapshot["erased"] is True
    assert "authors" not in kept.snapshot
    row = session().scalars(select(EntryAuthor)).one()
    assert (row.name, row.birth_year, row.workplace) == ("Người dùng đã xóa", None, "")
    assert session().scalars(select(func.count()).select_from(Attachment)).one() == 0
    assert digests
    assert [one for one in digests if file_store().exists(file_key(tenant.first.id, one))] == []


def test_a_published_result_still_verifies_and_its_votes_still_count(tenant: World) -> None:
    judged = judge_edition(tenant.first)
    computation = computed(judged)
    decide(judged, computation)
    publication = publish(judged.edition, actor=OFFICER, now=LATER)
    votes = session().scalars(select(func.count()).select_from(Vote)).one()
    entries = session().scalars(select(func.count()).select_from(Entry)).one()

    erased()
    erased_voter(tenant)

    assert stored_bundle(tenant) == (publication.bundle_sha256, True)
    assert session().scalars(select(func.count()).select_from(Vote)).one() == votes
    assert session().scalars(select(func.count()).select_from(Entry)).one() == entries
    assert audit.first_false_record() is None


def test_a_result_computed_before_an_erasure_can_be_published_after_it(tenant: World) -> None:
    judged = judge_edition(tenant.first)
    decide(judged, computed(judged))

    erased()
    erased_voter(tenant)

    publication = publish(judged.edition, actor=OFFICER, now=LATER)
    assert stored_bundle(tenant) == (publication.bundle_sha256, True)


def stored_bundle(tenant: World) -> tuple[str, bool]:
    """The hash of the published bundle, and whether it verifies as a stranger would see it."""
    stored = session().scalars(select(Publication)).one()
    key = file_key(tenant.first.id, stored.bundle_sha256)
    return stored.bundle_sha256, verify_bytes(b"".join(file_store().read(key))).holds


def erased_voter(tenant: World) -> None:
    """A voter is erased as well."""
    request, at = asked("cutri1@example.vn"), real_now()
    services.propose_erasure(request, actor=officer(), now=at)
    services.confirm_erasure(request, actor=actor_of(account("btc2@example.vn")), now=at)


def test_the_twin_tenants_account_stays_as_it_is(tenant: World) -> None:
    erased()
    session().commit()
    with tenant_scope(tenant.second.id):
        assert account().name == "Tác giả Thử"


def test_confirming_twice_erases_once() -> None:
    request, at = asked(), real_now()
    services.propose_erasure(request, actor=officer(), now=at)
    other = second()
    first = services.confirm_erasure(request, actor=other, now=at)
    again = services.confirm_erasure(request, actor=other, now=at)
    assert first.id == again.id
    assert len(audit.records(actions=("erasure.confirmed",))) == 1


def test_rows_of_imports_lose_the_person_and_keep_everybody_else(tenant: World) -> None:
    entry = make_entry(edition(tenant), account(), state="draft")
    run = ImportRun(
        edition_id=entry.edition_id, form_token=token(), by_id=officer().id, by_name="Cán bộ", at=NOW,
        file_name="danh-sach.xlsx", sha256="0" * 64, owners="invite", state="checked",
    )  # fmt: skip
    session().add(run)
    session().flush()
    rows: list[tuple[dict[str, str], str, str | None]] = [
        ({"title": "Của người này", "chief": "Tác giả Thử"}, "made", entry.ref),
        ({"title": "Đang chờ", "email": PERSON.upper()}, "new", None),
        ({"title": "Của người khác", "email": "lang@example.vn"}, "new", None),
    ]
    for number, (data, outcome, ref) in enumerate(rows, start=2):
        session().add(
            ImportRow(
                run_id=run.id, number=number, key=f"{number}", data=data, outcome=outcome, entry_ref=ref
            )
        )
    session().flush()

    erased()

    left = session().execute(select(ImportRow.number, ImportRow.data).order_by(ImportRow.number))
    assert [tuple(row) for row in left] == [(2, {}), (4, rows[2][0])]
