"""What is ticked, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.entries.errors import MoveRefused
from core.entries.models import Entry
from core.entries.screening.checklist import (
    Answer,
    Evidence,
    Item,
    Row,
    Typed,
    items_of,
    proposal_of,
    rows_of,
    save_marks,
)
from core.entries.screening.claims import ClaimedByOther, claim, claims_of
from core.entries.states import Move
from core.kernel import audit
from core.kernel.actor import Role
from core.kernel.errors import Invalid
from core.plugin_api import Clause, Text
from tests.support.entries import make_attachment, make_entry
from tests.support.factories import NOW, actor_of, make_account
from tests.unit.entries.conftest import Here

RULE = Clause("dieu_3", Text("Thể lệ"), Text("Điều 3"), Text("Đã áp dụng."))


def row(answer: Answer | None, *, before: Answer | None = None, key: str = "a", cited: bool = True) -> Row:
    """A row of the checklist with an answer."""
    item = Item(key, Text(f"Mục {key}"), None, RULE if cited else None, True)
    return Row(
        item, answer, "thiếu xác nhận" if answer is Answer.NO else "", Evidence(), "", None, before, ""
    )


def all_yes(entry: Entry, here: Here) -> dict[str, Typed]:
    """Every item of the dossier ticked as met."""
    return {one.key: Typed("yes") for one in items_of(entry, here.edition)}


@pytest.mark.parametrize(
    ("rows", "move", "missing"),
    [
        ((row(Answer.YES), row(Answer.NA, key="b")), Move.ACCEPT, 0),
        ((row(Answer.YES), row(None, key="b")), None, 1),
        ((row(Answer.YES), row(Answer.NO, key="b")), Move.RETURN, 0),
        ((row(None), row(Answer.NO, key="b")), Move.RETURN, 1),
        ((row(Answer.NO, before=Answer.NO),), Move.REFUSE, 0),
        ((row(Answer.NO, before=Answer.NO, cited=False),), Move.RETURN, 0),
        ((), None, 0),
    ],
)
def test_what_follows_from_the_ticks(rows: tuple[Row, ...], move: Move | None, missing: int) -> None:
    found = proposal_of(rows, "vi")

    assert (found.move, found.missing) == (move, missing)


def test_what_is_not_met_becomes_the_words_to_the_entrant_and_its_clause() -> None:
    found = proposal_of((row(Answer.NO), row(Answer.NO, key="b", cited=False)), "vi")

    assert (found.reason, found.clause) == ("- Mục a: thiếu xác nhận\n- Mục b: thiếu xác nhận", "dieu_3")


def test_what_asks_for_evidence_stands_first_and_keeps_it(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    make_attachment(entry, name="bien-ban.pdf")
    evidence = Evidence(("bien-ban.pdf", "cua-nguoi-khac.pdf"), "  HTX chè\u200f Thử ", "03/2024")
    typed = {"da_trien_khai": Typed("yes", "Đã gọi điện hỏi.", evidence)}

    changed = save_marks(entry, here.edition, typed, round_=1, actor=here.officer, now=NOW)

    first = rows_of(entry, items_of(entry, here.edition))[0]
    assert (changed, first.item.key, first.item.evidence, first.answer) == (
        1,
        "da_trien_khai",
        True,
        Answer.YES,
    )
    assert first.evidence == Evidence(("bien-ban.pdf",), "HTX chè Thử", "03/2024")
    assert (first.remark, first.who, first.at) == ("Đã gọi điện hỏi.", "Cán bộ Thử", NOW)


def test_who_ticked_what_stays_when_another_saves_the_same(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    save_marks(entry, here.edition, all_yes(entry, here), round_=1, actor=here.officer, now=NOW)
    other = actor_of(make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE]))
    later = NOW + timedelta(hours=1)
    typed = {**all_yes(entry, here), "da_trien_khai": Typed("no", "Chưa thấy minh chứng.")}

    changed = save_marks(entry, here.edition, typed, round_=1, actor=other, now=later)

    who = {one.item.key: one.who for one in rows_of(entry, items_of(entry, here.edition))}
    assert (changed, who.pop("da_trien_khai"), set(who.values())) == (1, "Cán bộ Hai", {"Cán bộ Thử"})


def test_saving_ticks_takes_the_dossier_in_hand(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    save_marks(entry, here.edition, all_yes(entry, here), round_=1, actor=here.officer, now=NOW)

    assert claims_of([entry.id], NOW)[entry.id].name == "Cán bộ Thử"


def test_what_somebody_else_has_in_hand_is_not_ticked(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    other = actor_of(make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE]))
    claim(entry, actor=other, now=NOW)

    with pytest.raises(ClaimedByOther):
        save_marks(entry, here.edition, all_yes(entry, here), round_=1, actor=here.officer, now=NOW)

    assert [one.answer for one in rows_of(entry, items_of(entry, here.edition)) if one.answer] == []


def test_ticks_about_an_older_version_are_refused(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    entry.version = 2

    with pytest.raises(MoveRefused, match="nộp lại"):
        save_marks(entry, here.edition, all_yes(entry, here), round_=1, actor=here.officer, now=NOW)


def test_the_round_before_is_shown_beside_the_new_one(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    typed = {"da_trien_khai": Typed("no", "Thiếu xác nhận.")}
    save_marks(entry, here.edition, typed, round_=1, actor=here.officer, now=NOW)
    entry.version = 2

    first = rows_of(entry, items_of(entry, here.edition))[0]

    assert (first.answer, first.before, first.before_remark) == (None, Answer.NO, "Thiếu xác nhận.")


def test_a_remark_that_is_too_long_is_told_at_its_item(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    typed = {"da_trien_khai": Typed("yes", "a" * 1001)}

    with pytest.raises(Invalid) as refusal:
        save_marks(entry, here.edition, typed, round_=1, actor=here.officer, now=NOW)

    assert list(refusal.value.errors) == ["remark-da_trien_khai"]


def test_the_log_holds_answers_and_no_remark(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    typed = {"da_trien_khai": Typed("no", "Ông Nguyễn Văn A chưa xác nhận.")}

    save_marks(entry, here.edition, typed, round_=1, actor=here.officer, now=NOW)

    record = audit.records(subject=entry.code, actions=["screening.checked"])[0]
    assert record.data == {"round": 1, "answers": {"da_trien_khai": "no"}}


def test_an_answer_that_nobody_offers_is_no_answer(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    typed = {"da_trien_khai": Typed("maybe"), "khong_co": Typed("yes")}

    assert save_marks(entry, here.edition, typed, round_=1, actor=here.officer, now=NOW) == 0
