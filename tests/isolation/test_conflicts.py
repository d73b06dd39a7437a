"""Who has a conflict with a dossier finds nothing of it: every address that reads, asked as judge, officer and chair.

The same walk by people without a conflict must find it, so that what could leak is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode
from zipfile import BadZipFile, ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.models import Attachment, Entry, EntryVersion
from core.entries.screening.models import SimilarPair
from core.judging.conflict_values import Kind
from core.judging.council_models import Council, Group, Seat
from core.judging.council_room import access_council_room
from core.judging.deliberation_policies import access_room_entry
from core.judging.deliberation_values import Scope
from core.judging.meeting.ballot_facts import BallotFacts
from core.judging.meeting.ballots import open_ballot
from core.judging.meeting.draws import announce, make_draw
from core.judging.meeting.minutes import SectionText, save_section
from core.judging.meeting.minutes_drafting import bring_up_to_date
from core.judging.meeting.visits import VisitFacts, plan_visit
from core.judging.models import Judge, Sheet
from core.judging.paper_models import PaperSheet
from core.judging.plan_models import PlanProposal, RoundSetup
from core.judging.policies import access_sheet
from core.judging.services import (
    appoint_judge,
    declare,
    lock_sheet,
    open_deliberation,
    open_round,
    planning,
    save_scores,
)
from core.judging.setups import Assigned, Setup
from core.kernel import audit
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import session, tenant_scope
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import Mail
from core.letters.post import Reader, send_letter
from core.people.models import Account
from core.privacy.models import DossierOpening
from core.voting.services import cast_vote
from tests.isolation.test_urls import address, known
from tests.support import handbook
from tests.support.app import client_of
from tests.support.entries import make_attachment, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.judging import edit_by_hand, lock
from tests.support.people import sign_in
from tests.support.plugins import enable, installed
from tests.support.urls import Twin, Twins, build_twins

TITLE = "Qwzxkjv lò sấy bí mật"
AUTHOR = "Vũ Wzyxqq Tác Giả"
CODE = "MO-K1-7741"
REF = "qzwxvkjqhb"
PAPER = "MPHIEU7741"
SECRETS = (TITLE, "Qwzxkjv", AUTHOR, "Wzyxqq", CODE, REF)
CONFLICTED = ("cb-lien-quan@example.vn", "gk-lien-quan@example.vn", "ct-lien-quan@example.vn")
FREE = ("cb-ngoai@example.vn", "gk-ngoai@example.vn", "ct-ngoai@example.vn")
ROLES = ([Role.COMMITTEE], [Role.JUDGE], [Role.COMMITTEE, Role.JUDGE])
SEARCHES = ("q", "ma", "tim", "mo")
COUNCIL_PAGES = (
    "/hoi-dong/hoi_dong/chenh-lech?tat-ca=1", f"/hoi-dong/hoi_dong/chenh-lech/{CODE}/mo",
    *(f"/hoi-dong/hoi_dong/thao-luan/{CODE}{part}" for part in ("", "/dang-xem", "/luong", "/sua-diem")),
)  # fmt: skip
SEARCH_PAGES = (
    "/btc/ho-so", "/btc/ho-so/xuat.csv", "/btc/ho-so/xuat.xlsx", "/btc/ban-giay", "/btc/ban-giay/tim", "/btc/thu",
    "/btc/cham-thi/xung-dot", "/btc/binh-chon/phieu", "/btc/don-vi", "/btc/don-vi/chua-gan", "/btc/tai-khoan/",
)  # fmt: skip


@pytest.fixture
def twins(world: World) -> Iterator[Twins]:
    """Both tenants filled, and in the first a dossier with unmistakable words that six people stand around."""
    with conflicted_twins(world) as made:
        yield made


@contextmanager
def conflicted_twins(world: World) -> Iterator[Twins]:
    """What the fixture above is, for other files of such tests."""
    with installed(handbook.plugin):
        with world.app.app_context():
            enable(world.first, handbook.NAME)
            enable(world.second, handbook.NAME)
        made = build_twins(world)
        with world.app.app_context(), tenant_scope(world.first.id) as current:
            _fill(view(world.first))
            current.commit()
        with world.app.app_context():
            run_due_jobs()
        yield made


def test_who_has_a_conflict_finds_nothing_of_the_dossier(twins: Twins) -> None:
    wrong = []
    for email in CONFLICTED:
        for path, status, told in _walk(twins, email):
            if told or status >= 500:
                wrong.append(f"{email} {path}: {status} {told}")
    assert not wrong, "\n".join(wrong)


def test_who_has_none_finds_it_in_each_place(twins: Twins) -> None:
    """The places where the dossier does stand for others: each must be among those the walk above went through."""
    seen: dict[str, set[str]] = {email: set() for email in FREE}
    for email in FREE:
        for path, status, told in _walk(twins, email):
            assert status < 500, path
            if told:
                seen[email].add(re.sub(r"[?].*|[0-9a-f-]{36}", "", path))
    officer, judge, _chair = (seen[email] for email in FREE)
    assert len(officer) >= 17, sorted(officer)
    for place in (
        "/btc/", "/btc/ho-so", f"/btc/ho-so/{CODE}", "/btc/ho-so/xuat.csv", "/btc/ho-so/xuat.xlsx", "/btc/ban-giay",
        f"/btc/ban-giay/{CODE}", "/btc/thu", "/btc/ho-so/danh-sach", "/btc/cham-thi/vong/hoi_dong",
        "/btc/cham-thi/xung-dot", "/btc/cham-thi/vong/hoi_dong/phan-cong", "/btc/binh-chon", f"/btc/ho-so/{CODE}/ban/1",
        *(f"/hoi-dong/hoi_dong/{one}" for one in (
            "boc-tham/2", "boc-tham/2/tinh-lai.py", "bieu-quyet", "bieu-quyet/2", "tham-dinh", "tham-dinh/2",
            "bien-ban/1",
        )),
        "/hoi-dong/hoi_dong/xep-hang", "/hoi-dong/hoi_dong/xep-hang.csv", "/hoi-dong/hoi_dong/xep-hang.xlsx",
        "/btc/cham-thi/doi-chieu-nhat-ky", "/hoi-dong/hoi_dong/thong-ke",
        "/hoi-dong/hoi_dong/phieu-giay", f"/hoi-dong/hoi_dong/phieu-giay/{PAPER}",
    ):  # fmt: skip
        assert place in officer, (place, sorted(officer))
    assert {"/cham-thi/", f"/cham-thi/hoi_dong/{CODE}", "/cham-thi/hoi_dong/lien-quan"} <= judge, sorted(
        judge
    )
    talks = {"/hoi-dong/hoi_dong/chenh-lech", f"/hoi-dong/hoi_dong/thao-luan/{CODE}"}
    assert talks <= officer & judge, (sorted(officer), sorted(judge))


def test_the_page_says_how_many_are_left_out_and_not_which(twins: Twins) -> None:
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, CONFLICTED[0])

    page = client.get("/btc/ho-so").text

    assert "1 hồ sơ không hiện vì bạn có liên quan." in page


def test_files_of_the_dossier_are_closed_too(twins: Twins) -> None:
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        file_id = session().scalars(select(Attachment.id).where(Attachment.entry_id == entry.id)).first()
    codes = {}
    for email in (*CONFLICTED, *FREE):
        client = client_of(twins.app, twins.first.facts.slug)
        sign_in(client, email)
        codes[email] = client.get(f"/du-thi/tep/{file_id}", buffered=True).status_code

    assert [codes[one] for one in CONFLICTED] == [404, 404, 404]
    assert all(codes[one] in (200, 302, 303) for one in FREE), codes


def test_what_is_written_does_not_reach_it_either(twins: Twins) -> None:
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, CONFLICTED[2])

    answers = [
        client.post(path, data=form)
        for path, form in (
            (f"/btc/ho-so/{CODE}/xet", {"do": "return", "reason": "Thử"}),
            (f"/btc/ho-so/{CODE}/nhan", {"do": "claim"}),
            (f"/btc/ban-giay/{CODE}", {"arrived_on": "2025-11-10", "way": "post"}),
            (f"/cham-thi/hoi_dong/{CODE}", {"revision": "0"}),
            ("/btc/ho-so/hang-loat", {"do": "accept", "tat-ca-dang-loc": "1"}),
        )
    ]

    assert all(answer.status_code in (200, 303, 404, 405) for answer in answers)
    assert [answer.status_code for answer in answers][:4] == [404, 404, 404, 404]
    told = [_told(answer.data, answer.request.path) for answer in answers]
    assert told == [[]] * 5


def test_the_owner_sees_his_own_dossier_as_entrant_though_he_is_an_officer(twins: Twins) -> None:
    with twins.app.app_context(), tenant_scope(twins.first.facts.id) as current:
        officer = session().scalars(select(Account).where(Account.email == CONFLICTED[0])).one()
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        entry.owner_id = officer.id
        current.commit()
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, CONFLICTED[0])

    assert TITLE in client.get(f"/du-thi/{REF}").text
    assert client.get(f"/btc/ho-so/{CODE}").status_code == 404


def _fill(edition: EditionView) -> None:
    owner = session().scalars(select(Account).where(Account.email == "tacgia@example.vn")).one()
    entry = make_entry(edition, owner, title=TITLE, code=CODE, authors=((AUTHOR, "chief", 1980),))
    entry.ref = REF
    entry.folded = entry.folded + " qwzxkjv"
    other = session().scalars(select(Entry).where(Entry.code != CODE, Entry.version > 0)).first()
    assert other is not None
    kept = make_attachment(entry, name="qwzxkjv-bi-mat.pdf", content=b"%PDF-1.7 qwzxkjv")
    version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
    version.snapshot = {
        **version.snapshot,
        "files": [{part: getattr(kept, part) for part in ("field", "name", "sha256", "size", "media_type")}],
    }
    first, second = sorted((entry.id, other.id))
    session().add(SimilarPair(first_id=first, second_id=second, text_percent=90, title_percent=90, at=NOW))
    send_letter(
        "entry-accepted",
        Reader("thu-qwz@example.vn", AUTHOR),
        {"ten_ho_so": TITLE, "dia_chi": "http://localhost/"},
        about=CODE,
        now=NOW,
    )
    audit.append("entry.accepted", CODE, {}, actor=SYSTEM, now=NOW)
    people = {}
    for email, roles in zip((*CONFLICTED, *FREE), (*ROLES, *ROLES), strict=True):
        people[email] = make_account(email, name=f"Người {email.split('@')[0]}", roles=roles)
    session().add(
        DossierOpening(
            entry_id=entry.id,
            account_id=people[FREE[0]].id,
            role="committee",
            what="dossier",
            hour=NOW,
            at=NOW,
        )
    )
    voter = make_account("nguoi-bau@example.vn", name="Người Bầu")
    cast_vote(edition, entry, voter=actor_of(voter), now=NOW, address="203.0.113.9")
    for kind in (
        PlanProposal,
        RoundSetup,
        Group,
        Seat,
        Council,
    ):  # of the twins: here everybody judges everything
        session().execute(delete(kind))
    session().expire_all()
    judging = edition.rules.deciding_round().key
    open_round(edition, judging, actor=SYSTEM, now=NOW)
    for email in (CONFLICTED[1], CONFLICTED[2], FREE[1], FREE[2]):
        appoint_judge(edition, people[email].id, actor=SYSTEM, now=NOW)
    _talk_about(edition, judging, people)
    for email in CONFLICTED:
        declare([entry], [Kind.FAMILY.value], "", actor=actor_of(people[email]), now=NOW)
    planning.save_setup(edition, judging, Setup(way=Assigned.PLAN, k=1), actor=SYSTEM, now=NOW)
    planning.propose(edition, judging, actor=SYSTEM, now=NOW)
    _meet(edition, judging, people[FREE[0]], people[FREE[1]])
    assert authors_of([entry.id])[entry.id]
    lock(edition, entry)
    judge_id = (
        session().scalars(select(Judge.id).where(Judge.number == "J1", Judge.edition_id == edition.id)).one()
    )
    of_first = select(Sheet).where(Sheet.entry_id == entry.id, Sheet.judge_id == judge_id)
    edit_by_hand(session().scalars(of_first).one())
    paper = {"edition_id": edition.id, "round": judging, "judge_id": judge_id, "printed_at": NOW}
    session().add(PaperSheet(entry_id=entry.id, code=PAPER, **paper))
    session().flush()


def _talk_about(edition: EditionView, judging: str, people: Mapping[str, Account]) -> None:
    """Two who have no conflict lock their sheets, and the officer opens a deliberation: points that could leak."""
    for email in FREE[1:]:
        actor = actor_of(people[email])
        place = access_sheet(edition, actor, judging, CODE)
        given = {one.key: one.maximum for one in place.round.criteria}
        saved = save_scores(edition, place, given, "Qwzxkjv nhận xét", 0, actor=actor, now=NOW)
        lock_sheet(edition, place, saved.sheet.revision, actor=actor, now=NOW)
    officer = actor_of(people[FREE[0]])
    room = access_room_entry(edition, officer, access_council_room(edition, officer, judging), CODE)
    open_deliberation(edition, room, Scope.COUNCIL.value, "Chưa đủ phiếu", actor=officer, now=NOW)


def _meet(edition: EditionView, round_key: str, officer: Account, judge: Account) -> None:
    """What the council did together about the dossier: drawn, put to the vote, visited, and all of it in minutes."""
    actor = actor_of(officer)
    who = access_council_room(edition, actor, round_key)
    announce(edition, who, "", reason="Thêm hồ sơ", actor=actor, now=NOW)
    make_draw(edition, who, 2, "", actor=actor, now=NOW)
    asked = BallotFacts(f"Có xét lại {CODE} không?", "Có\nKhông")
    open_ballot(edition, who, asked, form_token="mo-hai", actor=actor, now=NOW)
    facts = VisitFacts(CODE, NOW + timedelta(hours=1), "Xưởng", frozenset({judge.id}))
    plan_visit(edition, who, facts, form_token="mo-ba", actor=actor, now=NOW)
    bring_up_to_date(edition, who, 1, actor=actor, now=NOW)
    typed = SectionText("conclusion", f"Khen {TITLE} của {AUTHOR}.\nHọp xong.", 0)
    save_section(edition, who, 1, typed, actor=actor, now=NOW)


def _walk(twins: Twins, email: str) -> Iterator[tuple[str, int, list[str]]]:
    """Every address that reads, of the twin's own things and with the dossier in the place of each of them."""
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, email)
    for path in _paths(twins.app, twins.first, twins):
        answer = client.get(path, buffered=True)
        client.delete_cookie("ky", domain=str(client.environ_base["HTTP_HOST"]))
        if _is_public(client, path):
            continue
        yield path, answer.status_code, _told(answer.data, path)


