"""The copy is whole: every column it says it shows is in it, and nothing of anybody else, in this tenant or another."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import String, Uuid, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.contests.models import Unit
from core.entries.models import (
    AuthorInvitation,
    Entry,
    EntryAuthor,
    EntryRight,
    EntryVersion,
    Extension,
    Screening,
    UnsentRevision,
    Upload,
)
from core.entries.policies import email_digest
from core.entries.screening.models import SavedView, ScreeningClaim
from core.imports.models import ImportRow, ImportRun
from core.intake.models import FiledFor, PaperArrival, PaperScan
from core.judging.conflict_models import Affiliation, Conflict
from core.judging.council_models import Council, Pledge, Seat
from core.judging.deliberation_models import Deliberation, ScoreChange
from core.judging.material_models import MaterialCall, MaterialFile, MaterialQuestion, MaterialText
from core.judging.models import Judge, Sheet
from core.judging.plan_models import JudgeField
from core.kernel import audit
from core.kernel.clock import real_now
from core.kernel.db import TenantOwned, bind_tenant, session, tenant_scope
from core.kernel.files import file_key, file_store
from core.kernel.ids import token
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import Mail
from core.kernel.security import keyed_digest
from core.kernel.sms import Sms
from core.kernel.suppression import SuppressedAddress
from core.messages.feeds import renew_feed
from core.people.models import (
    Account,
    Consent,
    FailedTry,
    LinkedIdentity,
    Membership,
    OfficerInvitation,
    OneTimeCode,
    Organisation,
    Passkey,
    RecoveryCode,
    SecondFactor,
    SignIn,
)
from core.people.rescue_models import AccountRescue
from core.privacy import copied, services
from core.privacy.collectors import collectors
from core.privacy.collectors.registry import columns_in
from core.privacy.models import DossierOpening, Erasure, Guardian, PersonalExport
from core.voting.models import Vote
from tests.support.entries import account, make_attachment, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, view

pytestmark = pytest.mark.usefixtures("tenant")

PERSON, OTHER = "tacgia@example.vn", "cutri@example.vn"
MINE, THEIRS = "CUATOI", "CUANGUOI"

CODED = columns_in(
    "account: email phone language roles; consent: account_id purpose text_version; sign_in: account_id;"
    "second_factor: account_id; recovery_code: account_id; passkey: account_id; linked_identity: account_id;"
    "account_rescue: account_id kind papers state;"
    "one_time_code: account_id; failed_try: account_digest; membership: account_id; officer_invitation: email;"
    "entry: owner_id state code; entry_author: role account_id confirmed_how; author_invitation: email_digest;"
    "entry_right: account_id level; screening: outcome; extension: state; upload: account_id; paper_arrival: way;"
    "guardian: relation text_version; dossier_opening: account_id role what; attachment: sha256; paper_scan: sha256;"
    "entry_version: sha256 receipt; vote: account_id receipt; judge: account_id; saved_view: account_id;"
    "conflict: account_id how declared state; affiliation: account_id; material_file: sha256;"
    "screening_claim: officer_id; audit_record: actor_id; mail: recipient kind state; sms: recipient state;"
    "suppressed_address: address; data_request: account_id code kind purpose state; erasure: account_id;"
    "personal_export: account_id state sha256; calendar_feed: account_id;"
    "council_seat: account_id role state; council_pledge: version text_sha256;"
    "import_row: outcome note entry_ref; import_run: by_id owners state"
)
"""Shown columns that hold keys, codes and states: nothing of one's own can be written into them."""


class Planted:
    """Rows of one person in every table that the copy shows, each word of them marked with whose it is."""

    def __init__(self, person: Account, mark: str) -> None:
        self.person, self.mark, self.number = person, mark, person.id.hex[-8:]
        self.columns: set[str] = set()

    def say(self, column: str) -> str:
        """A word for this column that names its person."""
        self.columns.add(column)
        return f"{self.mark}:{column}"

    def words(self) -> set[str]:
        """Every word that was planted."""
        return {f"{self.mark}:{column}" for column in self.columns}


