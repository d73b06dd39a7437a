"""Twin data for asking every address: two tenants with the same things under the same titles, and different names
for them in addresses, so that what is one tenant's can be asked of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from core.contests.models import Edition, Unit
from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.models import Attachment, AuthorInvitation, Entry, EntryVersion, PublicPicture, Upload
from core.entries.organisation_models import EntryOrganisation
from core.entries.policies import email_digest, token_digest
from core.entries.screening.models import BulkRun, EligibleList
from core.imports.services import start_run
from core.imports.states import Owners
from core.intake.models import PaperArrival, PaperScan
from core.judging.assigning import Way, assign
from core.judging.blind_models import BlindCopy, BlindDossier, BlindScan
from core.judging.council_models import Group, Seat
from core.judging.council_room import Attendee, access_council_room
from core.judging.deliberation_policies import access_room_entry
from core.judging.deliberation_values import Scope
from core.judging.material import call_of, sent_by
from core.judging.material_window import place_key
from core.judging.meeting.apart import entries_in_round
from core.judging.meeting.ballot_facts import BallotFacts
from core.judging.meeting.ballots import open_ballot
from core.judging.meeting.draws import announce, make_draw, show_to
from core.judging.meeting.minutes_drafting import draft_minutes
from core.judging.meeting.minutes_models import MinutesScan
from core.judging.meeting.visit_models import VisitFile, VisitMove
from core.judging.meeting.visits import VisitFacts, plan_visit
from core.judging.models import RoundEntry
from core.judging.paper_models import PaperKeying, PaperSheet
from core.judging.services import (
    CouncilFacts,
    appoint_judge,
    open_deliberation,
    open_round,
    planning,
    save_council,
)
from core.judging.services.blinding import set_blind
from core.judging.services.material import Delivery, send_material
from core.judging.services.material_asking import CallFacts, QuestionFacts, save_call
from core.judging.setups import Assigned, Setup
from core.judging.values import JudgeView
from core.kernel.actor import SYSTEM, Role
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, session, tenant_scope
from core.kernel.files import file_key, file_store
from core.kernel.ids import token
from core.kernel.web import Access, declared, is_platform_view
from core.letters.post import Reader, send_letter
from core.messages.feeds import feed_token, renew_feed
from core.outreach.models import UnitReport
from core.people.models import Account, SignIn
from core.people.rescue_models import AccountRescue
from core.people.services import make_organisation
from core.people.services.rescue_ends import seal_of
from core.privacy.models import PersonalExport
from core.privacy.services import ask as ask_request
from core.publishing.models import Content
from core.results.services import publish
from core.tenancy.models import Tenant
from core.voting.services import cast_vote, digest_of
from tests.support import handbook
from tests.support.entries import make_attachment, make_entry, pdf_bytes, picture_bytes
from tests.support.factories import (
    NOW,
    OPEN,
    TenantFacts,
    World,
    actor_of,
    make_account,
    make_edition,
    make_unit,
    view,
)
from tests.support.outreach import RULE
from tests.support.results import LATER, OFFICER, Judged, computed, decide, judge_edition
from tests.support.workbooks import workbook

EVERYBODY = "tatca@example.vn"
NOBODY = "khongquyen@example.vn"
OWNER = "tacgia@example.vn"
JUDGE = "giamkhao@example.vn"
ADDRESS = "203.0.113.7"
TITLE = "Máy sấy chè dùng năng lượng mặt trời"
PUBLISHED = "k0"
BLIND = "mu"
FILE_FIELD = "tep_thuyet_minh"
SCANNED = b"%PDF-1.7 minutes"
SCAN = sha256(SCANNED).hexdigest()
# Names that are words of the contest, the same for every tenant: there is nothing of the other tenant to ask for.
SHARED = {
    "round", "edition", "published_edition", "purpose", "phase", "month", "page", "judge", "computation", "version",
    "plugin", "handbook", "plugin_page", "paper", "own_paper", "paper_kind", "step", "newer_version", "file_field",
    "material_field",
    "list_number", "position", "provider", "letter", "draw_number", "ballot_number",
    "visit_number", "minutes_number", "minutes_section", "minutes_scan", "blind_edition", "blind_file", "blind_page",
    "blind_digest",
}  # fmt: skip


@dataclass(frozen=True)
class Twin:
    """One of the two tenants: `names` are the words that name its things in addresses, each unlike the other's."""

    facts: TenantFacts
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The host of the tenant."""
        return f"{self.facts.slug}.localhost"

    @property
    def secrets(self) -> set[str]:
        """What no page of the other tenant may hold."""
        return {value for name, value in self.names.items() if name not in SHARED} | {self.facts.slug}


@dataclass(frozen=True)
class Twins:
    """Both."""

    app: Flask
    first: Twin
    second: Twin


def build_twins(world: World) -> Twins:
    """Fill the world: dossiers in the states that pages show, a judged round, votes, and a published edition."""
    with world.app.app_context():
        first, second = (_fill(facts) for facts in (world.first, world.second))
    return Twins(world.app, first, second)


def rules_of(app: Flask) -> list[tuple[Rule, str]]:
    """Every rule of a tenant's host with each of its methods, in a fixed order: those that only read first."""
    pairs = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if not is_platform_view(app, rule.endpoint)
    ]
    return sorted(pairs, key=lambda pair: (pair[1] != "GET", pair[0].rule))


