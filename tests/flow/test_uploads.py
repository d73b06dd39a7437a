"""Files in pieces, through HTTP: the protocol, what is refused, whose upload it is, what is left behind."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core.entries.models import Attachment, Entry, Upload
from core.entries.upkeep import ask_for_upkeep
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.jobs import run_due_jobs
from tests.support.app import client_of
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import NOW, World, view
from tests.support.people import sign_in
from tests.support.uploads import PIECE, TUS, begun, create, metadata, offset_at, send

FIELD = "tep_thuyet_minh"
PDF = pdf_bytes(pages=3) + b"\n" * 5000


@dataclass(frozen=True)
class Sender:
    """A signed-in entrant with a draft."""

    world: World
    client: FlaskClient
    ref: str

    @property
    def spooled(self) -> list[Path]:
        """The partial files on the disk."""
        folder = Path(self.world.app.config["BANGVANG_VAR"]) / "uploads"
        return [path for path in folder.rglob("*") if path.is_file()]

    def files(self) -> list[Attachment]:
        """The files in the draft."""
        with self.world.app.app_context(), tenant_scope(self.world.first.id):
            entry = session().scalars(select(Entry).where(Entry.ref == self.ref)).one()
            return list(session().scalars(select(Attachment).where(Attachment.entry_id == entry.id)))

    def uploads(self) -> int:
        """How many uploads are known."""
        with self.world.app.app_context(), tenant_scope(self.world.first.id):
            return len(session().scalars(select(Upload)).all())


@pytest.fixture
def sender(world: World) -> Sender:
    """The entrant of the first tenant with an empty draft."""
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        ref = make_entry(view(world.first), account(), state="draft").ref
        current.commit()
    client = client_of(world.app, world.first.slug)
    sign_in(client, "tacgia@example.vn")
    return Sender(world, client, ref)


def test_a_server_tells_what_it_can_do(sender: Sender) -> None:
    answer = sender.client.options(f"/du-thi/{sender.ref}/tep/tus/")
    told = {name: answer.headers[name] for name in ("Tus-Version", "Tus-Extension", "Tus-Checksum-Algorithm")}
    assert (answer.status_code, told) == (
        204,
        {
            "Tus-Version": "1.0.0",
            "Tus-Extension": "creation,termination,expiration,checksum",
            "Tus-Checksum-Algorithm": "sha1,sha256,md5",
        },
    )


def test_a_file_in_three_pieces_is_in_the_dossier_as_it_was(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "thuyết minh.pdf", len(PDF), FIELD)
    for start in range(0, len(PDF), 3000):
        answer = send(sender.client, path, start, PDF[start : start + 3000])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (
            204,
            str(min(start + 3000, len(PDF))),
        )

    [held] = sender.files()
    assert (held.name, held.sha256, held.size, held.pages, held.scan) == (
        "thuyết minh.pdf",
        hashlib.sha256(PDF).hexdigest(),
        len(PDF),
        3,
        "clean",
    )
    assert sender.spooled == []
    told = sender.client.get(path).get_json()
    assert (told["done"], told["file"], told["offset"]) == (True, str(held.id), len(PDF))
    assert offset_at(sender.client, path) == len(PDF)


def test_it_is_kept_when_the_sending_began(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    with sender.world.app.app_context(), tenant_scope(sender.world.first.id) as current:
        current.execute(update(Upload).values(begun_at=NOW - timedelta(minutes=9)))
        current.commit()
    send(sender.client, path, 0, PDF)

    [held] = sender.files()
    assert held.begun_at == NOW - timedelta(minutes=9)
    assert held.added_at - NOW < timedelta(minutes=5)


def test_a_piece_at_the_wrong_place_changes_nothing(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    send(sender.client, path, 0, PDF[:1000])

    assert send(sender.client, path, 999, PDF[999:]).status_code == 409
    assert send(sender.client, path, 1001, PDF[1001:]).status_code == 409
    assert offset_at(sender.client, path) == 1000


def test_more_than_was_announced_is_not_taken(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", 1000, FIELD)

    assert send(sender.client, path, 0, PDF[:1001]).status_code == 413
    assert offset_at(sender.client, path) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Content-Type": "application/pdf"}, 415),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "một"}, 400),
        ({"Upload-Checksum": "sha1"}, 400),
        ({"Upload-Checksum": "crc32 AAAA"}, 400),
    ],
)
def test_what_does_not_follow_the_protocol_is_refused(
    sender: Sender, headers: dict[str, str], status: int
) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    given = {**TUS, "Upload-Offset": "0", "Content-Type": PIECE, **headers}

    answer = sender.client.patch(path, data=PDF, headers=given)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert offset_at(sender.client, path) == 0


def test_a_piece_that_does_not_meet_its_checksum_is_thrown_away(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    good = b64encode(hashlib.sha1(PDF[:2000], usedforsecurity=False).digest()).decode()

    bad = send(sender.client, path, 0, PDF[1:2001], {"Upload-Checksum": f"sha1 {good}"})
    after = offset_at(sender.client, path)
    fine = send(sender.client, path, 0, PDF[:2000], {"Upload-Checksum": f"sha1 {good}"})

    assert (bad.status_code, after, fine.status_code) == (460, 0, 204)
    assert offset_at(sender.client, path) == 2000


@pytest.mark.parametrize(
    ("name", "length", "field", "words"),
    [
        ("a.pdf", 0, FIELD, "không có nội dung (0 byte)"),
        ("a.exe", 10, FIELD, "không thuộc loại nhận ở mục này"),
        ("a.pdf", 20 * 1024 * 1024 + 1, FIELD, "quá mức 20 MB cho một tệp"),
        ("a.pdf", 10, "tom_tat", "Mục này không nhận tệp."),
        ("a.pdf", 10, "khong_co", "Mục này không nhận tệp."),
    ],
)
def test_what_would_be_refused_is_refused_before_it_is_sent(
    sender: Sender, name: str, length: int, field: str, words: str
) -> None:
    answer = create(sender.client, sender.ref, name, length, field)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert words in answer.get_json()["title"]
    assert sender.uploads() == 0


@pytest.mark.parametrize("header", ["", "filename ???", "filename"])
def test_metadata_that_cannot_be_read_begin_nothing(sender: Sender, header: str) -> None:
    headers = {**TUS, "Upload-Length": "10", "Upload-Metadata": header}
    answer = sender.client.post(f"/du-thi/{sender.ref}/tep/tus/", headers=headers)

    assert answer.status_code in (400, 422)
    assert sender.uploads() == 0


def test_a_file_that_is_refused_at_the_end_leaves_nothing_and_says_why(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", 500, FIELD)

    answer = send(sender.client, path, 0, b"MZ" + bytes(498))

    assert answer.status_code == 422
    assert "là chương trình hoặc mã lệnh" in answer.get_json()["title"]
    assert (sender.files(), sender.uploads(), sender.spooled) == ([], 0, [])
    assert sender.client.head(path, headers=TUS).status_code == 404


def test_a_name_with_a_path_and_misleading_marks_is_cleaned(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "C:\\mật\\../bao\u202ecao\x07.pdf", len(PDF), FIELD)
    send(sender.client, path, 0, PDF)

    assert [one.name for one in sender.files()] == ["baocao.pdf"]


def test_a_cancelled_upload_leaves_nothing(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    send(sender.client, path, 0, PDF[:3000])

    answer = sender.client.delete(path, headers=TUS)

    assert answer.status_code == 204
    assert (sender.files(), sender.uploads(), sender.spooled) == ([], 0, [])


def test_finishing_twice_gives_one_file(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    send(sender.client, path, 0, PDF)

    again = send(sender.client, path, len(PDF), b"")

    assert (again.status_code, len(sender.files())) == (204, 1)


def test_the_last_byte_is_safe_only_with_the_file_in_the_dossier(sender: Sender) -> None:
    """As after a server that was killed between the last byte and the commit: whoever asks is led to finish."""
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    send(sender.client, path, 0, PDF[:-1])
    [piece] = sender.spooled
    piece.write_bytes(PDF)
    with sender.world.app.app_context(), tenant_scope(sender.world.first.id) as current:
        current.execute(update(Upload).values(received=len(PDF)))
        current.commit()

    offset = offset_at(sender.client, path)
    answer = send(sender.client, path, offset, PDF[offset:])

    assert (offset, answer.status_code, len(sender.files())) == (len(PDF) - 1, 204, 1)


@pytest.mark.parametrize(("written", "received", "agreed"), [(5000, 3000, 3000), (2000, 3000, 2000)])
def test_row_and_file_go_on_from_what_both_agree_on(
    sender: Sender, written: int, received: int, agreed: int
) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    send(sender.client, path, 0, PDF[:1])
    [piece] = sender.spooled
    piece.write_bytes(PDF[:received] + b"?" * (written - received) if written > received else PDF[:written])
    with sender.world.app.app_context(), tenant_scope(sender.world.first.id) as current:
        current.execute(update(Upload).values(received=received))
        current.commit()

    assert offset_at(sender.client, path) == agreed
    send(sender.client, path, agreed, PDF[agreed:])
    assert [one.sha256 for one in sender.files()] == [hashlib.sha256(PDF).hexdigest()]


def test_an_upload_is_its_senders_alone(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    with sender.world.app.app_context(), tenant_scope(sender.world.first.id) as current:
        own = make_entry(view(sender.world.first), account("cutri@example.vn"), state="draft").ref
        current.commit()
    other = client_of(sender.world.app, sender.world.first.slug)
    sign_in(other, "cutri@example.vn")
    foreign = client_of(sender.world.app, sender.world.second.slug)
    sign_in(foreign, "tacgia@example.vn")
    elsewhere = path.replace(sender.ref, own)

    statuses = [
        other.head(path, headers=TUS).status_code,
        send(other, path, 0, PDF).status_code,
        other.delete(path, headers=TUS).status_code,
        other.head(elsewhere, headers=TUS).status_code,
        send(other, elsewhere, 0, PDF).status_code,
        send(foreign, path, 0, PDF).status_code,
        create(foreign, sender.ref, "a.pdf", 10, FIELD).status_code,
    ]

    assert statuses == [404] * 7
    assert offset_at(sender.client, path) == 0


def test_a_dossier_that_was_handed_in_takes_no_more(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "a.pdf", len(PDF), FIELD)
    with sender.world.app.app_context(), tenant_scope(sender.world.first.id) as current:
        current.execute(update(Entry).where(Entry.ref == sender.ref).values(state="submitted"))
        current.commit()

    answer = send(sender.client, path, 0, PDF)

    assert answer.status_code == 409
    assert "không sửa được nữa" in answer.get_json()["title"]


def test_what_was_given_up_is_forgotten_after_a_day(sender: Sender) -> None:
    old = begun(sender.client, sender.ref, "cu.pdf", len(PDF), FIELD)
    send(sender.client, old, 0, PDF[:3000])
    with sender.world.app.app_context(), tenant_scope(sender.world.first.id) as current:
        current.execute(update(Upload).values(expires_at=real_now() - timedelta(seconds=1)))
        current.commit()
    new = begun(sender.client, sender.ref, "moi.pdf", len(PDF), FIELD)
    send(sender.client, new, 0, PDF[:2000])
    assert sender.client.head(old, headers=TUS).status_code == 404

    with sender.world.app.app_context():
        ask_for_upkeep(real_now())
        ask_for_upkeep(real_now())
        ran = run_due_jobs()

    assert (ran, sender.uploads(), len(sender.spooled)) == (1, 1, 1)
    assert offset_at(sender.client, new) == 2000


def test_the_kept_files_come_as_a_part_of_the_page_and_one_is_taken_out_at_once(sender: Sender) -> None:
    path = begun(sender.client, sender.ref, "mô tả.pdf", len(PDF), FIELD)
    send(sender.client, path, 0, PDF)
    [held] = sender.files()

    shown = sender.client.get(f"/du-thi/{sender.ref}/tep/muc/{FIELD}")
    after = sender.client.post(f"/du-thi/{sender.ref}/tep/{held.id}/bo")

    assert (shown.status_code, after.status_code) == (200, 200)
    assert "mô tả.pdf" in shown.text
    assert "3 trang" in shown.text
    assert f'name="facts.{FIELD}__remove" value="{held.id}"' in shown.text
    assert "mô tả.pdf" not in after.text
    assert sender.files() == []


def test_metadata_are_made_as_the_protocol_says() -> None:
    assert metadata("a.pdf", "x") == "filename YS5wZGY=,field eA=="