def plant(facts: Any, email: str, mark: str, stranger: Account, phone: str) -> Planted:
    """Everything the installation can hold of the person with this address; `stranger` takes part in it."""
    edition, person, at = view(facts), account(email), real_now()
    held = Planted(person, mark)
    say = held.say
    unit = Unit(
        code=f"{mark}-1", name=say("unit.name"), name_key=mark, folded=mark.lower(), kind="xa", is_active=True
    )
    session().add(unit)
    session().flush()
    person.name, person.phone, person.unit_id = say("account.name"), phone, unit.id
    person.name_key = person.folded = mark
    _plant_ways_in(held)
    entry = make_entry(edition, person, title=say("entry.title"), facts={"rieng": say("entry.facts")})
    entry.field, entry.unsaved = say("entry.field"), {"phan": say("entry.unsaved")}
    _plant_dossier(held, entry, stranger)
    _plant_elsewhere(held, edition, stranger)
    _plant_office(held, edition, entry)
    request = services.ask(
        "delete", say("data_request.text"), form_token=token(), actor=actor_of(person), now=at
    )
    request.extended_why, request.answer = say("data_request.extended_why"), say("data_request.answer")
    erasure = Erasure(account_id=person.id, request_id=request.id, proposed_by=stranger.id, proposed_at=at)
    erasure.proposed_name = THEIRS + ": cán bộ đề nghị"
    session().add(erasure)
    session().add(PersonalExport(account_id=person.id, state="removed", asked_at=at - timedelta(days=9)))
    session().add(
        Mail(
            recipient=email, recipient_name=say("mail.recipient_name"), sender_name="Ban Tổ chức",
            subject=say("mail.subject"), body=say("mail.body"), about=say("mail.about"), state="failed", at=at,
            error=say("mail.error"),
        )
    )  # fmt: skip
    session().add(Sms(recipient=phone, text=say("sms.text"), state="sent", at=at))
    session().add(SuppressedAddress(address=email, since=at, words=say("suppressed_address.words")))
    renew_feed(actor=actor_of(person), now=at)
    session().flush()
    return held


def _plant_ways_in(held: Planted) -> None:
    person, say, at = held.person, held.say, real_now()
    of = {"account_id": person.id}
    session().add_all(
        [
            SignIn(
                **of, digest=token(), device=say("sign_in.device"), address=say("sign_in.address"), created_at=at,
                expires_at=at,
            ),
            Consent(**of, purpose="news", text_version="1", given_at=at),
            SecondFactor(**of, secret="x", started_at=at),
            RecoveryCode(**of, digest=token(), made_at=at),
            Passkey(
                **of, digest=token(), credential_id="x", public_key="x", sign_count=0, name=say("passkey.name"),
                made_at=at,
            ),
            LinkedIdentity(**of, digest=token(), issuer=say("linked_identity.issuer"), linked_at=at),
            OneTimeCode(
                **of, purpose="P" + held.number, digest="x", sent_at=at, expires_at=at, tries_left=1,
            ),
            AccountRescue(
                **of, kind="second_factor", papers="citizen_card", reason=say("account_rescue.reason"),
                address=say("account_rescue.address"), note=say("account_rescue.note"), state="declined",
                asked_name=THEIRS + ": cán bộ đề nghị", asked_at=at,
            ),
            FailedTry(account_digest=keyed_digest(person.email or "", "failed-try"), address_digest="x", at=at),
        ]
    )  # fmt: skip
    held.columns.add("one_time_code.purpose")
    company = Organisation(name=say("organisation.name"), made_at=at)
    inviting = Organisation(name=say("organisation.name") + " mời", made_at=at)
    session().add_all([company, inviting])
    session().flush()
    session().add(Membership(organisation_id=company.id, **of, is_steward=True, joined_at=at))
    session().add(
        OfficerInvitation(organisation_id=inviting.id, email=person.email, sent_at=at, expires_at=at)
    )