def platform_rules_of(app: Flask) -> list[tuple[Rule, str]]:
    """The same of the bare host."""
    pairs = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if is_platform_view(app, rule.endpoint)
    ]
    return sorted(pairs, key=lambda pair: (pair[1] != "GET", pair[0].rule))


def access_of(app: Flask, rule: Rule) -> Access:
    """The permission that the view of `rule` declares."""
    found = declared(app, rule.endpoint)
    assert found is not None, rule.endpoint
    return found


def path_of(rule: Rule, values: Mapping[str, str]) -> str:
    """The address of `rule` with its arguments filled from `values`; raises KeyError for one it lacks."""
    built = rule.build({name: values[name] for name in rule.arguments})
    assert built is not None, rule
    return built[1]


def leaked(body: str, secrets: Iterable[str]) -> list[str]:
    """Which of `secrets` stand in `body`."""
    return sorted(secret for secret in secrets if secret in body)


def _fill(facts: TenantFacts) -> Twin:
    mark = facts.slug[:2].upper()
    with tenant_scope(facts.id) as current:
        names = _fill_running(facts, mark)
        names |= _fill_published(facts, mark)
        names |= _fill_blind(facts, mark)
        names |= _fill_contents(facts)
        _draw_emblem(facts)
        current.commit()
    return Twin(facts, names)


def _judged_file(entry: Entry, mark: str, preview: str | None) -> Attachment:
    """A file whose pages its judges can read."""
    made = make_attachment(entry, field=FILE_FIELD, content=pdf_bytes() + b"\n% " + mark.encode())
    made.pages, made.preview = 1, preview
    return made


