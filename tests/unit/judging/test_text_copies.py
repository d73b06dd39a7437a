"""Text copies of Word and Excel files: what is carried over, what is not, and their way as blind copies."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging import blind_files
from core.judging.blind_drafts import FileDraft, draft_of
from core.judging.blind_files import FileUnread
from core.judging.blind_models import BlindCopy, BlindScan
from core.judging.blind_scan import Finding
from core.judging.errors import BlindRefused
from core.judging.services import appoint_judge, open_round
from core.judging.services.blinding import approve, choose, drop_own, put_own, set_boxes
from core.judging.text_copies import WORD, WORKBOOK, make_text_copy
from core.kernel.actor import SYSTEM, Actor
from core.kernel.db import session
from tests.support.blind import (
    AUTHOR,
    OFFICER,
    SECRETS,
    UNIT,
    approve_all,
    look_through,
    make_blind,
    run_jobs,
    telling_pdf,
)
from tests.support.entries import account, make_attachment, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, make_unit
from tests.support.judging import JUDGE, ROUND
from tests.support.office_files import (
    laughs,
    paragraphs,
    telling_word,
    telling_workbook,
    word_of,
)
from tests.support.voting import in_tenant
from tests.unit.judging.test_blinding import content, darkness, drawn_page
from tests.unit.judging.test_text_papers import told, words_of

ELSEWHERE = "Qwxzyk Vvjj"
WORD_NAME, BOOK_NAME = "wzyxqq.docx", "wzyxqq.xlsx"


def judged(edition: EditionView, files: Mapping[str, bytes]) -> Entry:
    """A dossier with these files in an open blind round with one judge, looked through."""
    unit = make_unit("xa-qqvvxx", name=UNIT)
    owner = make_account("vu@zzkkqq.edu.vn", name=AUTHOR)
    entry = make_entry(edition, owner, title="Máy sấy", unit=unit, authors=((AUTHOR, "chief", 1970),))
    for name, made in files.items():
        media_type = WORKBOOK if name.endswith("xlsx") else WORD
        make_attachment(entry, field="tep_thuyet_minh", name=name, content=made, media_type=media_type)
    appoint_judge(edition, account(JUDGE).id, actor=SYSTEM, now=NOW)
    open_round(edition, ROUND, actor=SYSTEM, now=NOW)
    make_blind(edition, ROUND)
    look_through(entry)
    return entry


def officer() -> Actor:
    return actor_of(account(OFFICER))


def drafts(edition: EditionView, entry: Entry) -> dict[str, FileDraft]:
    return {one.name: one for one in draft_of(edition, entry, ROUND).files}


def test_found_names_are_covered_and_the_copy_has_no_words_and_no_properties(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {WORD_NAME: telling_word(AUTHOR), BOOK_NAME: telling_workbook(AUTHOR)})

        made = drafts(edition, entry)

        for draft in made.values():
            assert (draft.state, draft.is_text, draft.media_type) == ("ready", True, "application/pdf")
            assert draft.copy is not None
            copy = content(draft.copy.sha256)
            assert (PdfReader(io.BytesIO(copy)).metadata, words_of(copy).strip()) == (None, "")
            assert told(copy, *SECRETS) == []
            assert {one.found for one in draft.hidden} == {AUTHOR}
            assert all(darkness(drawn_page(copy), rect) > 0.9 for one in draft.hidden for rect in one.rects)
        assert [len(made[name].hidden) for name in (WORD_NAME, BOOK_NAME)] == [2, 1]


def test_what_no_copy_has_is_told_apart(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {WORD_NAME: telling_word(AUTHOR)})

        draft = drafts(edition, entry)[WORD_NAME]

        places = {one.place.split("/", 1)[1] for one in draft.told}
        assert {
            "phan/word header1.xml", "phan/word footer1.xml", "phan/word comments.xml",
            "thuoc-tinh/docProps core.xml creator", "thuoc-tinh/word media image1.jpg Artist",
        } <= places  # fmt: skip
        assert "phan/word document.xml" not in places


def test_pages_with_pictures_are_to_be_looked_at_and_their_file_is_not_offered_ticked(world: World) -> None:
    plain = Document()
    plain.add_paragraph("Không có ảnh.")
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {WORD_NAME: telling_word(AUTHOR), "khac.docx": word_of(plain)})

        blank = {name: one.blank for name, one in drafts(edition, entry).items()}

        assert blank == {WORD_NAME: (1,), "khac.docx": ()}


def test_judges_read_the_copy_under_a_name_that_tells_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {WORD_NAME: telling_word(AUTHOR)})

        approved = approve_all(edition, entry, ROUND)

        [file] = approved.shown["files"]
        assert (file["name"], file["media_type"], file["pages"]) == (
            f"{entry.code}-tep-1.pdf", "application/pdf", 1,
        )  # fmt: skip


def test_a_choice_and_a_box_outlive_another_look(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {WORD_NAME: telling_word(AUTHOR)})
        draft = drafts(edition, entry)[WORD_NAME]
        choose(entry, draft.hidden[0].key, "dismiss", actor=officer())
        set_boxes(entry, draft.id, [[1, 0, 9000, 5000, 10_000]], actor=officer())

        look_through(entry)

        again = drafts(edition, entry)[WORD_NAME]
        assert again.copy is not None
        assert [one.key for one in again.kept] == [draft.hidden[0].key]
        assert again.copy.boxes == [[1, 0, 9000, 5000, 10_000]]
        page = drawn_page(content(again.copy.sha256))
        assert darkness(page, (100, 9100, 4900, 9900)) > 0.95
        assert darkness(page, again.kept[0].rects[0]) < 0.6


def test_a_pdf_of_the_committees_own_takes_its_place_and_goes_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {WORD_NAME: telling_word(AUTHOR)})
        file_id = drafts(edition, entry)[WORD_NAME].id

        put_own(entry, file_id, "sach.pdf", io.BytesIO(telling_pdf(f"Của {UNIT}")), actor=officer())
        run_jobs(entry)

        own = drafts(edition, entry)[WORD_NAME]
        assert (own.state, own.is_own, own.is_text, own.left_out) == ("ready", True, False, {})
        assert [one.found for one in own.hidden] == [UNIT]
        drop_own(entry, file_id, actor=officer())
        run_jobs(entry)
        back = drafts(edition, entry)[WORD_NAME]
        assert (back.state, back.is_text, {one.found for one in back.hidden}) == ("ready", True, {AUTHOR})


def test_bombs_are_told_and_left_out_and_the_rest_of_the_dossier_goes_on(world: World) -> None:
    bombs = {"cuoi.docx": laughs(), "dai.docx": paragraphs(100_000)}
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {**bombs, WORD_NAME: telling_word(AUTHOR)})

        made = drafts(edition, entry)

        assert {name: (one.state, one.is_unread) for name, one in made.items()} == {
            **dict.fromkeys(bombs, ("failed", True)),
            WORD_NAME: ("ready", False),
        }
        digest = draft_of(edition, entry, ROUND).digest
        with pytest.raises(BlindRefused, match="chưa có bản che"):
            approve(edition, entry, ROUND, [made["dai.docx"].id], digest, actor=officer(), now=NOW)


def test_more_pages_than_a_copy_may_have_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blind_files, "PAGES_MAX", 2)
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {"dai.docx": paragraphs(200)})

        assert drafts(edition, entry)["dai.docx"].state == "failed"


def test_a_dossier_looked_through_before_text_copies_were_made_says_so(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {WORD_NAME: telling_word(AUTHOR)})
        copy = session().scalars(select(BlindCopy)).one()
        copy.text = copy.sha256 = None
        session().flush()

        assert drafts(edition, entry)[WORD_NAME].state == "unmade"
        look_through(entry)
        assert drafts(edition, entry)[WORD_NAME].state == "ready"


def test_a_file_that_is_gone_makes_no_text_copy(world: World) -> None:
    with in_tenant(world, world.first), pytest.raises(FileUnread):
        make_text_copy("0" * 64)


def test_names_are_found_however_word_split_and_set_them(world: World) -> None:
    document = Document()
    for style in ("Heading 1", "List Bullet", "Quote", "Normal"):
        line = document.add_paragraph(style=style)
        for letter in f"Nhóm của {AUTHOR} ở xa":
            line.add_run(letter)
    upper = document.add_paragraph()
    upper.add_run(AUTHOR.upper()).bold = True
    document.add_table(1, 6).cell(0, 5).text = f"tên dài trong ô hẹp {AUTHOR}"
    with in_tenant(world, world.first) as edition:
        entry = judged(edition, {WORD_NAME: word_of(document)})

        found = drafts(edition, entry)[WORD_NAME].hidden

        assert [" ".join(one.found.split()).lower() for one in found] == [AUTHOR.lower()] * 6
        scan = session().scalars(select(BlindScan)).one()
        assert all(Finding.of(one).rects for one in scan.findings if Finding.of(one).page)