def _plant_dossier(held: Planted, entry: Entry, stranger: Account) -> None:
    say, at, of = held.say, real_now(), {"entry_id": entry.id}
    make_attachment(entry, name=say("attachment.name"), content=f"%PDF-1.7 {held.mark}".encode())
    old = _stored(f"%PDF-1.7 {held.mark} lần trước")
    version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
    version.snapshot = {
        "title": say("entry_version.snapshot"), "facts": {},
        "authors": [{"name": "Đồng Tác Giả", "role": "member", "birth_year": 1991, "workplace": THEIRS}],
        "files": [{"name": "cu.pdf", "sha256": old}],
    }  # fmt: skip
    unsent = {"title": say("unsent_revision.snapshot"), "facts": {}, "files": []}
    scan = _stored(f"%PDF-1.7 {held.mark} quét")
    more = _stored(f"%PDF-1.7 {held.mark} bổ sung")
    call = MaterialCall(edition_id=entry.edition_id, round=f"m{held.number}"[:20], opens_at=at, closes_at=at)
    session().add(call)
    session().flush()
    wanted = MaterialQuestion(call_id=call.id, position=1, title="Trình chiếu", kind="files")
    session().add(wanted)
    session().flush()
    session().add_all(
        [
            MaterialText(**of, question_id=wanted.id, text=say("material_text.text")),
            MaterialFile(
                **of, question_id=wanted.id, sha256=more, name=say("material_file.name"),
                media_type="application/pdf", size=9, added_at=at,
            ),
            UnsentRevision(**of, number=1, snapshot=unsent, at=at),
            Screening(**of, outcome="return", reason=say("screening.reason"), by_name=THEIRS, at=at),
            EntryAuthor(
                **of, position=2, name="Đồng Tác Giả", role="member", birth_year=1991, workplace=THEIRS,
            ),
            EntryAuthor(
                **of, position=3, name=held.person.name, role="member", workplace=say("entry_author.workplace"),
                account_id=held.person.id,
            ),
            Extension(
                edition_id=entry.edition_id, **of, ended=at, until=at, reason=say("extension.reason"),
                asked_by=stranger.id, asked_name=THEIRS, asked_at=at, note=say("extension.note"),
            ),
            Upload(
                **of, account_id=held.person.id, field=say("upload.field"), name=say("upload.name"), length=9,
                begun_at=at, expires_at=at,
            ),
            PaperArrival(
                **of, form_token=token(), version=1, arrived_on=date(2025, 9, 1), way="post", items=[],
                remark=say("paper_arrival.remark"), by_name=THEIRS, at=at,
            ),
            PaperScan(
                **of, sha256=scan, name=say("paper_scan.name"), media_type="application/pdf", size=9, added_at=at,
                by_name=THEIRS,
            ),
            Guardian(
                **of, author=token(), name=say("guardian.name"), relation="parent", contact=say("guardian.contact"),
                text_version="1", child_agreed=True, given_at=at, recorded_by=held.person.id,
            ),
            DossierOpening(**of, account_id=stranger.id, role="committee", what="file", hour=at, at=at),
        ]
    )  # fmt: skip
    session().flush()


def _plant_elsewhere(held: Planted, edition: Any, stranger: Account) -> None:
    """What the person is in a dossier of the stranger, whose own words are the stranger's."""
    say, at = held.say, real_now()
    foreign = make_entry(edition, stranger, title="Hồ sơ chung", facts={"rieng": THEIRS})
    author = EntryAuthor(
        entry_id=foreign.id, position=2, name=say("entry_author.name"), role="member", account_id=held.person.id,
        workplace=held.person.name, decline_reason=say("entry_author.decline_reason"), confirmed_how="account",
    )  # fmt: skip
    session().add(author)
    session().flush()
    session().add_all(
        [
            AuthorInvitation(
                entry_id=foreign.id, author_id=author.id, email=held.person.email or "",
                email_digest=email_digest(held.person.email or ""),
            ),
            EntryRight(
                entry_id=foreign.id, account_id=held.person.id, level="view", given_by=stranger.id, given_at=at
            ),
            DossierOpening(entry_id=foreign.id, account_id=held.person.id, role="judge", what="file", hour=at, at=at),
            ScreeningClaim(
                entry_id=foreign.id, officer_id=held.person.id, officer_name=say("screening_claim.officer_name"),
                since=at, until=at,
            ),
            Conflict(
                edition_id=edition.id, account_id=held.person.id, entry_id=foreign.id, how="declared", at=at,
                words=say("conflict.words"),
            ),
            Affiliation(account_id=held.person.id, workplace=say("affiliation.workplace"), at=at),
            Vote(
                edition_id=edition.id, entry_id=foreign.id, account_id=held.person.id, cast_at=at,
                receipt=token()[:20], nonce="x", commitment="x", cancel_reason=say("vote.cancel_reason"),
            ),
        ]
    )  # fmt: skip


def _plant_change(held: Planted, edition: Any, entry: Entry, judge: Judge) -> None:
    """A judge's change of points in a deliberation."""
    of, at = {"entry_id": entry.id}, real_now()
    talk = Deliberation(
        **of, edition_id=edition.id, round=f"r{held.number}"[:20], number=1, scope="entry", opened_at=at
    )
    sheet = Sheet(**of, edition_id=edition.id, judge_id=judge.id, round=talk.round, updated_at=at)
    session().add_all([talk, sheet])
    session().flush()
    session().add(
        ScoreChange(
            **of, deliberation_id=talk.id, sheet_id=sheet.id, judge_id=judge.id, number=1, before={}, after={},
            reason=held.say("score_change.reason"), at=at, nonce="x", commitment="x",
        )
    )  # fmt: skip
    session().flush()