def _fill_running(facts: TenantFacts, mark: str) -> dict[str, str]:
    stored = session().scalars(select(Edition).where(Edition.key == facts.edition_key)).one()
    stored.notes = {"report": RULE}
    session().flush()
    edition = view(facts)
    owner = _account(OWNER)
    everybody = make_account(
        EVERYBODY, name="Nguyễn Mọi Quyền", roles=[Role.COMMITTEE, Role.JUDGE, Role.UNIT]
    )
    make_account(NOBODY, name="Trần Không Quyền")
    unit = make_unit(f"xa-{facts.slug}", name="Xã Sinh Đôi")
    for account in (everybody, _account("donvi@example.vn")):
        account.unit_id = unit.id
    published = make_entry(edition, owner, title=TITLE, unit=unit, code=f"{mark}-K1-0101")
    waiting = make_entry(
        edition, owner, title=TITLE, unit=unit, state="submitted", published=False, code=f"{mark}-K1-0102"
    )
    draft = make_entry(edition, owner, title=TITLE, state="draft", published=False)
    author, invitation = _invite(draft, f"loi-moi-{facts.slug}")
    young = make_entry(
        edition, owner, title=TITLE, state="draft", published=False, authors=(("Em Thử", "chief", 2014),)
    )
    colour = "#1f6f43" if mark < "M" else "#6f1f43"
    shown = make_attachment(
        published,
        name="anh.jpg",
        content=picture_bytes(colour=colour),
        media_type="image/jpeg",
        is_public=True,
    )
    paper = make_attachment(published, content=b"%PDF-1.7 public " + mark.encode(), is_public=True)
    kept = make_attachment(waiting, content=b"%PDF-1.7 " + mark.encode())
    _hand_in_with(waiting, kept)
    preview = picture_bytes("WEBP", size=(40, 40), colour=colour)
    kept.preview = make_attachment(draft, field=FILE_FIELD, content=preview, media_type="image/webp").sha256
    judged = _judged_file(published, mark, kept.preview)
    removed = make_attachment(draft, field=FILE_FIELD, content=b"%PDF-1.7 draft " + mark.encode())
    upload = Upload(
        entry_id=draft.id,
        account_id=owner.id,
        field=FILE_FIELD,
        name="do-dang.pdf",
        length=1000,
        begun_at=NOW,
        expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    )
    session().add(upload)
    session().flush()
    session().add(
        PublicPicture(
            entry_id=published.id,
            attachment_id=shown.id,
            position=1,
            variant="card",
            sha256=shown.sha256,
            width=1200,
            height=800,
        )
    )
    judges = [appoint_judge(edition, one.id, actor=SYSTEM, now=NOW) for one in (_account(JUDGE), everybody)]
    judging = edition.rules.deciding_round().key
    open_round(edition, judging, actor=SYSTEM, now=NOW)
    seat_id, group_id = _council_of(edition, judging, everybody)
    _meeting_of(edition, judging, everybody)
    planning.save_setup(edition, judging, Setup(way=Assigned.PLAN), actor=SYSTEM, now=NOW)
    planning.propose(edition, judging, actor=SYSTEM, now=NOW)
    finalist_ref, material_file_id, material_upload_id = _material_of(edition, judging, published)
    vote = cast_vote(edition, published, voter=actor_of(everybody), now=NOW, address=ADDRESS)
    device = SignIn(
        account_id=everybody.id,
        digest=facts.slug.ljust(64, "0"),
        device="Điện thoại",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    )
    session().add(device)
    session().flush()
    asked = ask_request("see", "Cho tôi xem dữ liệu", form_token=token(), actor=actor_of(everybody), now=NOW)
    _office_work(edition, facts, everybody, unit, waiting)
    arrival = PaperArrival(
        entry_id=waiting.id,
        form_token=f"arrival-{facts.slug}",
        version=1,
        arrived_on=date(2025, 11, 10),
        way="post",
        items=[],
        by_name="Cán bộ Thử",
        at=NOW,
    )
    scan = PaperScan(
        entry_id=waiting.id,
        sha256=kept.sha256,
        name="quet.pdf",
        media_type="application/pdf",
        size=kept.size,
        added_at=NOW,
        by_name="Cán bộ Thử",
    )
    rescue = AccountRescue(
        account_id=owner.id,
        kind="second_factor",
        papers="passport",
        reason="Mất điện thoại",
        asked_by=everybody.id,
        asked_name=everybody.name,
        asked_at=real_now(),
    )
    papers = _papers_of(edition, owner, published, judges, kept.sha256, mark)
    house = make_organisation("Hợp tác xã Sinh Đôi", actor=actor_of(everybody), now=NOW)
    filed = EntryOrganisation(entry_id=draft.id, organisation_id=house, since=NOW)
    session().add_all([arrival, scan, rescue, filed])
    session().flush()
    return {
        "arrival_id": str(arrival.id),
        **papers,
        "seat_id": str(seat_id),
        "draw_number": "1",
        "ballot_number": "1",
        "minutes_number": "1",
        "visit_number": "1",
        "minutes_section": "work",
        "minutes_scan": SCAN,
        "judging_group_id": str(group_id),
        "scan_id": str(scan.id),
        "bulk_token": f"luot-{facts.slug}",
        "list_number": "1",
        "entry_code": published.code or "",
        "finalist_ref": finalist_ref,
        "material_file_id": material_file_id,
        "material_upload_id": material_upload_id,
        "material_field": "q1",
        "waiting_code": waiting.code or "",
        "draft_ref": draft.ref,
        "step": "chung",
        "author_id": author,
        "invitation": invitation,
        "young_ref": young.ref,
        "position": "1",
        "submitted_ref": waiting.ref,
        "entry_receipt": _receipt_of(waiting),
        "public_file_id": str(shown.id),
        "carried_file": f"1-{judged.sha256[:12]}",
        "private_file_id": str(kept.id),
        "private_sha256": kept.sha256,
        "judged_file_id": str(judged.id),
        "draft_file_id": str(removed.id),
        "upload_id": str(upload.id),
        "file_field": FILE_FIELD,
        "public_sha8": shown.sha256[:8],
        "paper_sha8": paper.sha256[:8],
        "vote_receipt": vote.code,
        "account_id": str(owner.id),
        "rescue_id": str(rescue.id),
        "rescue_seal": seal_of(rescue),
        "sign_in_id": str(device.id),
        "request_code": asked.code,
        "copy_id": str(_ready_copy(everybody).id),
        "organisation_id": str(house),
        "unit_code": unit.code,
        "unit_id": str(unit.id),
        "round": judging,
        "judge": judges[0].number,
        "version": "1",
        "voters_digest": digest_of(ADDRESS, edition) or "",
        "edition": facts.edition_key,
        "purpose": "news",
        "phase": "voting",
        "month": "2025-10",
        "page": "lien-he",
        **_messages_of(edition, everybody),
        "handbook": handbook.NAME,
        "plugin_page": "quyen/mot",
        "paper": "giay-moi",
        "own_paper": "phieu-rieng",
        "paper_kind": "docx",
        "plugin": "thainguyen_innovation",
        "provider": "nhacungcap",
    }


