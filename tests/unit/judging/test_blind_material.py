"""New material in blind rounds: looked through, covered and approved like the dossier, and shown to nobody before."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.pages import AnswerGroup
from core.judging.blind_drafts import FileDraft, draft_of
from core.judging.blind_models import BlindCopy, BlindScan
from core.judging.blind_office import is_ticked
from core.judging.blind_scan import Finding
from core.judging.dossiers import shown_file, shown_to_judge
from core.judging.errors import BlindRefused
from core.judging.material import call_of, sent_by
from core.judging.queries.blinding import BlindState, blind_counts, blind_waiting, next_to_approve
from core.judging.services.blinding import choose, put_own, set_boxes
from core.judging.services.material import Delivery, send_material
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.files import file_key, file_store
from tests.support.blind import (
    AUTHOR,
    MAIL,
    PHONE,
    WORKPLACE,
    approve_all,
    look_through,
    make_blind,
    run_jobs,
    send_telling_material,
    telling_pdf,
)
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, place_of
from tests.support.voting import in_tenant
from tests.unit.judging.test_blinding import judged, officer, told, words_of


def sent(edition: EditionView) -> Entry:
    """A telling dossier in a blind round, with telling new material, looked through."""
    entry = judged(edition)
    make_blind(edition, ROUND)
    send_telling_material(edition, entry, ROUND)
    look_through(entry)
    return entry


def groups(edition: EditionView, entry: Entry) -> list[AnswerGroup]:
    """The new material as the judge reads it."""
    shown = shown_to_judge(edition, place_of(edition, entry))
    return [one for one in shown.groups if one.key == "tai_lieu_bo_sung"]


def of_material(edition: EditionView, entry: Entry, ending: str) -> FileDraft:
    """A file of the new material as the office sees it."""
    return next(
        one
        for one in draft_of(edition, entry, ROUND).files
        if one.question is not None and one.name.endswith(ending)
    )


def stand(edition: EditionView) -> list[str]:
    """How the dossiers of the round stand."""
    return [state for state, count in blind_counts(edition, ROUND, is_open=True).items() if count]


def test_what_came_is_approved_with_the_dossier_and_tells_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = sent(edition)

        approve_all(edition, entry, ROUND)

        [group] = groups(edition, entry)
        assert [(one.label, one.text, [file.name for file in one.files]) for one in group.answers] == [
            ("Trình chiếu", "", [f"{entry.code}-bo-sung-1.pdf"]),
            ("Kết quả mới", "[đã ẩn] đã mua 20 máy, hỏi [đã ẩn] số [đã ẩn]. Khách khen tốt.", []),
            ("Ảnh mới", "", [f"{entry.code}-bo-sung-2.jpg"]),
        ]
        assert group.title.startswith("Tài liệu bổ sung, ")
        assert told(words_of(shown_to_judge(edition, place_of(edition, entry)))) == []
        assert stand(edition) == [BlindState.READY]


def test_each_place_of_new_material_that_tells_is_found(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = sent(edition)

        scan = session().scalars(select(BlindScan).where(BlindScan.entry_id == entry.id)).one()
        own = {of_material(edition, entry, one).id.hex: one for one in ("pdf", "jpg")}
        found = [Finding.of(one) for one in scan.findings]
        places = {(own[one.file], one.place.split("/")[1], one.found) for one in found if one.file in own}
        assert {("pdf", "trang", AUTHOR), ("pdf", "ten", AUTHOR), ("pdf", "thuoc-tinh", AUTHOR)} <= places
        assert ("jpg", "thuoc-tinh", AUTHOR) in places
        texts = {one.found for one in found if one.place.startswith("material.")}
        assert texts == {WORKPLACE, AUTHOR, PHONE}


def test_copies_of_new_material_have_neither_text_nor_properties(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = sent(edition)
        approve_all(edition, entry, ROUND)

        files = [file for one in groups(edition, entry)[0].answers for file in one.files]

        contents = [b"".join(file_store().read(file_key(session().tenant_id, file.sha256))) for file in files]
        reader = PdfReader(io.BytesIO(contents[0]))
        assert (reader.metadata, reader.pages[0].extract_text().strip()) == (None, "")
        assert [told(one.decode("latin-1")) for one in contents] == [[], []]
        assert len(of_material(edition, entry, "pdf").hidden) > 0


def test_what_comes_after_the_approval_waits_and_the_dossier_stays(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        approve_all(edition, entry, ROUND)

        send_telling_material(edition, entry, ROUND)

        shown = shown_to_judge(edition, place_of(edition, entry))
        assert shown.title == "Máy sấy chè của [đã ẩn]"
        assert groups(edition, entry) == []
        assert stand(edition) == [BlindState.MORE]
        assert blind_waiting(edition, ROUND) == 0
        assert next_to_approve(edition, ROUND, "", officer(), is_open=True) == entry.code
        with pytest.raises(BlindRefused, match="chưa quét xong"):
            approve_all(edition, entry, ROUND)
        run_jobs(entry)
        approve_all(edition, entry, ROUND)
        assert len(groups(edition, entry)) == 1
        assert stand(edition) == [BlindState.READY]


def test_what_is_sent_again_hides_what_was_approved_until_it_is_looked_at(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = sent(edition)
        approve_all(edition, entry, ROUND)
        place = place_of(edition, entry)
        assert shown_file(edition, place, 3).name == f"{entry.code}-bo-sung-1.pdf"

        send_telling_material(edition, entry, ROUND, pdf=telling_pdf(f"Bản sửa của {AUTHOR}."))

        assert groups(edition, entry) == []
        with pytest.raises(NotFound):
            shown_file(edition, place, 3)
        assert shown_file(edition, place, 1).name == f"{entry.code}-tep-1.pdf"


def test_a_file_that_is_taken_out_takes_its_copy_along(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = sent(edition)
        gone = of_material(edition, entry, "pdf").id
        call = call_of(edition.id, ROUND)
        assert call is not None

        taken = Delivery(removed=[gone])
        send_material(entry, call, edition, taken, actor=actor_of(account(MAIL)), now=NOW)
        run_jobs(entry)

        call = call_of(edition.id, ROUND)
        assert call is not None
        kept = session().scalars(select(BlindCopy.material_file_id)).all()
        assert [one for one in kept if one is not None] == [
            file.id for one in sent_by(call, entry.id) for file in one.files
        ]
        assert [one.name for one in draft_of(edition, entry, ROUND).files if one.question] == [
            "wzyxqq-moi.jpg"
        ]


def test_new_material_is_covered_by_hand_put_in_other_words_and_replaced(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = sent(edition)
        text = next(one for one in draft_of(edition, entry, ROUND).texts if one.place.startswith("material."))
        before = {one: of_material(edition, entry, one) for one in ("pdf", "jpg")}

        choose(entry, text.key, "words", "Một trường", actor=officer())
        set_boxes(entry, before["jpg"].id, [[1, 0, 0, 5000, 10_000]], actor=officer())
        clean = io.BytesIO(telling_pdf("Bản sạch.", author="x"))
        put_own(entry, before["pdf"].id, "sach.pdf", clean, actor=officer())
        run_jobs(entry)

        draft = draft_of(edition, entry, ROUND)
        assert next(iter(draft.written.values())).startswith("Một trường đã mua 20 máy")
        after = {one: of_material(edition, entry, one) for one in ("pdf", "jpg")}
        assert (after["pdf"].is_own, after["pdf"].hidden, after["pdf"].state) == (True, (), "ready")
        assert after["jpg"].copy is not None
        assert after["jpg"].copy.boxes == [[1, 0, 0, 5000, 10_000]]


def test_new_material_is_offered_ticked_unless_people_must_look_at_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        approved = approve_all(edition, entry, ROUND)
        send_telling_material(edition, entry, ROUND)
        run_jobs(entry)
        session().add(approved)

        ticked = {
            one.name.rpartition(".")[2]: is_ticked(approved, entry, one, has_more=True)
            for one in draft_of(edition, entry, ROUND).files
            if one.question is not None
        }

        assert ticked == {"pdf": True, "jpg": False}


def test_an_entry_that_nobody_reads_blind_is_not_looked_through(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)

        send_telling_material(edition, entry, ROUND)

        assert session().scalars(select(BlindScan)).all() == []
