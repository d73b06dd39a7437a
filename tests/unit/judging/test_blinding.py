"""Blind rounds: judges read what was approved and no more, copies hold nothing that was found, nothing is half done."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.events import EntryAccepted
from core.entries.models import Attachment, Entry
from core.entries.pages import FileCopy
from core.entries.policies import may_read_file
from core.entries.services import detach
from core.judging.blind import blind_titles, is_about_people, is_blind
from core.judging.blind_drafts import draft_of
from core.judging.blind_jobs import look_when_accepted
from core.judging.blind_models import BlindCopy, BlindDossier, BlindScan
from core.judging.blind_office import is_ticked
from core.judging.blind_scan import Finding
from core.judging.dossiers import ShownDossier, shown_to_judge
from core.judging.errors import BlindRefused
from core.judging.policies import access_sheet
from core.judging.queries import desk_queue
from core.judging.services import appoint_judge, open_round
from core.judging.services.blinding import (
    approve,
    ask_scans,
    choose,
    drop_own,
    put_own,
    set_blind,
    set_boxes,
    set_more,
    withdraw,
)
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.files import file_key, file_store
from core.kernel.jobs import run_due_jobs
from core.plugin_api import (
    Criterion,
    FieldKind,
    FormField,
    Plugin,
    PluginInfo,
    PluginRef,
    Round,
    Text,
    hookimpl,
)
from core.plugin_host import rules_for
from core.plugin_host.host import Host
from tests.support.blind import (
    AUTHOR,
    MAIL,
    OFFICER,
    PHONE,
    SECRETS,
    SHOWN,
    TITLE,
    UNIT,
    WORKPLACE,
    approve_all,
    look_through,
    make_blind,
    make_telling_entry,
    run_jobs,
    telling_pdf,
)
from tests.support.entries import account, pdf_bytes, picture_bytes
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import JUDGE, ROUND, judge_actor, lock, place_of
from tests.support.voting import in_tenant


def judged(edition: EditionView) -> Entry:
    """The telling dossier in an open round with one judge."""
    entry = make_telling_entry(edition)
    appoint_judge(edition, account(JUDGE).id, actor=SYSTEM, now=NOW)
    open_round(edition, ROUND, actor=SYSTEM, now=NOW)
    return entry


def officer() -> Actor:
    return actor_of(account(OFFICER))


def words_of(shown: ShownDossier) -> str:
    """All words that a judge reads of it."""
    tables = [row for group in shown.groups for one in group.answers if one.table for row in one.table.rows]
    answers = [one.text for group in shown.groups for one in group.answers]
    files = [file.name for group in shown.groups for one in group.answers for file in one.files]
    people = [f"{one.name} {one.workplace}" for one in shown.authors]
    return " | ".join(
        [shown.title, shown.unit_name, *people, *answers, *(c for row in tables for c in row), *files]
    )


def told(words: str) -> list[str]:
    return [one for one in SECRETS if one in words]


def content(sha256: str | None) -> bytes:
    assert sha256 is not None
    return b"".join(file_store().read(file_key(session().tenant_id, sha256)))


def findings(entry: Entry) -> list[Finding]:
    scan = session().scalars(select(BlindScan).where(BlindScan.entry_id == entry.id)).one()
    return [Finding.of(one) for one in scan.findings]


def files_of(entry: Entry) -> dict[str, UUID]:
    """The ids of the dossier's files by their ending."""
    rows = session().scalars(select(Attachment).where(Attachment.entry_id == entry.id))
    return {one.name.rpartition(".")[2]: one.id for one in rows}


def copy_of(entry: Entry, ending: str) -> BlindCopy:
    ask = select(BlindCopy).where(BlindCopy.attachment_id == files_of(entry)[ending])
    return session().scalars(ask.execution_options(populate_existing=True)).one()


def test_a_round_that_is_not_blind_shows_everything(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)

        assert set(told(words_of(shown_to_judge(edition, place_of(edition, entry))))) >= {"Wzyxqq", PHONE}


