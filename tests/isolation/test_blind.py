"""A judge of a blind round finds nothing of who the authors are: every address that reads, with data that could leak.

Names, units, workplaces, telephone and mail stand in the title, in answers and tables, in new material, in file names,
in the text and the properties of files, Word and Excel too. The same walk while the round is not blind must find them,
so that what could leak is there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from zipfile import BadZipFile, ZipFile

import pytest
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from core.contests.values import EditionView
from core.entries.models import Attachment, Entry, EntryVersion
from core.judging.blind_models import BlindDossier
from core.judging.council_models import Council, Group, Seat
from core.judging.council_room import access_council_room
from core.judging.deliberation_policies import access_room_entry
from core.judging.deliberation_values import Scope
from core.judging.material_models import MaterialFile
from core.judging.meeting.ballot_facts import BallotFacts
from core.judging.meeting.ballots import close, open_ballot
from core.judging.meeting.draws import announce, make_draw, scopes_of
from core.judging.meeting.minutes_drafting import bring_up_to_date
from core.judging.models import Assignment, Sheet
from core.judging.paper_models import PaperSheet
from core.judging.plan_models import PlanProposal, RoundSetup
from core.judging.policies import access_judge, access_sheet
from core.judging.seats import SeatRole
from core.judging.services import (
    CouncilFacts,
    appoint_judge,
    change_role,
    lock_sheet,
    open_deliberation,
    open_round,
    save_council,
    save_scores,
)
from core.judging.text_copies import WORD, WORKBOOK
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import session, tenant_scope
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import Mail
from tests.isolation.test_urls import address, known
from tests.support import handbook
from tests.support.app import client_of
from tests.support.blind import (
    AUTHOR,
    SECRETS,
    approve_all,
    look_through,
    make_blind,
    make_telling_entry,
    send_telling_material,
    telling_pdf,
)
from tests.support.entries import account, make_attachment
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.office_files import telling_word, telling_workbook
from tests.support.people import sign_in
from tests.support.plugins import enable, installed
from tests.support.urls import Twin, Twins, build_twins

CODE, REF = "MO-K1-7742", "qzwxvkblnd"
JUDGE = "gk-an-danh@example.vn"
ROUND = "hoi_dong"


@pytest.fixture
def twins(world: World) -> Iterator[Twins]:
    """Both tenants filled; in the first a dossier that tells its authors everywhere, and a judge who is to judge it."""
    with installed(handbook.plugin):
        with world.app.app_context():
            enable(world.first, handbook.NAME)
            enable(world.second, handbook.NAME)
        made = build_twins(world)
        with world.app.app_context(), tenant_scope(world.first.id) as current:
            edition = view(world.first)
            entry = make_telling_entry(edition, code=CODE)
            entry.ref = REF
            for name, content, media_type in (
                ("wzyxqq.docx", telling_word(AUTHOR), WORD),
                ("wzyxqq.xlsx", telling_workbook(AUTHOR), WORKBOOK),
            ):
                make_attachment(
                    entry, field="tep_thuyet_minh", name=name, content=content, media_type=media_type
                )
            for kind in (PlanProposal, RoundSetup, Group, Seat, Council):  # everybody judges everything
                session().execute(delete(kind))
            session().expire_all()
            judge = make_account(JUDGE, name="Giám khảo Thử", roles=[Role.JUDGE])
            open_round(edition, ROUND, actor=SYSTEM, now=NOW)
            appoint_judge(edition, judge.id, actor=SYSTEM, now=NOW)
            send_telling_material(edition, entry, ROUND)
            session().execute(
                delete(Mail)
            )  # a demo shows every letter to everybody, and no other installation does
            assert session().scalars(select(Assignment).where(Assignment.entry_id == entry.id)).first()
            current.commit()
        with world.app.app_context():
            run_due_jobs()
        yield made


def test_while_the_round_is_not_blind_the_walk_finds_the_authors(twins: Twins) -> None:
    seen = {path for path, _status, told in walk(twins) if told}

    assert {
        f"/cham-thi/{ROUND}/{CODE}",
        "/cham-thi/",
        f"/cham-thi/{ROUND}/lien-quan",
        *originals(twins),
    } <= seen


def test_before_anything_is_approved_a_judge_finds_no_trace_of_the_dossier(twins: Twins) -> None:
    with twins.app.app_context(), tenant_scope(twins.first.facts.id) as current:
        make_blind(view(twins.first.facts), ROUND)
        current.commit()

    wrong = [f"{path}: {status} {told}" for path, status, told in walk(twins) if told or status >= 500]

    assert not wrong, "\n".join(wrong)


def test_what_is_approved_tells_nothing_wherever_it_is_read(twins: Twins) -> None:
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        edition = view(twins.first.facts)
        make_blind(edition, ROUND)
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        look_through(entry)
        approve_all(edition, entry, ROUND)
        session().commit()

    found = list(walk(twins))

    wrong = [f"{path}: {status} {told}" for path, status, told in found if told or status >= 500]
    assert not wrong, "\n".join(wrong)
    fine = {path for path, status, _told in found if status == 200}
    assert {
        f"/cham-thi/{ROUND}/{CODE}",
        *(f"/cham-thi/{ROUND}/{CODE}/tep/{one}" for one in range(1, 7)),
    } <= fine
    assert {one for one in copy_pages(twins) if one in fine} == set(copy_pages(twins))
    assert len(copy_pages(twins)) == 6
    assert {path: status for path, status, _told in found if path in originals(twins)} == dict.fromkeys(
        originals(twins), 404
    )


def test_new_material_that_came_after_the_approval_is_shown_to_no_judge(twins: Twins) -> None:
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        edition = view(twins.first.facts)
        make_blind(edition, ROUND)
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        look_through(entry)
        approve_all(edition, entry, ROUND)
        session().commit()
    pages = copy_pages(twins)
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        send_telling_material(view(twins.first.facts), entry, ROUND, pdf=telling_pdf("Bản mới của Wzyxqq"))
        session().execute(delete(Mail))
        session().commit()

    found = list(walk(twins))

    wrong = [f"{path}: {status} {told}" for path, status, told in found if told or status >= 500]
    assert not wrong, "\n".join(wrong)
    files = {
        path: status for path, status, _told in found if path.startswith(f"/cham-thi/{ROUND}/{CODE}/tep/")
    }
    assert [files[f"/cham-thi/{ROUND}/{CODE}/tep/{one}"] for one in range(1, 7)] == [200] * 4 + [404] * 2
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, JUDGE)
    assert sorted(client.get(one).status_code for one in pages) == [200] * 4 + [404] * 2


def test_who_leads_the_council_of_a_blind_round_finds_nothing_either(twins: Twins) -> None:
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        edition = view(twins.first.facts)
        _ask_about_it(edition, "before-it-is-blind")
        make_blind(edition, ROUND)
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        look_through(entry)
        approve_all(edition, entry, ROUND)
        _lead_and_meet(edition, entry)
        session().commit()

    found = list(walk(twins))

    wrong = [f"{path}: {status} {told}" for path, status, told in found if told or status >= 500]
    assert not wrong, "\n".join(wrong)
    fine = {path for path, status, _told in found if status == 200}
    assert {
        f"/hoi-dong/{ROUND}/{one}"
        for one in (
            "chenh-lech",
            f"thao-luan/{CODE}",
            "xep-hang",
            "thong-ke",
            "phieu-giay",
            "bien-ban/1",
            "boc-tham/2",
            "bieu-quyet/2",
            "bieu-quyet/3",
        )
    } <= fine


def _ask_about_it(edition: EditionView, form_token: str) -> None:
    """An officer puts to the vote whether the dossier wins, by its code."""
    officer = actor_of(account("btc@example.vn"))
    attendee = access_council_room(edition, officer, ROUND)
    facts = BallotFacts("Chọn hồ sơ nào?", f"{CODE}\nKhông chọn hồ sơ nào", is_secret=False)
    open_ballot(edition, attendee, facts, form_token=form_token, actor=officer, now=NOW)


def _lead_and_meet(edition: EditionView, entry: Entry) -> None:
    """The judge is the chair, has no sheet left to lock, and the council has done all it does about the dossier."""
    save_council(edition, ROUND, CouncilFacts(pledge_required=False), actor=SYSTEM, now=NOW)
    chair = actor_of(account(JUDGE))
    seat = session().scalars(select(Seat).where(Seat.account_id == chair.id)).one()
    change_role(edition, ROUND, seat.id, SeatRole.CHAIR, actor=SYSTEM, now=NOW)
    judge = access_judge(edition, chair)
    for other in session().scalars(select(Assignment).where(Assignment.judge_id == judge.id)):
        if other.entry_id != entry.id:
            blank = {"edition_id": edition.id, "judge_id": judge.id, "round": ROUND, "updated_at": NOW}
            final = {"state": "abstained", "reason": "Bận", "final_at": NOW}
            session().add(Sheet(entry_id=other.entry_id, **final, **blank))
    session().flush()
    for actor, share in ((chair, 1), (actor_of(account("giamkhao@example.vn")), Decimal("0.5"))):
        place = access_sheet(edition, actor, ROUND, CODE)
        given = {one.key: one.maximum * share for one in place.round.criteria}
        saved = save_scores(edition, place, given, "", 0, actor=actor, now=NOW)
        lock_sheet(edition, place, saved.sheet.revision, actor=actor, now=NOW)
    attendee = access_council_room(edition, chair, ROUND)
    room = access_room_entry(edition, chair, attendee, CODE)
    open_deliberation(edition, room, Scope.ENTRY.value, "Điểm cách nhau xa", actor=chair, now=NOW)
    draw = announce(
        edition, attendee, scopes_of(edition, ROUND)[0].key, reason="Thêm hồ sơ", actor=chair, now=NOW
    )
    make_draw(edition, attendee, draw.number, "", actor=chair, now=NOW)
    _ask_about_it(edition, "while-it-is-blind")
    close(edition, attendee, 2, actor=chair, now=NOW)
    paper = {"edition_id": edition.id, "round": ROUND, "judge_id": judge.id, "printed_at": NOW}
    session().add(PaperSheet(entry_id=entry.id, code="wzpaper01", **paper))
    bring_up_to_date(edition, attendee, 1, actor=chair, now=NOW)


def test_addresses_of_copies_that_are_not_his_do_not_exist(twins: Twins) -> None:
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, JUDGE)

    answers = [client.get(f"/cham-thi/{ROUND}/{code}/tep/1").status_code for code in (CODE, "KHONG-CO")]

    assert answers == [404, 404]


def walk(twins: Twins) -> Iterator[tuple[str, int, list[str]]]:
    """Every address that reads, as the judge, of the twin's own things and with the dossier in the place of each."""
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, JUDGE)
    for path in paths(twins):
        answer = client.get(path, buffered=True)
        client.delete_cookie("ky", domain=str(client.environ_base["HTTP_HOST"]))
        yield path, answer.status_code, told_in(answer)


