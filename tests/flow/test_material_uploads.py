"""New material in pieces, through HTTP: where it lands, whose it is, the end in the middle, what is refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core.entries.content import authors_of
from core.entries.deadlines import exact
from core.entries.models import Attachment, Entry, Upload
from core.entries.rights import Right
from core.entries.services import set_right
from core.judging.material import Asked, call_of, receipts_of
from core.judging.material_models import MaterialFile
from core.judging.services.material_asking import CallFacts, QuestionFacts, save_call
from core.judging.services.material_receipts import QUIET
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.jobs import Job, run_due_jobs
from core.kernel.mail import Mail
from tests.flow.test_entries_way import client_for, text_of
from tests.support.app import client_of
from tests.support.authors import INVITED, co_author
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import NOW, World, actor_of, set_clock
from tests.support.judging import JUDGE, ROUND, make_round
from tests.support.people import sign_in
from tests.support.uploads import DOSSIER, MATERIAL, TUS, begun, create, offset_at, send
from tests.support.voting import in_tenant

ENTRANT = "tacgia@example.vn"
CLOSES = NOW + timedelta(days=3)
PDF = pdf_bytes(pages=3) + b"\n" * 5000
NOBODY = "unix:/khong/co/clamd.sock"


@dataclass(frozen=True)
class Finalist:
    """A signed-in entrant whose dossier is asked for one file, for two, and for words."""

    world: World
    client: FlaskClient
    ref: str

    @property
    def page(self) -> str:
        """The page that asks."""
        return f"/du-thi/{self.ref}/{MATERIAL}"

    @property
    def spooled(self) -> list[Path]:
        """The partial files on the disk."""
        folder = Path(self.world.app.config["BANGVANG_VAR"]) / "uploads"
        return [path for path in folder.rglob("*") if path.is_file()]

    def begun(self, name: str = "trinh-chieu.pdf", field: str = "q1", content: bytes = PDF) -> str:
        """An upload that has begun."""
        return begun(self.client, self.ref, name, len(content), field, into=MATERIAL)

    def sent(self, name: str, content: bytes, field: str) -> None:
        """A file, whole in one piece."""
        answer = send(self.client, self.begun(name, field, content), 0, content)
        assert answer.status_code == 204, answer.text

    def files(self) -> list[tuple[str, bool]]:
        """Each file that ever came, by time, and whether it is still there."""
        with in_tenant(self.world, self.world.first):
            found = session().scalars(select(MaterialFile).order_by(MaterialFile.added_at, MaterialFile.id))
            return [(one.name, one.removed_at is None) for one in found]

    def receipts(self) -> int:
        """How many receipts were given."""
        with in_tenant(self.world, self.world.first) as edition:
            call = call_of(edition.id, ROUND)
            entry = session().scalars(select(Entry).where(Entry.ref == self.ref)).one()
            return 0 if call is None else len(receipts_of(call.id, entry.id))

    def at(self, instant: datetime) -> None:
        """The clock at `instant`."""
        with in_tenant(self.world, self.world.first) as edition:
            set_clock(edition.id, instant)


@pytest.fixture
def finalist(world: World) -> Finalist:
    """The entrant of the first tenant, in the round, while the window is open."""
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        questions = (
            QuestionFacts("Trình chiếu"),
            QuestionFacts("Ảnh", max_files=2, is_required=False),
            QuestionFacts("Kết quả mới", kind=Asked.TEXT, is_required=False),
        )
        save_call(edition, ROUND, CallFacts(NOW, CLOSES, questions), actor=SYSTEM, now=NOW)
        set_clock(edition.id, NOW + timedelta(hours=1))
        ref = entry.ref
    client = client_of(world.app, world.first.slug)
    sign_in(client, ENTRANT)
    return Finalist(world, client, ref)


def test_a_file_in_three_pieces_has_come_with_a_receipt_and_its_judge_opens_it(finalist: Finalist) -> None:
    path = finalist.begun("trình chiếu.pdf")
    for start in range(0, len(PDF), 3000):
        assert send(finalist.client, path, start, PDF[start : start + 3000]).status_code == 204

    with in_tenant(finalist.world, finalist.world.first):
        held = session().scalars(select(MaterialFile)).one()
        assert (held.name, held.sha256, held.size, held.pages) == (
            "trình chiếu.pdf",
            hashlib.sha256(PDF).hexdigest(),
            len(PDF),
            3,
        )
        file_id = held.id
        assert session().scalars(select(Attachment)).all() == []
    assert (finalist.spooled, finalist.receipts()) == ([], 1)
    told = finalist.client.get(path).get_json()
    assert (told["done"], told["file"], told["offset"]) == (True, str(file_id), len(PDF))
    judge = client_for(finalist.world.app, JUDGE)
    assert judge.get(f"/du-thi/tai-lieu-bo-sung/tep/{file_id}").data == PDF


def test_it_goes_on_from_where_row_and_file_agree_and_finishing_twice_changes_nothing(
    finalist: Finalist,
) -> None:
    path = finalist.begun()
    send(finalist.client, path, 0, PDF[:-1])
    [piece] = finalist.spooled
    piece.write_bytes(PDF)
    with in_tenant(finalist.world, finalist.world.first):
        session().execute(update(Upload).values(received=len(PDF)))

    offset = offset_at(finalist.client, path)
    answers = [send(finalist.client, path, at, PDF[at:]).status_code for at in (offset, len(PDF))]

    assert (offset, answers) == (len(PDF) - 1, [204, 204])
    assert (len(finalist.files()), finalist.receipts()) == (1, 1)


@pytest.mark.parametrize(
    ("name", "length", "field", "words"),
    [
        ("a.pdf", 0, "q1", "không có nội dung (0 byte)"),
        ("a.mp4", 10, "q1", "không thuộc loại nhận ở mục này"),
        ("a.pdf", 50 * 1024 * 1024 + 1, "q1", "quá mức 50 MB cho một tệp"),
        ("a.pdf", 10, "q3", "Mục này không nhận tệp."),
        ("a.pdf", 10, "tep_thuyet_minh", "Mục này không nhận tệp."),
    ],
)
def test_what_would_be_refused_is_refused_before_it_is_sent(
    finalist: Finalist, name: str, length: int, field: str, words: str
) -> None:
    answer = create(finalist.client, finalist.ref, name, length, field, into=MATERIAL)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert words in answer.get_json()["title"]


def test_a_file_that_is_refused_at_the_end_leaves_nothing_and_says_why(finalist: Finalist) -> None:
    path = finalist.begun("a.pdf", "q1", b"MZ" + bytes(498))

    answer = send(finalist.client, path, 0, b"MZ" + bytes(498))

    assert answer.status_code == 422
    assert "là chương trình hoặc mã lệnh" in answer.get_json()["title"]
    assert (finalist.files(), finalist.spooled, finalist.receipts()) == ([], [], 0)


def test_where_one_file_is_asked_for_the_later_one_replaces_it_once_it_is_whole(finalist: Finalist) -> None:
    finalist.sent("cu.pdf", pdf_bytes(), "q1")
    path = finalist.begun("moi.pdf")
    send(finalist.client, path, 0, PDF[:3000])
    between = finalist.files()
    send(finalist.client, path, 3000, PDF[3000:])

    assert between == [("cu.pdf", True)]
    assert sorted(finalist.files()) == [("cu.pdf", False), ("moi.pdf", True)]


def test_one_more_than_is_asked_for_is_refused_also_when_it_was_begun_before(finalist: Finalist) -> None:
    third = finalist.begun("ba.pdf", "q2")
    finalist.sent("mot.pdf", pdf_bytes(pages=1), "q2")
    finalist.sent("hai.pdf", pdf_bytes(pages=2), "q2")

    late = send(finalist.client, third, 0, PDF)
    more = create(finalist.client, finalist.ref, "bon.pdf", 10, "q2", into=MATERIAL)

    assert (late.status_code, more.status_code) == (422, 422)
    assert "tối đa 2 tệp" in late.get_json()["title"]
    assert [name for name, _there in finalist.files()] == ["mot.pdf", "hai.pdf"]


def test_an_upload_is_its_senders_alone_and_in_its_place_alone(finalist: Finalist) -> None:
    world, path = finalist.world, finalist.begun()
    with in_tenant(world, world.first) as edition:
        own = make_entry(edition, account("cutri@example.vn"), state="draft").ref
        draft = make_entry(edition, account(), state="draft").ref
    with in_tenant(world, world.second) as edition:
        (twin,) = make_round(edition)
        asked = CallFacts(NOW, CLOSES, (QuestionFacts("Trình chiếu"),))
        save_call(edition, ROUND, asked, actor=SYSTEM, now=NOW)
        set_clock(edition.id, NOW + timedelta(hours=1))
        twin_ref = twin.ref
    other = client_of(world.app, world.first.slug)
    sign_in(other, "cutri@example.vn")
    foreign = client_of(world.app, world.second.slug)
    sign_in(foreign, ENTRANT)
    as_dossier = path.replace(f"/{MATERIAL}/", f"/{DOSSIER}/")
    of_dossier = begun(finalist.client, draft, "a.pdf", len(PDF), "tep_thuyet_minh")

    statuses = [
        other.head(path, headers=TUS).status_code,
        send(other, path, 0, PDF).status_code,
        other.delete(path, headers=TUS).status_code,
        send(other, path.replace(finalist.ref, own), 0, PDF).status_code,
        create(other, own, "a.pdf", 10, "q1", into=MATERIAL).status_code,
        send(foreign, path, 0, PDF).status_code,
        send(foreign, path.replace(finalist.ref, twin_ref), 0, PDF).status_code,
        create(foreign, finalist.ref, "a.pdf", 10, "q1", into=MATERIAL).status_code,
        send(finalist.client, as_dossier, 0, PDF).status_code,
        send(finalist.client, of_dossier.replace(f"/{DOSSIER}/", f"/{MATERIAL}/"), 0, PDF).status_code,
    ]

    assert statuses == [404] * 10
    assert offset_at(finalist.client, path) == 0


def test_who_may_only_view_begins_nothing(finalist: Finalist) -> None:
    with in_tenant(finalist.world, finalist.world.first):
        entry = session().scalars(select(Entry).where(Entry.ref == finalist.ref)).one()
        reader = co_author()
        authors_of([entry.id])[entry.id][0].account_id = reader.id
        session().flush()
        set_right(entry, reader.id, Right.VIEW, actor=actor_of(account()), now=NOW)

    answer = create(client_for(finalist.world.app, INVITED), finalist.ref, "a.pdf", 10, "q1", into=MATERIAL)

    assert (answer.status_code, "nhờ chủ hồ sơ trao quyền sửa" in answer.get_json()["title"]) == (403, True)


def test_a_colleague_sees_what_is_under_way(finalist: Finalist) -> None:
    path = finalist.begun()
    send(finalist.client, path, 0, PDF[: len(PDF) // 2 + 1])
    with in_tenant(finalist.world, finalist.world.first):
        entry = session().scalars(select(Entry).where(Entry.ref == finalist.ref)).one()
        reader = co_author()
        authors_of([entry.id])[entry.id][0].account_id = reader.id
        session().flush()
        set_right(entry, reader.id, Right.EDIT, actor=actor_of(account()), now=NOW)

    page = text_of(client_for(finalist.world.app, INVITED).get(finalist.page))

    assert "Tác giả Thử đang tải “trinh-chieu.pdf” lên: 50 %." in page


def test_a_file_under_way_at_the_end_is_taken_within_the_grace_and_lets_the_rest_in(
    finalist: Finalist,
) -> None:
    finalist.at(CLOSES - timedelta(minutes=1))
    path = finalist.begun()
    send(finalist.client, path, 0, PDF[:3000])
    finalist.at(CLOSES + timedelta(minutes=5))

    page = text_of(finalist.client.get(finalist.page))
    begun_late = create(finalist.client, finalist.ref, "b.pdf", 10, "q2", into=MATERIAL)
    whole = send(finalist.client, path, 3000, PDF[3000:])
    words = finalist.client.post(finalist.page, data={"q3": "Đã bán 20 máy."})

    assert "Đã qua hạn nộp, nhưng bạn còn gửi được" in page
    assert "Tệp “trinh-chieu.pdf” bắt đầu tải lên trước hạn" in page
    assert (begun_late.status_code, whole.status_code, words.status_code) == (409, 204, 303)
    with in_tenant(finalist.world, finalist.world.first):
        first, second = (row.data["late"] for row in audit.records(actions=("material.sent",)))
    assert (first["ended_at"], first["begun_at"] < first["ended_at"]) == (CLOSES.isoformat(), True)
    assert second == {"file": hashlib.sha256(PDF).hexdigest(), "ended_at": CLOSES.isoformat()}


def test_after_the_grace_the_next_piece_is_refused_with_the_dates_and_what_came_stays(
    finalist: Finalist,
) -> None:
    finalist.sent("truoc.pdf", pdf_bytes(), "q2")
    finalist.at(CLOSES - timedelta(minutes=1))
    path = finalist.begun()
    send(finalist.client, path, 0, PDF[:3000])
    finalist.at(CLOSES + timedelta(minutes=11))

    answer = send(finalist.client, path, 3000, PDF[3000:])
    page = text_of(finalist.client.get(finalist.page))

    assert answer.status_code == 409
    title = answer.get_json()["title"]
    assert title.startswith("Tệp này bắt đầu tải trước hạn (")
    assert f"được chờ thêm đến {exact(CLOSES + timedelta(minutes=10))}, nhưng máy chủ nhận" in title
    assert finalist.files() == [("truoc.pdf", True)]
    assert "Đã hết hạn nộp tài liệu bổ sung" in page
    assert "còn gửi được" not in page


def test_while_no_scanner_answers_what_came_is_kept_and_goes_in_later(finalist: Finalist) -> None:
    finalist.world.app.config["CLAMAV_URL"] = NOBODY
    path = finalist.begun()
    waits = send(finalist.client, path, 0, PDF)
    offset = offset_at(finalist.client, path)
    finalist.world.app.config["CLAMAV_URL"] = ""
    done = send(finalist.client, path, offset, PDF[offset:])

    assert (waits.status_code, waits.headers["Retry-After"], offset) == (503, "60", len(PDF) - 1)
    assert waits.get_json()["type"].endswith("/not-scanned")
    assert (done.status_code, finalist.files()) == (204, [("trinh-chieu.pdf", True)])


def test_the_list_comes_with_the_receipt_and_a_file_is_taken_out_at_once(finalist: Finalist) -> None:
    finalist.sent("mot.pdf", PDF, "q2")
    with in_tenant(finalist.world, finalist.world.first):
        file_id = session().scalars(select(MaterialFile.id)).one()

    shown = finalist.client.get(f"{finalist.page}/muc/q2")
    after = finalist.client.post(f"{finalist.page}/{file_id}/bo")
    again = finalist.client.post(f"{finalist.page}/{file_id}/bo")

    assert f'name="q2__remove" value="{file_id}"' in shown.text
    assert "Mã biên nhận" in shown.text
    assert (after.status_code, "mot.pdf" in after.text, again.status_code) == (200, False, 404)
    assert (finalist.files(), finalist.receipts()) == ([("mot.pdf", False)], 2)
    assert finalist.client.get(f"{finalist.page}/muc/q9").status_code == 404


def test_files_that_come_together_are_told_in_one_letter(finalist: Finalist) -> None:
    finalist.sent("mot.pdf", pdf_bytes(pages=1), "q2")
    finalist.sent("hai.pdf", pdf_bytes(pages=2), "q2")
    with in_tenant(finalist.world, finalist.world.first):
        waits = session().scalars(select(Job.run_at).where(Job.kind == "judging.tell_material")).all()
        assert len(waits) == 2
        session().execute(update(Job).values(run_at=min(waits) - QUIET))

    with finalist.world.app.app_context():
        run_due_jobs()

    with in_tenant(finalist.world, finalist.world.first) as edition:
        call = call_of(edition.id, ROUND)
        entry = session().scalars(select(Entry).where(Entry.ref == finalist.ref)).one()
        assert call is not None
        newest = receipts_of(call.id, entry.id)[0]
        letter = session().scalars(select(Mail).where(Mail.kind == "material-received")).one()
        assert (newest.number, newest.code in letter.body) == (2, True)


def test_the_button_says_what_is_there_and_its_letter_goes_out_once(finalist: Finalist) -> None:
    finalist.sent("mot.pdf", PDF, "q1")

    first = finalist.client.post(finalist.page, data={}, follow_redirects=True)
    finalist.client.post(finalist.page, data={})

    assert "Không có gì thay đổi, tài liệu giữ nguyên như đã nhận lúc" in text_of(first)
    with in_tenant(finalist.world, finalist.world.first):
        assert len(session().scalars(select(Mail).where(Mail.kind == "material-received")).all()) == 1