def _office_work(
    edition: EditionView, facts: TenantFacts, everybody: Account, unit: Unit, waiting: Entry
) -> None:
    """A unit's report, a bulk decision under way and a draft of the list of eligible dossiers."""
    report = {
        "edition_id": edition.id,
        "unit_id": unit.id,
        "month": "2025-10",
        "updated_at": NOW,
        "sent_at": NOW,
    }
    session().add(
        UnitReport(**report, events=1, news=2, people=30, figures={}, version=1, sent_by="Đơn vị Thử")
    )
    session().add(
        BulkRun(
            edition_id=edition.id,
            officer_id=everybody.id,
            token=f"luot-{facts.slug}",
            action="claim",
            names=[waiting.code],
            at=NOW,
        )
    )
    session().add(
        EligibleList(
            edition_id=edition.id,
            number=1,
            drafted_by=everybody.id,
            drafted_name="Nguyễn Mọi Quyền",
            drafted_at=NOW,
        )
    )
    session().flush()


def _papers_of(
    edition: EditionView,
    owner: Account,
    published: Entry,
    judges: list[JudgeView],
    sha256: str,
    mark: str,
) -> dict[str, str]:
    """A paper sheet of the first judge, for an entry that the second is not to judge, and one locked for the second."""
    round_key = edition.rules.deciding_round().key
    alone = make_entry(edition, owner, title=TITLE, published=False, code=f"{mark}-K1-0109")
    session().add(RoundEntry(edition_id=edition.id, round=round_key, entry_id=alone.id))
    session().flush()
    assign(edition.id, round_key, [(judges[0].id, alone.id)], Way.HAND, now=NOW)
    scanned = {
        "scan_sha256": sha256,
        "scan_name": "phieu.pdf",
        "scan_type": "application/pdf",
        "scan_size": 10,
    }
    made = {"edition_id": edition.id, "round": round_key, "printed_at": NOW, **scanned}
    waiting = PaperSheet(judge_id=judges[0].id, entry_id=alone.id, code=f"{mark}PHIEU234", **made)
    own = PaperSheet(
        judge_id=judges[1].id, entry_id=published.id, code=f"{mark}PHIEU567", locked_at=NOW, **made
    )
    session().add_all([waiting, own])
    session().flush()
    scores = {one.key: "1" for one in edition.rules.deciding_round().criteria}
    for turn, account_id in enumerate((judges[0].account_id, owner.id), start=1):
        session().add(
            PaperKeying(
                paper_id=own.id, turn=turn, account_id=account_id, scores=scores, is_done=True, at=NOW
            )
        )
    session().flush()
    return {"paper_code": waiting.code, "own_paper_code": own.code}