def paths(twins: Twins) -> list[str]:
    of_it = {
        **twins.first.names, "entry_code": CODE, "waiting_code": CODE, "blind_code": CODE, "submitted_ref": REF,
        "draft_ref": REF, "published_code": CODE, "paper_code": "wzpaper01", "own_paper_code": "wzpaper01",
        "draw_number": "2", "minutes_number": "1", **things(twins),
    }  # fmt: skip
    found = []
    for rule, method in known(twins.app):
        if (
            rule.endpoint == "affiliations.own"
        ):  # a list of all units of the tenant, whoever hands in for them
            continue
        if method == "GET" and rule.endpoint != "people.sign_out":
            found += [address(rule, twin) for twin in (twins.first, Twin(twins.first.facts, of_it))]
    found += [path.partition("?")[0] for path in found]
    for page in ("/cham-thi/", "/bai-du-thi", "/"):
        found += [f"{page}?q=Wzyxqq", f"{page}?vong={ROUND}", f"{page}?ma={CODE}"]
    found += [f"/cham-thi/{ROUND}/{CODE}/tep/{number}" for number in range(1, 9)]
    found += copy_pages(twins)
    found += [f"/hoi-dong/{ROUND}/bieu-quyet/{number}" for number in (2, 3)]
    return list(dict.fromkeys([*found, *originals(twins)]))