def test_nothing_that_is_not_approved_is_shown(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        place = place_of(edition, entry)

        make_blind(edition, ROUND)

        with pytest.raises(NotFound, match="chưa duyệt bản ẩn danh"):
            access_sheet(edition, judge_actor(), ROUND, entry.code or "")
        with pytest.raises(NotFound):
            shown_to_judge(edition, place)
        queue = desk_queue(edition, place.judge, place.round)
        assert (queue.rows, queue.hidden) == ((), 1)


def test_what_is_approved_holds_no_secret_and_the_rest_of_the_words(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)

        approve_all(edition, entry, ROUND)

        place = place_of(edition, entry)
        shown = shown_to_judge(edition, place)
        assert told(words_of(shown)) == []
        assert shown.title == place.entry_title == "Máy sấy chè của [đã ẩn]"
        assert (shown.authors, shown.unit_name, shown.is_blind) == ((), "", True)
        assert "Bớt nửa giờ sấy." in words_of(shown)
        assert desk_queue(edition, place.judge, place.round).rows[0].title == shown.title
        assert blind_titles(edition, ROUND) == {entry.code: shown.title}


def test_a_question_that_is_not_ticked_is_not_shown_and_one_taken_off_is_gone_at_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        approve_all(edition, entry, ROUND)

        make_blind(edition, ROUND, ["tep_thuyet_minh"])

        shown = shown_to_judge(edition, place_of(edition, entry))
        assert [one.label for group in shown.groups for one in group.answers] == ["Bản thuyết minh"]


def test_an_answer_that_is_shown_later_is_to_be_approved_first(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND, ["tep_thuyet_minh"])
        look_through(entry)
        approve_all(edition, entry, ROUND)

        make_blind(edition, ROUND)

        with pytest.raises(NotFound):
            place_of(edition, entry)


def test_the_original_files_are_closed_to_who_judges_it_blind_anywhere(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        assert may_read_file(judge_actor(), entry)

        make_blind(edition, ROUND)

        assert not may_read_file(judge_actor(), entry)


def test_copies_have_neither_text_nor_properties_and_neutral_names(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        approve_all(edition, entry, ROUND)

        shown = shown_to_judge(edition, place_of(edition, entry))

        files = [file for group in shown.groups for one in group.answers for file in one.files]
        assert [file.name for file in files] == [f"{entry.code}-tep-1.pdf", f"{entry.code}-tep-2.jpg"]
        pdf, picture = (content(file.sha256) for file in files)
        reader = PdfReader(io.BytesIO(pdf))
        assert (reader.metadata, reader.pages[0].extract_text().strip()) == (None, "")
        assert told(pdf.decode("latin-1")) == told(picture.decode("latin-1")) == []
        with Image.open(io.BytesIO(picture)) as opened:
            assert (dict(opened.getexif()), opened.size) == ({}, (600, 400))


def test_names_are_covered_on_the_page_and_the_other_words_are_not(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)

        rect = next(one for one in findings(entry) if one.page and AUTHOR in one.found).rects[0]
        drawn = drawn_page(content(copy_of(entry, "pdf").sha256))

        assert darkness(drawn, rect) > 0.95
        assert 0 < darkness(drawn, (0, 0, 10_000, rect[1] - 100)) < 0.5


def drawn_page(pdf: bytes) -> Image.Image:
    import pypdfium2

    page: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    return page


def darkness(page: Image.Image, rect: tuple[int, int, int, int]) -> float:
    """The share of black in a part of the page."""
    across, down = page.width / 10_000, page.height / 10_000
    part = page.crop(
        (round(rect[0] * across), round(rect[1] * down), round(rect[2] * across), round(rect[3] * down))
    )
    values = part.histogram()
    return sum(values[:64]) / max(sum(values), 1)


def test_each_place_that_tells_is_found(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)

        look_through(entry)

        names = {file.hex: ending for ending, file in files_of(entry).items()}
        places = {
            (names.get(one.file, "-"), *one.place.split("/")[1:2], one.found)
            if one.file
            else (one.place, one.found)
            for one in findings(entry)
        }
        assert {
            ("title", AUTHOR), ("facts.tom_tat", AUTHOR.upper()), ("facts.tom_tat", UNIT), ("facts.tom_tat", PHONE),
            ("facts.tom_tat", MAIL), ("facts.bang_loi_ich_thanh_tien.0.khoan", WORKPLACE), ("pdf", "trang", AUTHOR),
            ("pdf", "trang", UNIT), ("pdf", "ten", AUTHOR), ("pdf", "thuoc-tinh", AUTHOR),
            ("jpg", "thuoc-tinh", AUTHOR),
            ("pptx", "phan", AUTHOR), ("pptx", "thuoc-tinh", AUTHOR),
        } <= places  # fmt: skip


def test_a_false_alarm_is_dismissed_and_stays_so_when_it_is_read_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        unit = next(one for one in findings(entry) if one.place == "facts.tom_tat" and one.found == UNIT)

        choose(entry, unit.key, "dismiss", actor=officer())
        look_through(entry)

        assert UNIT in draft_of(edition, entry, ROUND).facts["tom_tat"]
        choose(entry, unit.key, "words", "một xã", actor=officer())
        assert "Bà con một xã dùng." in draft_of(edition, entry, ROUND).facts["tom_tat"]
        choose(entry, unit.key, "hide", actor=officer())
        assert "Bà con [đã ẩn] dùng." in draft_of(edition, entry, ROUND).facts["tom_tat"]


def test_what_is_dismissed_on_a_page_is_seen_in_the_copy_made_anew(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        name = next(one for one in findings(entry) if one.page and one.found == AUTHOR)
        before = copy_of(entry, "pdf").sha256

        choose(entry, name.key, "dismiss", actor=officer())
        waiting = copy_of(entry, "pdf").state
        run_jobs(entry)

        assert (waiting, copy_of(entry, "pdf").state) == ("waiting", "ready")
        assert copy_of(entry, "pdf").sha256 != before
        assert darkness(drawn_page(content(copy_of(entry, "pdf").sha256)), name.rects[0]) < 0.6


def test_a_title_of_the_committees_own_is_what_judges_read(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)

        choose(entry, "title", "words", "Máy sấy chè bằng nắng", actor=officer())
        approve_all(edition, entry, ROUND)

        assert place_of(edition, entry).entry_title == "Máy sấy chè bằng nắng"
        assert entry.title == TITLE


def test_further_words_are_hidden_too(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)

        set_more(entry, ["nửa giờ", " "], actor=officer())
        look_through(entry)

        assert "Bớt [đã ẩn] sấy." in draft_of(edition, entry, ROUND).facts["tom_tat"]


def test_places_are_covered_by_hand(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)

        set_boxes(entry, files_of(entry)["jpg"], [[1, 0, 0, 5000, 10_000]], actor=officer())
        run_jobs(entry)

        with Image.open(io.BytesIO(content(copy_of(entry, "jpg").sha256))) as opened:
            assert opened.getpixel((100, 200)) == (0, 0, 0)
            assert opened.getpixel((500, 200)) != (0, 0, 0)


@pytest.mark.parametrize(
    "box", [[0, 0, 0, 10, 10], [1, 10, 0, 10, 10], [1, 0, 0, 10_001, 10], [1, 0, 0, 10], [1, -1, 0, 10, 10]]
)
def test_a_box_that_is_none_is_refused(world: World, box: list[int]) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)

        with pytest.raises(Invalid):
            set_boxes(entry, files_of(entry)["jpg"], [box], actor=officer())


def test_a_cleaned_file_takes_the_place_of_one_that_no_copy_is_drawn_of(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        before = {one.name: one.state for one in draft_of(edition, entry, ROUND).files}

        put_own(
            entry,
            files_of(entry)["pptx"],
            "sach.pdf",
            io.BytesIO(telling_pdf(f"Của {UNIT}")),
            actor=officer(),
        )
        run_jobs(entry)

        own = draft_of(edition, entry, ROUND).files[2]
        assert before["wzyxqq.pptx"] == "unfit"
        assert (own.state, own.is_own, [one.found for one in own.hidden]) == ("ready", True, [UNIT])
        drop_own(entry, own.id, actor=officer())
        assert draft_of(edition, entry, ROUND).files[2].state == "unfit"


def test_a_file_that_breaks_its_reader_is_left_out_and_the_rest_goes_on(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        broken = session().get_one(Attachment, (session().tenant_id, files_of(entry)["pdf"]))
        broken.sha256 = "0" * 64
        make_blind(edition, ROUND)

        look_through(entry)

        draft = draft_of(edition, entry, ROUND)
        by_state = {one.state: one for one in draft.files}
        assert {state: one.is_unread for state, one in by_state.items()} == {
            "failed": True, "ready": False, "unfit": False,
        }  # fmt: skip
        with pytest.raises(BlindRefused, match="chưa có bản che"):
            approve(edition, entry, ROUND, [by_state["failed"].id], draft.digest, actor=officer(), now=NOW)


def test_a_page_without_letters_is_told_and_its_file_not_ticked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        put_own(entry, files_of(entry)["pdf"], "quet.pdf", io.BytesIO(pdf_bytes(pages=2)), actor=officer())
        make_blind(edition, ROUND)

        look_through(entry)

        draft = draft_of(edition, entry, ROUND)
        assert [(one.state, one.blank) for one in draft.files] == [
            ("ready", (1, 2)), ("ready", (1,)), ("unfit", ()),
        ]  # fmt: skip
        assert not any(is_ticked(None, entry, one) for one in draft.files[:2])


def test_what_changed_since_it_was_looked_at_is_not_approved(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        seen = draft_of(edition, entry, ROUND).digest

        choose(entry, "title", "words", "Tên khác", actor=officer())

        with pytest.raises(BlindRefused, match="vừa thay đổi"):
            approve(edition, entry, ROUND, [], seen, actor=officer(), now=NOW)


def test_a_later_version_is_hidden_until_it_is_looked_through_and_approved(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        approve_all(edition, entry, ROUND)

        entry.version += 1
        session().flush()

        with pytest.raises(NotFound):
            place_of(edition, entry)
        with pytest.raises(BlindRefused, match="chưa quét xong"):
            approve_all(edition, entry, ROUND)


def test_an_approval_is_taken_back(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        approve_all(edition, entry, ROUND)

        assert withdraw(entry, ROUND, actor=officer(), now=NOW)

        assert not withdraw(entry, ROUND, actor=officer(), now=NOW)
        assert session().scalars(select(BlindDossier)).one().shown == {}
        with pytest.raises(NotFound):
            place_of(edition, entry)


def test_once_a_sheet_is_locked_the_round_stays_as_it_is(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        lock(edition, entry)

        with pytest.raises(BlindRefused, match="phiếu khóa"):
            make_blind(edition, ROUND)

        assert not is_blind(edition, ROUND)


def test_an_older_wish_does_nothing_and_a_job_done_twice_changes_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        ask_scans([entry.id], actor=officer())

        look_through(entry)

        scan = session().scalars(select(BlindScan)).one()
        assert (scan.number, scan.state, scan.version) == (2, "done", 1)
        assert run_due_jobs() == 0


def test_a_dossier_accepted_later_is_looked_through_by_itself(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = make_telling_entry(edition)
        event = EntryAccepted(edition.id, entry.id, entry.code or "", NOW)
        look_when_accepted(event)
        assert session().scalars(select(BlindScan)).all() == []
        make_blind(edition, ROUND)

        look_when_accepted(event)

        assert session().scalars(select(BlindScan)).one().state == "waiting"


def test_only_the_committee_does_it_and_the_log_says_so_without_names(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        with pytest.raises(Forbidden):
            set_blind(edition, ROUND, SHOWN, is_on=True, actor=judge_actor(), now=NOW)
        make_blind(edition, ROUND)
        make_blind(edition, ROUND)
        look_through(entry)
        approve_all(edition, entry, ROUND)
        with pytest.raises(Forbidden):
            choose(entry, "title", "words", "X", actor=judge_actor())

        lines = audit.records(actions=["blind.round_set", "blind.approved"])

        assert [one.action for one in lines] == ["blind.round_set", "blind.approved"]
        assert told(str([one.data for one in lines])) == []


def test_a_question_about_people_is_never_shown(world: World) -> None:
    def asked(label: str, *, blind: bool = False) -> bool:
        return is_about_people(FormField("x", Text(label, ""), FieldKind.TEXT, blind=blind))

    assert asked("Họ và tên tác giả")
    assert asked("Điện thoại liên hệ")
    assert asked("Đơn vị công tác")
    assert not asked("Hiệu quả tại đơn vị áp dụng")
    assert not asked("Số tác giả", blind=True)
    with in_tenant(world, world.first) as edition, pytest.raises(Invalid):
        set_blind(edition, ROUND, ["khong_co"], is_on=True, actor=officer(), now=NOW)


def test_another_tenant_is_not_touched(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_blind(edition, ROUND)
    with in_tenant(world, world.second) as edition:
        entry = judged(edition)

        assert not is_blind(edition, ROUND)
        assert not shown_to_judge(edition, place_of(edition, entry)).is_blind


def test_files_are_named_as_copies_and_a_picture_is_one_too(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        put_own(entry, files_of(entry)["pdf"], "a.png", io.BytesIO(picture_bytes("PNG")), actor=officer())
        look_through(entry)
        approve_all(edition, entry, ROUND)

        shown = shown_to_judge(edition, place_of(edition, entry))

        files = [file for group in shown.groups for one in group.answers for file in one.files]
        assert all(isinstance(file, FileCopy) for file in files)
        assert [file.name for file in files] == [f"{entry.code}-tep-1.jpg", f"{entry.code}-tep-2.jpg"]


def test_a_file_that_leaves_the_dossier_takes_its_copy_along(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        approve_all(edition, entry, ROUND)
        entry.state = "returned"
        gone = files_of(entry)["pdf"]

        detach(entry, gone, actor=actor_of(account(MAIL)), now=NOW)
        session().commit()

        assert gone not in set(session().scalars(select(BlindCopy.attachment_id)))
        assert (
            content(session().scalars(select(BlindDossier)).one().shown["files"][0]["sha256"])[:5] == b"%PDF-"
        )


def test_a_round_that_the_rules_make_blind_needs_no_choice_and_cannot_be_opened_up(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        blind = by_rules(edition)

        assert is_blind(blind, ROUND)
        with pytest.raises(NotFound):
            access_sheet(blind, judge_actor(), ROUND, entry.code or "")
        set_blind(blind, ROUND, ["tom_tat"], is_on=False, actor=officer(), now=NOW)
        assert is_blind(edition, ROUND)


class _Blind:
    """A plugin's rules: the round is judged without names."""

    @hookimpl
    def rounds(self) -> tuple[Round, ...]:
        quality = Criterion("chat_luong", Text("Chất lượng", "Quality"), Decimal(100))
        return (Round(ROUND, Text("Chấm", "Judging"), (quality,), blind=True),)


def by_rules(edition: EditionView) -> EditionView:
    """The same edition under rules that make the round blind."""
    info = PluginInfo("an_danh", "1.0.0", Text("Ẩn danh", "Blind"), ("1.0", "2.0"))
    values = replace(edition.values, plugins=(PluginRef("an_danh", "1.0.0"),), settings={})
    made = replace(edition, values=values)
    made.__dict__["rules"] = rules_for(values, host=Host.of(Plugin(info, hooks=(_Blind(),))))
    return made