def _invite(draft: Entry, token: str) -> tuple[str, str]:
    """An author of the draft whom the owner's address was invited for, so that the owner may open the link."""
    author = authors_of([draft.id])[draft.id][0]
    author.account_id = draft.owner_id
    held = AuthorInvitation(
        entry_id=draft.id,
        author_id=author.id,
        email=OWNER,
        email_digest=email_digest(OWNER),
        digest=token_digest(token),
        sent_at=NOW,
        expires_at=NOW + timedelta(days=30),
        asked_again=False,
    )
    session().add(held)
    session().flush()
    return str(author.id), token


def _messages_of(edition: EditionView, owner: Account) -> dict[str, str]:
    """A letter, a calendar and an import of `owner`."""
    values = {"ten_ho_so": TITLE, "dia_chi": "http://localhost/"}
    mail_id = send_letter("entry-accepted", Reader(OWNER, "Tác giả Thử"), values, now=NOW)
    run = start_run(
        edition,
        content=workbook([["01", TITLE, "", "", "Nguyễn Văn Thử", "", "thu@example.vn", ""]]),
        file_name="danh-sach.xlsx",
        owners=Owners.INVITE,
        form_token=token(),
        actor=actor_of(owner),
        now=NOW,
    )
    return {
        "mail_id": str(mail_id),
        "letter": "entry-accepted",
        "import_id": str(run.id),
        "calendar_secret": feed_token(renew_feed(actor=actor_of(owner), now=NOW)),
    }


def _material_of(edition: EditionView, judging: str, entry: Entry) -> tuple[str, str, str]:
    """More is asked of the round's entries, one file came and one is on its way: the dossier's ref, both files."""
    wanted = CallFacts(NOW, NOW + timedelta(days=3650), (QuestionFacts("Trình chiếu"),))
    save_call(edition, judging, wanted, actor=SYSTEM, now=NOW - timedelta(hours=1))
    call = call_of(edition.id, judging)
    assert call is not None
    given = Delivery(files={"q1": [("trinh-chieu.pdf", BytesIO(pdf_bytes()))]})
    owner = session().get_one(Account, (session().tenant_id, entry.owner_id))
    send_material(entry, call, edition, given, actor=actor_of(owner), now=NOW)
    ((sent),) = sent_by(call, entry.id)
    upload = Upload(
        entry_id=entry.id,
        account_id=owner.id,
        place=place_key(judging),
        field="q1",
        name="do-dang.pdf",
        length=1000,
        begun_at=NOW,
        expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    )
    session().add(upload)
    session().flush()
    return entry.ref, str(sent.files[0].id), str(upload.id)