def originals(twins: Twins) -> list[str]:
    """The addresses of the dossier's own files."""
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        ids = session().scalars(select(Attachment.id).where(Attachment.entry_id == entry.id))
        sent = session().scalars(select(MaterialFile.id).where(MaterialFile.entry_id == entry.id))
        return [
            *(f"/du-thi/tep/{one}" for one in ids),
            *(f"/du-thi/tai-lieu-bo-sung/tep/{one}" for one in sent),
        ]


def copy_pages(twins: Twins) -> list[str]:
    """The addresses of the first pages of all that was approved."""
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        approved = session().scalars(select(BlindDossier).where(BlindDossier.entry_id == entry.id)).first()
        shown = {} if approved is None else approved.shown
        digests = [one["sha256"] for one in shown.get("files", ())]
        digests += [
            file["sha256"] for one in shown.get("material", {}).get("answers", ()) for file in one["files"]
        ]
        return [f"/cham-thi/{ROUND}/{CODE}/ban/{one}/trang/1" for one in digests]


def things(twins: Twins) -> dict[str, str]:
    """Names of what hangs on the dossier, for addresses that name such a thing."""
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
        kept = session().scalars(select(Attachment).where(Attachment.entry_id == entry.id)).first()
        sent = session().scalars(select(MaterialFile).where(MaterialFile.entry_id == entry.id)).first()
        assert kept is not None
        assert sent is not None
        return {
            "entry_receipt": version.receipt,
            "private_file_id": str(kept.id),
            "private_sha256": kept.sha256,
            "blind_file_id": str(kept.id),
            "blind_digest": kept.sha256,
            "material_file_id": str(sent.id),
            "finalist_ref": REF,
        }


def told_in(answer: TestResponse) -> list[str]:
    """Which secrets stand in an answer that were not asked with: body, heads, and what is inside of files."""
    if answer.status_code in (301, 302, 303) and "/du-thi/tep/" in answer.headers.get("Location", ""):
        return ["a way to the original"]
    words = f"{answer.headers}\n{inside(answer.data)}"
    return [one for one in SECRETS if one in words and one not in answer.request.url]


def inside(body: bytes) -> str:
    """The words of an answer, of a PDF with its properties, or of each part of an archive."""
    if body[:5] == b"%PDF-":
        try:
            reader = PdfReader(io.BytesIO(body))
            return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
        except PyPdfError:
            return body.decode("latin-1")
    if body[:2] == b"PK":
        try:
            with ZipFile(io.BytesIO(body)) as archive:
                return "".join(inside(archive.read(name)) + name for name in archive.namelist())
        except BadZipFile:
            return ""
    return body.decode("utf-8", "replace")
