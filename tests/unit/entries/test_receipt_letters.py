"""The receipt to everybody who has a part in a dossier: who gets it, in which language, with links that answer."""

from __future__ import annotations

import io

from pypdf import PdfReader
from sqlalchemy import select

from core.contests.models import Edition
from core.entries.content import authors_of
from core.entries.models import Entry, EntryAuthor, EntryVersion
from core.entries.receipt_letters import PAPER, TO_AUTHORS, send_to_authors
from core.entries.rights import Right
from core.entries.services import confirm_asked, invite_author, set_right, submit
from core.entries.services.author_rows import terms_of
from core.kernel.db import session
from core.kernel.enclosures import enclosure_of
from core.kernel.jobs import Job
from core.kernel.mail import Mail
from core.people.models import Account
from tests.support.authors import INVITED, co_author, put_authors, row, rows_of
from tests.support.entries import complete_draft
from tests.support.factories import NOW, actor_of, make_account, view
from tests.unit.entries.conftest import Here

RECEIVED = ("entry-received", "entry-received-author")


def dossier(here: Here, *people: Account) -> Entry:
    """A complete draft of the owner, of which each of `people` has confirmed to be an author."""
    entry = complete_draft(here.edition, here.owner)
    for account in people:
        added = row(account.name, email=account.email)
        author = put_authors(entry, here.edition, [*rows_of(entry), added], here.entrant)[-1]
        invite_author(entry, here.edition, author.id, actor=here.entrant, now=NOW)
        confirm_asked(author.id, seen=terms_of(author), actor=actor_of(account), now=NOW)
    return entry


def handed_in(here: Here, entry: Entry) -> None:
    """Hand it in and do the jobs."""
    submit(entry, here.edition, actor=here.entrant, now=NOW)
    do_jobs()


def do_jobs() -> None:
    """Do the jobs that were asked for, in this session."""
    session().commit()
    for job in session().scalars(select(Job).where(Job.kind == TO_AUTHORS, Job.state == "queued")).all():
        send_to_authors(job.payload)
        job.state = "done"
    session().commit()
    session().expire_all()


def received() -> dict[str, Mail]:
    """The letters with a receipt, by reader."""
    found = session().scalars(select(Mail).where(Mail.kind.in_(RECEIVED)).order_by(Mail.id)).all()
    assert len({one.recipient for one in found}) == len(found)
    return {one.recipient: one for one in found}


def test_the_owner_and_every_confirmed_author_with_an_account_get_the_receipt(here: Here) -> None:
    second = make_account("hai@example.vn", name="Lý Văn Hai")
    entry = dossier(here, co_author(), second)
    put_authors(
        entry,
        here.edition,
        [*rows_of(entry), row("Người Chưa Xác Nhận", email="chua@example.vn")],
        here.entrant,
    )

    handed_in(here, entry)

    found = received()
    assert sorted(found) == sorted([str(here.owner.email), INVITED, "hai@example.vn"])
    assert found[INVITED].kind == "entry-received-author"
    assert found[INVITED].subject == f"Đã nhận hồ sơ {entry.code} mà Quý vị là tác giả"
    assert {one.enclosed["name"] for one in found.values() if one.enclosed} == {
        f"bien-nhan-{entry.code}-1.pdf"
    }


def test_the_letter_is_in_its_readers_language_and_so_is_the_paper(here: Here) -> None:
    reader = co_author()
    reader.language = "en"
    handed_in(here, dossier(here, reader))

    mail = received()[INVITED]
    made = enclosure_of(mail.enclosed, mail.language)

    assert mail.subject.endswith("of which you are an author has arrived")
    assert made is not None
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)
    assert "Receipt" in words
    assert session().scalars(select(EntryVersion.receipt)).one() in words.replace("\u200b", "")


def test_the_paper_is_that_of_the_page_and_the_same_each_time(here: Here) -> None:
    handed_in(here, dossier(here))
    mail = received()[str(here.owner.email)]

    made = [enclosure_of(mail.enclosed, "vi") for _one in range(2)]

    assert made[0] == made[1]
    assert made[0] is not None
    assert (made[0].media_type, made[0].content[:5]) == ("application/pdf", b"%PDF-")
    assert len(made[0].content) < 300_000


def test_the_owner_is_told_of_the_paper_where_it_is_wanted_and_else_not(here: Here) -> None:
    handed_in(here, dossier(here))
    stored = session().scalars(select(Edition)).one()
    stored.settings = {**stored.settings, "core": {"paper_dossier": True}}
    session().flush()
    entry, edition = dossier(here), view(here.world.first)
    submit(entry, edition, actor=here.entrant, now=NOW)
    session().flush()

    first, second = session().scalars(select(Mail).where(Mail.kind == "entry-received").order_by(Mail.id))

    assert "bản giấy" not in first.body
    assert "Kỳ này cần cả bản giấy: Quý vị in từ trang của hồ sơ, ký" in second.body
    assert "Hạn gửi: 10:00 ngày 12/12/2025." in " ".join(second.body.split())


def test_the_job_done_twice_sends_nothing_twice(here: Here) -> None:
    handed_in(here, dossier(here, co_author()))
    version = session().scalars(select(EntryVersion)).one()
    send_to_authors({"version": str(version.id)})
    session().flush()
    assert len(received()) == 2


def test_who_confirms_after_the_handing_in_gets_the_receipt_then_and_only_once(here: Here) -> None:
    reader = co_author()
    entry = complete_draft(here.edition, here.owner)
    author = put_authors(
        entry, here.edition, [*rows_of(entry), row(reader.name, email=INVITED)], here.entrant
    )[-1]
    invite_author(entry, here.edition, author.id, actor=here.entrant, now=NOW)
    handed_in(here, entry)
    assert INVITED not in received()

    for _twice in range(2):
        line = session().get_one(EntryAuthor, (session().tenant_id, author.id))
        line.confirmed_at = line.confirmed_how = None
        session().flush()
        confirm_asked(line.id, seen=terms_of(line), actor=actor_of(reader), now=NOW)
        do_jobs()

    assert received()[INVITED].kind == "entry-received-author"


def test_an_owner_who_is_an_author_gets_one_letter(here: Here) -> None:
    entry = dossier(here)
    authors_of([entry.id])[entry.id][0].account_id = here.owner.id
    session().flush()
    handed_in(here, entry)
    assert list(received()) == [here.owner.email]


def test_a_right_alone_gets_no_receipt(here: Here) -> None:
    reader = co_author()
    entry = dossier(here, reader)
    set_right(entry, reader.id, Right.EDIT, actor=here.entrant, now=NOW)
    put_authors(entry, here.edition, rows_of(entry)[:-1], here.entrant)
    handed_in(here, entry)
    assert INVITED not in received()


def test_what_is_erased_is_not_made(here: Here) -> None:
    gone = {"version": "00000000-0000-7000-8000-000000000000", "address": ""}
    assert enclosure_of({"kind": PAPER, "name": "x.pdf", "source": gone}, "vi") is None