def _council_of(edition: EditionView, round_key: str, member: Account) -> tuple[UUID, UUID]:
    """A council over the open round: the seat of `member`, and a group."""
    facts = CouncilFacts(name="Hội đồng Sinh Đôi", pledge_required=False)
    council = save_council(edition, round_key, facts, actor=SYSTEM, now=NOW)
    ask = select(Seat.id).where(Seat.council_id == council.id, Seat.account_id == member.id)
    group = Group(council_id=council.id, name="Nhóm 1")
    session().add(group)
    session().flush()
    return session().scalars(ask).one(), group.id


def _meeting_of(edition: EditionView, round_key: str, officer: Account) -> None:
    """What the council did together: a draw whose order is open to all, and an open ballot."""
    actor = actor_of(officer)
    attendee = access_council_room(edition, actor, round_key)
    announce(edition, attendee, "", actor=actor, now=NOW)
    make_draw(edition, attendee, 1, "", actor=actor, now=NOW)
    show_to(edition, attendee, 1, "all", actor=actor, now=NOW)
    asked = BallotFacts("Có gia hạn buổi họp không?", "Có\nKhông")
    open_ballot(edition, attendee, asked, form_token=f"bieu-quyet-{edition.tenant}", actor=actor, now=NOW)
    _visit_of(edition, attendee, officer)
    minutes = draft_minutes(edition, attendee, actor=actor, now=NOW)
    file_store().put(file_key(session().tenant_id, SCAN), BytesIO(SCANNED))
    session().add(
        MinutesScan(
            minutes_id=minutes.id,
            sha256=SCAN,
            name="bien-ban.pdf",
            media_type="application/pdf",
            size=len(SCANNED),
            added_at=NOW,
            by_name=officer.name,
        )
    )
    session().flush()


def _fill_blind(facts: TenantFacts, mark: str) -> dict[str, str]:
    """An edition with a blind round, in which everybody's judge reads the approved copy of a file."""
    make_edition(BLIND, prefix=f"{mark}-MU", phases=OPEN, ordinal=2)
    edition = view(TenantFacts(facts.id, facts.slug, BLIND))
    entry = make_entry(edition, _account(OWNER), title=TITLE, published=False, code=f"{mark}-MU-0101")
    everybody = _account(EVERYBODY)
    appoint_judge(edition, everybody.id, actor=SYSTEM, now=NOW)
    judging = edition.rules.deciding_round().key
    open_round(edition, judging, actor=SYSTEM, now=NOW)
    set_blind(edition, judging, [FILE_FIELD], is_on=True, actor=SYSTEM, now=NOW)
    copied = make_attachment(entry, field=FILE_FIELD)
    shown = {
        "title": TITLE,
        "facts": {},
        "files": [
            {
                "field": FILE_FIELD,
                "sha256": copied.sha256,
                "media_type": "application/pdf",
                "size": copied.size,
                "pages": 1,
                "name": f"{entry.code}-tep-1.pdf",
            }
        ],
    }
    session().add(
        BlindDossier(
            edition_id=edition.id,
            round=judging,
            entry_id=entry.id,
            version=entry.version,
            title=TITLE,
            shown=shown,
            approved_by=everybody.id,
            approved_at=NOW,
        )
    )
    session().add(BlindScan(entry_id=entry.id, number=1, state="done", version=entry.version, done_at=NOW))
    ready = {"state": "ready", "sha256": copied.sha256, "media_type": "application/pdf", "size": copied.size}
    session().add(BlindCopy(entry_id=entry.id, attachment_id=copied.id, number=1, pages=1, **ready))
    session().flush()
    return {
        "blind_edition": BLIND,
        "blind_code": entry.code or "",
        "blind_file": "1",
        "blind_page": "1",
        "blind_digest": copied.sha256,
        "blind_file_id": str(copied.id),
    }


