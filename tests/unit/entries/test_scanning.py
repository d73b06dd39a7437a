"""Files and the virus scanner: refused, kept unopened while nobody answers, looked at again, locked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from core.entries.content import rules_entries_of
from core.entries.errors import FileLocked, FileRefused
from core.entries.models import Attachment, Entry
from core.entries.pictures import make_pictures
from core.entries.policies import access_attachment, access_public_file
from core.entries.services import attach
from core.entries.upkeep import ask_for_upkeep
from core.kernel.audit import AuditRecord
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.errors import NotFound
from core.kernel.jobs import run_due_jobs
from tests.support.clamav import EICAR, Clamd
from tests.support.entries import make_attachment, make_entry, pdf_bytes, picture_bytes
from tests.support.factories import NOW
from tests.support.people import last_letter
from tests.unit.entries.conftest import Here

DOCUMENT = "tep_thuyet_minh"
NOBODY = "unix:/khong/co/clamd.sock"
CLEAN = pdf_bytes()
INFECTED = pdf_bytes() + b"\n% " + EICAR


@contextmanager
def scanned_by(here: Here, url: str) -> Iterator[None]:
    """The application with the scanner at `url`."""
    here.world.app.config["CLAMAV_URL"] = url
    yield
    here.world.app.config["CLAMAV_URL"] = ""


def sent(here: Here, content: bytes) -> Attachment:
    """The file attached to a new draft."""
    entry = make_entry(here.edition, here.owner, state="draft")
    return attach(entry, here.edition, DOCUMENT, "a.pdf", io.BytesIO(content), actor=here.entrant, now=NOW)


def looked_at_again(here: Here, attachment: Attachment) -> Attachment:
    """The file after the job that asks the scanner once more."""
    attachment_id = attachment.id
    session().commit()
    ask_for_upkeep(real_now())
    assert run_due_jobs() >= 1
    with tenant_scope(here.world.first.id) as current:
        found = current.scalars(select(Attachment).where(Attachment.id == attachment_id)).one()
        current.expunge(found)
    return found


def test_what_the_scanner_finds_is_refused_with_its_name(here: Here, clamd: Clamd) -> None:
    with scanned_by(here, clamd.url), pytest.raises(FileRefused, match="có mã độc") as refused:
        sent(here, INFECTED)

    assert "Thu.Eicar" in refused.value.message
    assert session().scalars(select(Attachment)).all() == []


def test_what_the_scanner_passes_can_be_opened_at_once(here: Here, clamd: Clamd) -> None:
    with scanned_by(here, clamd.url):
        attachment = sent(here, CLEAN)

    assert access_attachment(here.entrant, attachment.id)[1] is attachment


def test_without_an_answer_a_file_is_kept_counts_and_is_opened_by_nobody(here: Here) -> None:
    with scanned_by(here, NOBODY):
        attachment = sent(here, CLEAN)

    entry = session().get_one(Entry, (here.world.first.id, attachment.entry_id))
    assert rules_entries_of([entry])[0].facts[DOCUMENT] == ["a.pdf"]
    with pytest.raises(FileLocked, match=r"Hiện chưa kiểm tra được tệp “a.pdf”.*Tệp vẫn được giữ"):
        access_attachment(here.entrant, attachment.id)


def test_a_scanner_that_is_back_opens_what_waited(here: Here, clamd: Clamd) -> None:
    with scanned_by(here, NOBODY):
        attachment = sent(here, CLEAN)
        assert looked_at_again(here, attachment).scan == "waiting"
    with scanned_by(here, clamd.url), tenant_scope(here.world.first.id):
        # The next five minutes: the job of these has been done.
        from core.entries.upkeep import scan_again

        scan_again({})
        session().commit()
        assert session().scalars(select(Attachment.scan)).all() == ["clean"]


def test_what_waited_and_is_infected_is_locked_and_the_entrant_is_told(here: Here, clamd: Clamd) -> None:
    with scanned_by(here, NOBODY):
        attachment = sent(here, INFECTED)
    with scanned_by(here, clamd.url):
        locked = looked_at_again(here, attachment)

    assert locked.scan == "infected"
    with tenant_scope(here.world.first.id):
        with pytest.raises(FileLocked, match="có mã độc nên đã bị khóa"):
            access_attachment(here.entrant, locked.id)
        entry = session().get_one(Entry, (here.world.first.id, locked.entry_id))
        assert DOCUMENT not in rules_entries_of([entry])[0].facts
        assert "Cần thay tệp “a.pdf”" in last_letter("tacgia@example.vn").subject
        actions = session().scalars(select(AuditRecord.action).order_by(AuditRecord.seq)).all()
        assert actions[-1] == "entry.file_locked"


def test_the_public_sees_no_file_that_was_not_looked_at(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, code="TT-K1-0009")
    paper = make_attachment(entry, is_public=True)
    picture = make_attachment(
        entry, name="a.jpg", content=picture_bytes(), media_type="image/jpeg", is_public=True
    )
    for one in (paper, picture):
        one.scan = "waiting"
    session().flush()

    with pytest.raises(NotFound):
        access_public_file("TT-K1-0009", paper.sha256[:8])
    assert make_pictures(entry, [picture]) == []
