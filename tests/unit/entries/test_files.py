"""Files of a dossier: what is refused before anything is stored, and what is kept once."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from core.entries.content import files_of
from core.entries.errors import FileRefused, MoveRefused
from core.entries.services import attach, detach
from core.kernel.files import file_key, file_store
from tests.support.entries import make_attachment, make_entry, pdf_bytes
from tests.support.factories import NOW
from tests.unit.entries.conftest import Here

DOCUMENT = "tep_thuyet_minh"


def stored_files(here: Here) -> int:
    """How many contents lie in the file store of the test."""
    folder = Path(here.world.app.config["BANGVANG_VAR"]) / "files"
    return sum(1 for path in folder.rglob("*") if path.is_file())


def send(here: Here, field: str, name: str, content: bytes) -> str:
    """Attach to a new draft; the refusal's sentence, or "" when it was taken."""
    entry = make_entry(here.edition, here.owner, state="draft")
    try:
        attach(entry, here.edition, field, name, io.BytesIO(content), actor=here.entrant, now=NOW)
    except FileRefused as refusal:
        return refusal.message
    return ""


def test_a_file_is_stored_under_its_content(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")
    content = pdf_bytes()

    held = attach(
        entry, here.edition, DOCUMENT, "mô tả.pdf", io.BytesIO(content), actor=here.entrant, now=NOW
    )

    stored = b"".join(file_store().read(file_key(here.world.first.id, held.sha256)))
    assert (held.name, held.media_type, held.size, stored) == (
        "mô tả.pdf",
        "application/pdf",
        len(content),
        content,
    )


def test_a_wrong_file_is_refused_and_nothing_is_stored(here: Here) -> None:
    assert "không có nội dung (0 byte)" in send(here, DOCUMENT, "a.pdf", b"")
    assert stored_files(here) == 0


def test_the_same_content_twice_is_there_once(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")
    for name in ("mot.pdf", "hai.pdf"):
        attach(entry, here.edition, DOCUMENT, name, io.BytesIO(pdf_bytes()), actor=here.entrant, now=NOW)

    assert [one.name for one in files_of([entry.id])[entry.id]] == ["mot.pdf"]
    assert stored_files(here) == 1


def test_one_file_too_many_is_refused(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")
    for pages in (1, 2):
        content = io.BytesIO(pdf_bytes(pages=pages))
        attach(entry, here.edition, DOCUMENT, f"{pages}.pdf", content, actor=here.entrant, now=NOW)

    content = io.BytesIO(pdf_bytes(pages=3))
    with pytest.raises(FileRefused, match="Mục này nhận tối đa 2 tệp"):
        attach(entry, here.edition, DOCUMENT, "3.pdf", content, actor=here.entrant, now=NOW)


def test_a_field_that_takes_no_files_takes_none(here: Here) -> None:
    assert send(here, "tom_tat", "a.pdf", pdf_bytes()) == "Mục này không nhận tệp."


def test_a_removed_file_leaves_the_dossier(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")
    held = make_attachment(entry, field=DOCUMENT)

    detach(entry, held.id, actor=here.entrant, now=NOW)

    assert files_of([entry.id])[entry.id] == []


def test_a_file_of_what_was_handed_in_stays(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    held = make_attachment(entry, field=DOCUMENT)

    with pytest.raises(MoveRefused):
        detach(entry, held.id, actor=here.entrant, now=NOW)

    assert [one.id for one in files_of([entry.id])[entry.id]] == [held.id]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"section_megabytes": 1}, r"làm phần “.*” vượt 1 MB tệp đính kèm"),
        ({"dossier_megabytes": 1}, r"làm cả hồ sơ vượt 1 MB tệp đính kèm"),
    ],
)
def test_a_section_and_a_dossier_weigh_no_more_than_the_edition_says(
    here: Here, given: dict[str, int], words: str
) -> None:
    settings = {**here.edition.values.settings, "core": {**here.edition.values.settings["core"], **given}}
    edition = replace(here.edition, values=replace(here.edition.values, settings=settings))
    entry = make_entry(here.edition, here.owner, state="draft")
    make_attachment(entry, field=DOCUMENT, content=b"x" * 900_000)
    content = io.BytesIO(pdf_bytes() + b"\n" * 200_000)

    with pytest.raises(FileRefused, match=words):
        attach(entry, edition, DOCUMENT, "a.pdf", content, actor=here.entrant, now=NOW)


def test_a_file_knows_when_its_sending_began(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")

    held = attach(
        entry, here.edition, DOCUMENT, "a.pdf", io.BytesIO(pdf_bytes()), actor=here.entrant, now=NOW
    )

    assert held.begun_at == NOW