def _visit_of(edition: EditionView, attendee: Attendee, officer: Account) -> None:
    """A visit to the entry of the round that was moved once, with a picture."""
    actor, begins = actor_of(officer), NOW + timedelta(hours=1)
    facts = VisitFacts(
        entries_in_round(edition, attendee.round.key)[0].code, begins, "Xã Sinh Đôi", frozenset({officer.id})
    )
    visit = plan_visit(
        edition, attendee, facts, form_token=f"tham-dinh-{edition.tenant}", actor=actor, now=NOW
    )
    session().add(
        VisitMove(
            visit_id=visit.id,
            number=1,
            was_at=NOW + timedelta(minutes=30),
            was_place="Nhà văn hóa",
            reason="Mưa lũ",
            moved_by=officer.id,
            moved_name=officer.name,
            moved_at=NOW,
        )
    )
    session().add(
        VisitFile(
            visit_id=visit.id,
            sha256=SCAN,
            name="tham-dinh.pdf",
            media_type="application/pdf",
            size=len(SCANNED),
            added_at=NOW,
            by_name=officer.name,
        )
    )
    session().flush()


def _fill_published(facts: TenantFacts, mark: str) -> dict[str, str]:
    make_edition(PUBLISHED, prefix=f"{mark}-K0", phases=OPEN, ordinal=0)
    judged = judge_edition(TenantFacts(facts.id, facts.slug, PUBLISHED))
    _talk_about(judged)
    computation = computed(judged)
    decide(judged, computation)
    publication = publish(judged.edition, actor=OFFICER, now=LATER)
    return {
        "published_edition": PUBLISHED,
        "published_code": judged.codes[0],
        "bundle_sha256": publication.bundle_sha256,
        "computation": str(computation.number),
    }


def _talk_about(judged: Judged) -> None:
    """An open deliberation of the first dossier."""
    round_key = judged.edition.rules.deciding_round().key
    attendee = access_council_room(judged.edition, OFFICER, round_key)
    place = access_room_entry(judged.edition, OFFICER, attendee, judged.codes[0])
    open_deliberation(judged.edition, place, Scope.ENTRY.value, "", actor=OFFICER, now=LATER)


def _fill_contents(facts: TenantFacts) -> dict[str, str]:
    key = f"tin-{facts.slug}"
    words = {"vi": "Lễ phát động", "en": "Launch"}
    html = {"vi": "<p>Lễ phát động.</p>", "en": "<p>Launch.</p>"}
    at = datetime.combine(date(2025, 10, 1), datetime.min.time(), UTC)
    data = {"source": None, "month_only": False}
    session().add(Content(kind="news", key=key, title=words, body=words, html=html, data=data, at=at))
    session().add(Content(kind="page", key="lien-he", title=words, body=words, html=html, data={}, at=at))
    return {"news": key}


def _draw_emblem(facts: TenantFacts) -> None:
    tenant = (
        session().scalars(select(Tenant).where(Tenant.id == facts.id), execution_options=ALL_TENANTS).one()
    )
    tenant.profile = {
        **tenant.profile,
        "emblem": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>',
    }


def _ready_copy(account: Account) -> PersonalExport:
    content = b"PK " + account.tenant_id.bytes
    digest, size = sha256(content).hexdigest(), len(content)
    file_store().put(file_key(account.tenant_id, digest), BytesIO(content))
    until = datetime(2099, 1, 1, tzinfo=UTC)
    copy = PersonalExport(
        account_id=account.id,
        state="ready",
        asked_at=NOW,
        ready_at=NOW,
        expires_at=until,
        sha256=digest,
        size=size,
    )
    session().add(copy)
    session().flush()
    return copy


def _receipt_of(entry: Entry) -> str:
    return session().scalars(select(EntryVersion.receipt).where(EntryVersion.entry_id == entry.id)).one()


def _hand_in_with(entry: Entry, held: Attachment) -> None:
    """Let the version of `entry` name a file."""
    version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
    parts = ("field", "name", "sha256", "size", "media_type")
    version.snapshot = {**version.snapshot, "files": [{part: getattr(held, part) for part in parts}]}


def _account(email: str) -> Account:
    return session().scalars(select(Account).where(Account.email == email)).one()