def _plant_office(held: Planted, edition: Any, entry: Entry) -> None:
    """Deeds of an officer, and an import in which the person's row stands beside others'."""
    say, at, person = held.say, real_now(), held.person
    number = "7" + held.number
    judge = Judge(edition_id=edition.id, account_id=person.id, number=number)
    session().add(judge)
    session().flush()
    session().add(JudgeField(judge_id=judge.id, field=say("judge_field.field"), fit="match"))
    held.columns |= {"judge.number", "judge_field.fit"}
    _plant_change(held, edition, entry, judge)
    council = Council(edition_id=edition.id, round=f"r{held.number}"[:20], made_at=at)
    session().add(council)
    session().flush()
    seat = Seat(
        council_id=council.id, account_id=person.id, position=1, role="member", state="left", invited_at=at,
        reason=say("council_seat.reason"),
    )  # fmt: skip
    session().add(seat)
    session().flush()
    session().add(
        Pledge(
            seat_id=seat.id, version="own-1", text=say("council_pledge.text"), text_sha256="0" * 64,
            signed_at=at, device=say("council_pledge.device"),
        )
    )  # fmt: skip
    query = say("saved_view.query")
    session().add(SavedView(account_id=person.id, name=say("saved_view.name"), query=query, at=at))
    run = ImportRun(
        edition_id=edition.id, form_token=token(), by_id=person.id, by_name=say("import_run.by_name"), at=at,
        file_name=say("import_run.file_name"), sha256="0" * 64, owners="invite", state="done",
    )  # fmt: skip
    session().add(run)
    session().flush()
    waiting = {
        "email": (person.email or "").upper(), "phone": "", "facts": {"rieng": say("import_row.data")},
        "title": "Đang chờ", "authors": [{"name": "Người Cùng Dòng", "role": "member", "workplace": THEIRS}],
    }  # fmt: skip
    other = {**waiting, "email": "la@example.vn", "facts": {"rieng": THEIRS}, "title": THEIRS}
    rows = (
        (waiting, "new", None),
        (other, "new", None),
        ({"title": THEIRS, "chief": THEIRS}, "bad", None),
        ({"title": "Đã tạo", "chief": THEIRS}, "made", entry.ref),
    )
    for number_, (data, outcome, ref) in enumerate(rows, start=2):
        session().add(
            ImportRow(
                run_id=run.id, number=number_, key=f"k{number_}", data=data, outcome=outcome, entry_ref=ref
            )
        )
    name, action = say("audit_record.actor_name"), say("audit_record.action")
    actor = replace(actor_of(person), name=name, address=say("audit_record.address"))
    audit.append(action, "x", {}, actor=actor, now=at)
    session().flush()


def _stored(words: str) -> str:
    content = words.encode()
    digest = hashlib.sha256(content).hexdigest()
    file_store().put(file_key(session().tenant_id, digest), io.BytesIO(content))
    return digest


def copy_of(world: World, email: str) -> zipfile.ZipFile:
    """The zip that the person gets."""
    copy_id = services.order_copy(actor=actor_of(account(email)), now=real_now()).id
    session().commit()
    run_due_jobs()
    bind_tenant(session(), world.first.id)
    copy = session().get_one(PersonalExport, (world.first.id, copy_id))
    assert (copy.state, copy.done, copy.sha256 is not None) == ("ready", copy.total, True)
    content = b"".join(file_store().read(file_key(copy.tenant_id, copy.sha256 or "")))
    return zipfile.ZipFile(io.BytesIO(content))


def told(archive: zipfile.ZipFile) -> str:
    """Every word of a copy: its JSON, the names of its files and what is in them."""
    return "\n".join([*archive.namelist(), *(archive.read(one).decode() for one in archive.namelist())])


def test_every_column_that_could_tell_of_a_person_is_in_the_copy_or_left_out_for_a_reason() -> None:
    assert copied.forgotten_columns() == []


def test_no_column_is_stated_that_is_not_there_and_none_twice() -> None:
    known = {name for name, _is_sure in copied.telling_columns()}
    shown = {column for one in collectors() for column in one.shows}
    left_out = copied.left_out()
    assert sorted(one for one in shown | set(left_out) if not one.endswith(".*") and one not in known) == []
    assert sorted(shown & set(left_out)) == []


