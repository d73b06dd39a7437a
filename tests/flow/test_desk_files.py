"""The pages of a dossier's files beside the sheet: drawn for who judges it, and nobody else."""

from __future__ import annotations

import io

from PIL import Image
from sqlalchemy import select

from core.entries.models import Attachment, Entry
from core.kernel.db import session
from core.privacy.models import DossierOpening
from tests.flow.test_judging_pages import SHEET, desk, file_field, office
from tests.support.entries import account, make_attachment, make_entry, pdf_bytes
from tests.support.factories import World
from tests.support.judging import make_round
from tests.support.voting import in_tenant


def paper(world: World, *, content: bytes | None = None, shown: bool = True, judged: bool = True) -> str:
    """The address of the pages of a file, less the number: of the judged dossier, or of another one."""
    with in_tenant(world, world.first) as edition:
        entry = session().scalars(select(Entry).order_by(Entry.code)).first()
        if entry is None:
            (entry,) = make_round(edition)
        if not judged:
            entry = make_entry(edition, account(), published=False)
        field = file_field(edition) if shown else "khong-hoi"
        made = make_attachment(entry, field=field, content=content or pdf_bytes(pages=2))
        made.pages, made.preview = 2, made.sha256
        return f"{SHEET}/tep/{made.id}/trang/"


def test_a_page_is_a_picture_that_the_readers_browser_keeps(world: World) -> None:
    pages = paper(world)
    client = desk(world)
    answer = client.get(f"{pages}2")
    picture = Image.open(io.BytesIO(answer.data))
    assert (answer.mimetype, picture.format, max(picture.size)) == ("image/webp", "WEBP", 1800)
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    again = client.get(f"{pages}2", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with in_tenant(world, world.first):
        assert set(session().scalars(select(DossierOpening.what))) == {"dossier", "file"}


def test_a_page_that_is_not_there_does_not_exist(world: World) -> None:
    pages = paper(world)
    client = desk(world)
    assert [client.get(f"{pages}{number}").status_code for number in (0, 3)] == [404, 404]


def test_what_the_sheet_does_not_show_has_no_pages_there(world: World) -> None:
    paper(world)
    client = desk(world)
    assert client.get(f"{paper(world, shown=False, content=pdf_bytes(pages=3))}1").status_code == 404
    assert client.get(f"{paper(world, judged=False, content=pdf_bytes(pages=4))}1").status_code == 404


def test_who_does_not_judge_the_dossier_reads_no_page(world: World) -> None:
    pages = paper(world)
    assert office(world).get(f"{pages}1").status_code == 403


def test_a_locked_file_has_no_pages(world: World) -> None:
    pages = paper(world)
    with in_tenant(world, world.first):
        session().scalars(select(Attachment)).one().scan = "infected"
    assert desk(world).get(f"{pages}1").status_code == 423


def test_what_cannot_be_drawn_is_said_and_the_file_stays(world: World) -> None:
    pages = paper(world, content=b"%PDF-1.7 broken")
    client = desk(world)
    answer = client.get(f"{pages}1")
    assert answer.status_code == 404
    assert "Không vẽ được trang này. Bạn hãy mở cả tệp." in answer.get_data(as_text=True)
    file_id = pages.split("/tep/")[1].split("/")[0]
    assert client.get(f"/du-thi/tep/{file_id}", follow_redirects=True).data == b"%PDF-1.7 broken"
