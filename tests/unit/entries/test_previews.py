"""Previews: drawn by a job in a process of its own, once for a content, without what a camera noted."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select

from core.entries.models import Attachment
from core.entries.pictures import redraw
from core.entries.previews import SIDE, draw_preview
from core.entries.services import attach
from core.kernel.db import session
from core.kernel.files import file_key, file_store
from tests.support.entries import make_attachment, make_entry, pdf_bytes, picture_bytes
from tests.support.factories import NOW
from tests.unit.entries.conftest import Here

DOCUMENT = "tep_thuyet_minh"


def drawn(here: Here, attachment: Attachment) -> Image.Image | None:
    """The preview of a file, once the job has run."""
    sha256 = attachment.sha256
    session().commit()
    draw_preview({"sha256": sha256})
    session().commit()
    preview = session().scalars(select(Attachment.preview).where(Attachment.sha256 == sha256)).first()
    if preview is None:
        return None
    content = b"".join(file_store().read(file_key(here.world.first.id, preview)))
    return Image.open(io.BytesIO(content))


def test_the_first_page_of_a_pdf_is_drawn(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")
    content = io.BytesIO(pdf_bytes(pages=2))
    attachment = attach(entry, here.edition, DOCUMENT, "a.pdf", content, actor=here.entrant, now=NOW)

    picture = drawn(here, attachment)

    assert picture is not None
    assert (picture.format, picture.height, attachment.pages) == ("WEBP", SIDE, 2)


def test_a_photograph_is_turned_upright_and_loses_what_the_camera_noted(here: Here) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x8825] = {1: "N", 2: (21.0, 35.0, 0.0)}
    target = io.BytesIO()
    Image.new("RGB", (1200, 800), "#1f6f43").save(target, "JPEG", exif=exif)
    attachment = make_attachment(
        make_entry(here.edition, here.owner, state="draft"),
        name="a.jpg",
        content=target.getvalue(),
        media_type="image/jpeg",
    )

    picture = drawn(here, attachment)
    public = Image.open(io.BytesIO(redraw(target.getvalue(), 640).content))

    assert picture is not None
    assert (picture.size, dict(picture.getexif())) == ((320, 480), {})
    assert (public.size, dict(public.getexif())) == ((427, 640), {})


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_are_drawn_without_their_notes(here: Here, kind: str) -> None:
    attachment = make_attachment(
        make_entry(here.edition, here.owner, state="draft"),
        content=picture_bytes(kind, exif=True),
        media_type=f"image/{kind.lower()}",
    )

    picture = drawn(here, attachment)

    assert picture is not None
    assert (max(picture.size), dict(picture.getexif())) == (SIDE, {})


def test_what_cannot_be_drawn_stays_without_a_preview(here: Here) -> None:
    attachment = make_attachment(
        make_entry(here.edition, here.owner, state="draft"), content=b"%PDF-1.7\nbroken " + b"x" * 500
    )

    assert drawn(here, attachment) is None


def test_the_same_content_is_drawn_once_and_taken_over(here: Here) -> None:
    first = make_attachment(make_entry(here.edition, here.owner, state="draft"), field=DOCUMENT)
    drawn(here, first)
    entry = make_entry(here.edition, here.owner, state="draft")
    content = io.BytesIO(pdf_bytes())

    second = attach(entry, here.edition, DOCUMENT, "b.pdf", content, actor=here.entrant, now=NOW)

    session().refresh(first)
    assert second.preview is not None
    assert second.preview == first.preview
