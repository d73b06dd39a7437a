"""New material from the entries of a round: asked for, sent in time, read by that round's judges and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry, EntryVersion
from core.entries.todo import mine_of
from core.judging.dossiers import shown_to_judge
from core.judging.errors import MaterialClosed
from core.judging.material import (
    Asked,
    access_material,
    access_material_file,
    call_of,
    receipts_of,
    sent_by,
    sent_rows,
)
from core.judging.material_models import MaterialCall, MaterialFile
from core.judging.material_todo import material_to_send
from core.judging.services import declare
from core.judging.services.blinding import set_blind
from core.judging.services.material import Delivery, send_material
from core.judging.services.material_asking import CallFacts, QuestionFacts, save_call
from core.kernel import audit
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.mail import Mail
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import ROUND, judge_actor, make_round, place_of
from tests.support.voting import in_tenant

CLOSES = NOW + timedelta(days=3)
ASKED = CallFacts(
    NOW,
    CLOSES,
    (
        QuestionFacts("Trình chiếu", "Không quá 10 trang", Asked.FILES, 1),
        QuestionFacts("Kết quả mới", kind=Asked.TEXT, is_required=False),
    ),
    note="Gửi trước ngày bảo vệ.",
)


def asked(edition: EditionView, facts: CallFacts = ASKED) -> MaterialCall:
    save_call(edition, ROUND, facts, actor=SYSTEM, now=NOW - timedelta(hours=1))
    found = call_of(edition.id, ROUND)
    assert found is not None
    return found


def pdf(pages: int = 1) -> dict[str, list[tuple[str, BytesIO]]]:
    return {"q1": [("trinh-chieu.pdf", BytesIO(pdf_bytes(pages=pages)))]}


def test_each_entry_of_the_round_is_told_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=2)
        call = asked(edition)
        later = replace(ASKED, closes_at=CLOSES + timedelta(days=1), revision=call.revision)
        save_call(edition, ROUND, later, actor=SYSTEM, now=NOW)
        letters = list(session().scalars(select(Mail).where(Mail.kind == "material-wanted")))
        assert len(letters) == 2
        assert "Gửi trước ngày bảo vệ." in letters[0].body


def test_what_is_sent_gets_a_receipt_and_leaves_the_dossier_as_it_was(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        before = session().scalars(select(EntryVersion.sha256)).all()
        given = Delivery({"q2": "Đã bán 20 máy."}, pdf())
        receipt = send_material(entry, call, edition, given, actor=actor_of(account()), now=NOW)
        assert receipt is not None
        assert (receipt.number, len(receipt.sha256)) == (1, 64)
        again = Delivery({"q2": "Đã bán 20 máy."}, pdf())
        assert send_material(entry, call, edition, again, actor=actor_of(account()), now=NOW) is None
        assert session().scalars(select(EntryVersion.sha256)).all() == before
        assert [row.data["number"] for row in audit.records(actions=("material.sent",))] == [1]
        assert session().scalars(select(Mail.kind).where(Mail.kind == "material-received")).all() != []


def test_the_judges_of_the_round_read_it_after_the_dossier(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        place = place_of(edition, entry)
        assert "tai_lieu_bo_sung" not in [one.key for one in shown_to_judge(edition, place).groups]
        given = Delivery({"q2": "Đã bán 20 máy."}, pdf())
        send_material(entry, call, edition, given, actor=actor_of(account()), now=NOW)
        last = shown_to_judge(edition, place).groups[-1]
        assert last.key == "tai_lieu_bo_sung"
        assert [(one.label, one.text, [file.name for file in one.files]) for one in last.answers] == [
            ("Trình chiếu", "", ["trinh-chieu.pdf"]),
            ("Kết quả mới", "Đã bán 20 máy.", []),
        ]


def test_files_are_replaced_until_the_end_and_kept_behind(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        actor = actor_of(account())
        send_material(entry, call, edition, Delivery(files=pdf()), actor=actor, now=NOW)
        send_material(
            entry, call, edition, Delivery(files=pdf(2)), actor=actor, now=CLOSES - timedelta(seconds=1)
        )
        ((new), _text) = sent_by(call, entry.id)
        assert [one.pages for one in new.files] == [2]
        assert len(session().scalars(select(MaterialFile)).all()) == 2
        assert [one.number for one in receipts_of(call.id, entry.id)] == [2, 1]


def test_one_file_more_than_is_asked_for_is_refused_and_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        two = replace(ASKED, questions=(QuestionFacts("Ảnh", max_files=2),))
        call = asked(edition, two)
        actor = actor_of(account())
        held = [(f"{pages}.pdf", BytesIO(pdf_bytes(pages=pages))) for pages in (1, 2)]
        send_material(entry, call, edition, Delivery(files={"q1": held}), actor=actor, now=NOW)
        given = Delivery(files={"q1": [("3.pdf", BytesIO(pdf_bytes(pages=3)))]})
        with pytest.raises(Invalid) as refused:
            send_material(entry, call, edition, given, actor=actor, now=NOW)
        assert "tối đa 2 tệp. Bạn hãy bỏ bớt một tệp rồi tải “3.pdf” lên." in refused.value.errors["q1"][0]


@pytest.mark.parametrize("late", [-timedelta(seconds=1), timedelta(days=3)])
def test_before_and_after_the_window_nothing_is_taken(world: World, late: timedelta) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        with pytest.raises(MaterialClosed):
            send_material(
                entry, call, edition, Delivery(files=pdf()), actor=actor_of(account()), now=NOW + late
            )
        assert sent_by(call, entry.id)[0].files == ()


def test_a_file_that_is_no_document_is_refused_at_its_question(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        given = Delivery(files={"q1": [("la.pdf", BytesIO(b"MZ\\x90 khong phai pdf"))]})
        with pytest.raises(Invalid) as refused:
            send_material(entry, call, edition, given, actor=actor_of(account()), now=NOW)
        assert list(refused.value.errors) == ["q1"]


def test_only_who_may_edit_the_dossier_sends(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        with pytest.raises(Forbidden):
            send_material(entry, call, edition, Delivery(files=pdf()), actor=judge_actor(), now=NOW)
        with pytest.raises(NotFound):
            access_material(actor_of(make_account("la@example.vn")), entry.ref)


def test_files_open_for_entrant_office_and_that_rounds_judges_alone(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        owner = actor_of(account())
        send_material(entry, call, edition, Delivery(files=pdf()), actor=owner, now=NOW)
        file_id = sent_by(call, entry.id)[0].files[0].id
        chief = actor_of(account("btc@example.vn"))
        for reader in (owner, judge_actor(), chief):
            assert access_material_file(reader, file_id).id == file_id
        other = actor_of(make_account("khac@example.vn", roles=[Role.JUDGE]))
        with pytest.raises(NotFound):
            access_material_file(other, file_id)
        declare([entry], ["unit"], "", actor=judge_actor(), now=NOW)
        declare([entry], ["unit"], "", actor=chief, now=NOW)
        for closed in (judge_actor(), chief):
            with pytest.raises(NotFound):
                access_material_file(closed, file_id)


def test_a_judge_who_reads_blind_does_not_open_what_was_sent(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        send_material(entry, call, edition, Delivery(files=pdf()), actor=actor_of(account()), now=NOW)
        ((files), _text) = sent_by(call, entry.id)
        file_id = files.files[0].id
        assert access_material_file(judge_actor(), file_id).id == file_id
        set_blind(edition, ROUND, (), is_on=True, actor=SYSTEM, now=NOW)

        with pytest.raises(NotFound):
            access_material_file(judge_actor(), file_id)


def test_an_entry_that_is_not_in_the_round_is_asked_for_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        asked(edition)
        late = make_entry(edition, account())
        with pytest.raises(NotFound):
            access_material(actor_of(account()), late.ref)


def test_the_entrant_finds_it_in_the_list_of_things_to_do_while_it_is_open(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        asked(edition)
        with world.app.test_request_context():
            (todo,) = material_to_send(mine_of(actor_of(account()), [edition]))
        assert (todo.due, todo.note) == (CLOSES, "")


def test_the_office_sees_what_is_missing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        call = asked(edition)
        send_material(first, call, edition, Delivery(files=pdf()), actor=actor_of(account()), now=NOW)
        assert [(row.code, row.answered, row.missing) for row in sent_rows(edition, call)] == [
            (first.code, 1, 0),
            (second.code, 0, 1),
        ]


def test_questions_stay_once_the_window_is_open_and_a_stale_form_is_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        call = asked(edition)
        other = replace(ASKED, questions=(QuestionFacts("Khác"),), revision=call.revision)
        save_call(edition, ROUND, other, actor=SYSTEM, now=NOW)
        found = call_of(edition.id, ROUND)
        assert found is not None
        assert [one.question.title for one in sent_by(found, _any_entry().id)] == [
            "Trình chiếu",
            "Kết quả mới",
        ]
        with pytest.raises(MaterialClosed):
            save_call(edition, ROUND, other, actor=SYSTEM, now=NOW)
        with pytest.raises(Invalid):
            save_call(
                edition, ROUND, replace(ASKED, closes_at=NOW, revision=found.revision), actor=SYSTEM, now=NOW
            )


def _any_entry() -> Entry:
    return session().scalars(select(Entry)).one()