def _paths(app: Flask, twin: Twin, twins: Twins) -> list[str]:
    named = {
        "entry_code": CODE, "waiting_code": CODE, "submitted_ref": REF, "draft_ref": REF,
        **_things(twins),
    }  # fmt: skip
    of_it = Twin(twin.facts, {**twin.names, **named})
    paths = []
    for rule, method in known(app):
        if method != "GET" or rule.endpoint in {"people.sign_out"}:
            continue
        paths += [address(rule, twin), address(rule, of_it)]
    paths += COUNCIL_PAGES
    for page in SEARCH_PAGES:
        paths += [f"{page}?trang-thai=tat-ca", f"{page}?trang-thai=tat-ca&q=qwzxkjv"]
        for key in SEARCHES:
            paths += [f"{page}?{urlencode({key: word})}" for word in ("Qwzxkjv", "Wzyxqq", CODE)]
    return list(dict.fromkeys(paths))


def _things(twins: Twins) -> dict[str, str]:
    """Names of what hangs on the dossier, for addresses that name such a thing."""
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
        kept = session().scalars(select(Attachment).where(Attachment.entry_id == entry.id)).first()
        mail = session().scalars(select(Mail.id).where(Mail.about == CODE)).first()
        assert kept is not None
        return {
            "entry_receipt": version.receipt,
            "private_file_id": str(kept.id),
            "private_sha256": kept.sha256,
            "mail_id": str(mail),
            "draw_number": "2",
            "ballot_number": "2",
            "visit_number": "2",
            "paper_code": PAPER,
            "own_paper_code": PAPER,
        }


def _is_public(client: FlaskClient, path: str) -> bool:
    """What everybody may read, a stranger too, is no secret: the gallery of what was published."""
    return not path.startswith(("/btc", "/cham-thi", "/hoi-dong", "/du-thi/tep", "/p/", "/tai-khoan"))


def _told(body: bytes, path: str) -> list[str]:
    """Which of the secrets stand in the answer and were not asked with; workbooks are opened."""
    text = body.decode("utf-8", "replace")
    if body[:2] == b"PK":
        try:
            with ZipFile(BytesIO(body)) as archive:
                text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        except BadZipFile:
            pass
    return [one for one in SECRETS if one in text and one not in path and _quoted(one) not in path]


def _quoted(word: str) -> str:
    return urlencode({"": word})[1:]