def test_a_new_personal_column_is_missed_until_somebody_says_what_becomes_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Made(DeclarativeBase):
        pass

    class Diary(TenantOwned, Made):
        __tablename__ = "diary"

        written_by: Mapped[Any] = mapped_column(Uuid)
        words: Mapped[str] = mapped_column(String(100))

    monkeypatch.setattr(copied, "Base", Made)
    assert Diary.__tablename__ == "diary"
    assert copied.forgotten_columns() == ["diary.words", "diary.written_by"]
    monkeypatch.setattr(copied, "_LEFT_OUT", {"diary: *": "because"})
    assert copied.forgotten_columns() == ["diary.written_by"]


def test_the_copy_shows_every_column_it_names_and_nothing_of_anybody_else(tenant: World) -> None:
    stranger = make_account("nguoi-khac@example.vn", name=THEIRS)
    mine = plant(tenant.first, PERSON, MINE, stranger, "+84912345678")
    plant(tenant.first, OTHER, THEIRS, stranger, "+84987654321")
    session().commit()
    with tenant_scope(tenant.second.id):
        twin = make_account("nguoi-khac@example.vn", name=THEIRS)
        plant(tenant.second, PERSON, THEIRS, twin, "+84912345678")
        session().commit()
    bind_tenant(session(), tenant.first.id)

    archive = copy_of(tenant, PERSON)

    body = told(archive)
    shown = {column for one in collectors() for column in one.shows}
    assert sorted(shown - CODED - mine.columns) == []
    coded = {"one_time_code.purpose", "judge.number", "judge_field.fit"}
    assert (
        sorted(word for word in mine.words() - {f"{MINE}:{one}" for one in coded} if word not in body) == []
    )
    assert "P" + mine.number in body
    assert "7" + mine.number in body
    assert THEIRS not in body
    assert OTHER not in body
    assert sorted(one.rpartition("/")[2] for one in archive.namelist() if one.startswith("tep/")) == [
        "01-CUATOI:attachment.name",
        "02-cu.pdf",
        "03-CUATOI:paper_scan.name",
        "1-CUATOI:material_file.name",
    ]
    rows = json.loads(archive.read("nhap-danh-sach.json"))["dòng về bạn"]
    assert [one["tên hồ sơ"] for one in rows] == ["Đang chờ", "Đã tạo"]


def test_a_dossier_keyed_in_for_a_citizen_is_named_and_its_content_is_the_citizens(tenant: World) -> None:
    officer = account("btc@example.vn")
    entry = make_entry(view(tenant.first), officer, title=THEIRS, facts={"rieng": THEIRS})
    make_attachment(entry, name="cua-dan.pdf", content=THEIRS.encode())
    session().add(
        FiledFor(
            entry_id=entry.id, person=THEIRS, contact=THEIRS, consent="spoken", witness="", consent_version="1",
            arrived_on=date(2025, 9, 1), by_id=officer.id, by_name=officer.name, at=NOW,
        )
    )  # fmt: skip
    paper = make_entry(view(tenant.first), officer, title=THEIRS)
    run = ImportRun(
        edition_id=paper.edition_id, form_token=token(), by_id=officer.id, by_name=officer.name, at=NOW,
        file_name="danh-sach.xlsx", sha256="0" * 64, owners="paper", state="done",
    )  # fmt: skip
    session().add(run)
    session().flush()
    data = {"title": THEIRS, "chief": THEIRS}
    session().add(ImportRow(run_id=run.id, number=2, key="a", data=data, outcome="made", entry_ref=paper.ref))
    session().flush()

    codes = [entry.code, paper.code]

    archive = copy_of(tenant, "btc@example.vn")

    assert THEIRS not in told(archive)
    dossiers = json.loads(archive.read("ho-so.json"))
    assert sorted((one["mã hồ sơ"], len(one)) for one in dossiers) == [(code, 4) for code in codes]


def test_a_request_of_the_person_is_shown_with_the_erasure_that_was_proposed(tenant: World) -> None:
    person = account(PERSON)
    request = services.ask(
        "delete", "Xóa giúp tôi", form_token=token(), actor=actor_of(person), now=real_now()
    )
    services.propose_erasure(request, actor=actor_of(account("btc@example.vn")), now=real_now())
    code = request.code

    shown = json.loads(copy_of(tenant, PERSON).read("yeu-cau.json"))

    assert [(one["mã"], len(one["đề nghị xóa"])) for one in shown] == [(code, 1)]
