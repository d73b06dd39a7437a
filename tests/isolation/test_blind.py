"""A judge of a blind round finds nothing of who the authors are: every address that reads, with data that could leak.

Names, units, workplaces, telephone and mail stand in the title, in answers and tables, in file names, in the text and
the properties of files. The same walk while the round is not blind must find them, so that what could leak is there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

import pytest
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from core.entries.models import Attachment, Entry, EntryVersion
from core.judging.council_models import Council, Group, Seat
from core.judging.models import Assignment
from core.judging.plan_models import PlanProposal, RoundSetup
from core.judging.services import appoint_judge, open_round
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import session, tenant_scope
from core.kernel.jobs import run_due_jobs
from tests.isolation.test_urls import address, known
from tests.support import handbook
from tests.support.app import client_of
from tests.support.blind import SECRETS, approve_all, look_through, make_blind, make_telling_entry
from tests.support.factories import NOW, World, make_account, view
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
            for kind in (PlanProposal, RoundSetup, Group, Seat, Council):  # everybody judges everything
                session().execute(delete(kind))
            session().expire_all()
            judge = make_account(JUDGE, name="Giám khảo Thử", roles=[Role.JUDGE])
            open_round(edition, ROUND, actor=SYSTEM, now=NOW)
            appoint_judge(edition, judge.id, actor=SYSTEM, now=NOW)
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
    assert {f"/cham-thi/{ROUND}/{CODE}", *(f"/cham-thi/{ROUND}/{CODE}/tep/{one}" for one in (1, 2))} <= fine
    assert {path: status for path, status, _told in found if path in originals(twins)} == dict.fromkeys(
        originals(twins), 404
    )


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
        "draft_ref": REF, **things(twins),
    }  # fmt: skip
    found = []
    for rule, method in known(twins.app):
        if method == "GET" and rule.endpoint != "people.sign_out":
            found += [address(rule, twin) for twin in (twins.first, Twin(twins.first.facts, of_it))]
    found += [path.partition("?")[0] for path in found]
    for page in ("/cham-thi/", "/bai-du-thi", "/"):
        found += [f"{page}?q=Wzyxqq", f"{page}?vong={ROUND}", f"{page}?ma={CODE}"]
    found += [f"/cham-thi/{ROUND}/{CODE}/tep/{number}" for number in (1, 2, 3)]
    return list(dict.fromkeys([*found, *originals(twins)]))


def originals(twins: Twins) -> list[str]:
    """The addresses of the dossier's own files."""
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        ids = session().scalars(select(Attachment.id).where(Attachment.entry_id == entry.id))
        return [f"/du-thi/tep/{one}" for one in ids]


def things(twins: Twins) -> dict[str, str]:
    """Names of what hangs on the dossier, for addresses that name such a thing."""
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
        kept = session().scalars(select(Attachment).where(Attachment.entry_id == entry.id)).first()
        assert kept is not None
        return {
            "entry_receipt": version.receipt,
            "private_file_id": str(kept.id),
            "private_sha256": kept.sha256,
            "blind_file_id": str(kept.id),
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
