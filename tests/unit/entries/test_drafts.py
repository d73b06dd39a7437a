"""Starting and saving a dossier."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.contests.policies import PhaseClosed
from core.contests.values import PhaseKind
from core.entries.content import authors_of
from core.entries.errors import MoveRefused
from core.entries.services import save_draft, start_draft
from core.kernel.errors import Forbidden, Invalid
from core.kernel.ids import token
from tests.support.entries import account, count_entries, make_entry
from tests.support.factories import NOW, actor_of, make_unit
from tests.unit.entries.conftest import Here


def test_a_double_click_starts_one_dossier(here: Here) -> None:
    form_token = token()
    first = start_draft(here.edition, owner=here.owner, form_token=form_token, actor=here.entrant, now=NOW)
    second = start_draft(here.edition, owner=here.owner, form_token=form_token, actor=here.entrant, now=NOW)

    assert (first.id, count_entries()) == (second.id, 1)


def test_a_new_dossier_names_its_owner_as_chief_author_and_the_unit_of_the_link(here: Here) -> None:
    unit = make_unit("phuong-phan-dinh-phung", name="Phường Phan Đình Phùng")
    entry = start_draft(
        here.edition,
        owner=here.owner,
        form_token=token(),
        unit_code=unit.code,
        actor=here.entrant,
        now=NOW,
    )

    author = authors_of([entry.id])[entry.id][0]
    assert (author.name, author.role, entry.unit_id) == (here.owner.name, "chief", unit.id)


@pytest.mark.parametrize(("seconds", "is_open"), [(-1, True), (0, False), (1, False)])
def test_drafts_start_until_the_last_second_before_the_deadline(
    here: Here, seconds: int, is_open: bool
) -> None:
    phase = here.edition.phase(PhaseKind.SUBMISSION)
    assert phase is not None
    now = phase.closes_at + timedelta(seconds=seconds)

    if is_open:
        start_draft(here.edition, owner=here.owner, form_token=token(), actor=here.entrant, now=now)
    else:
        with pytest.raises(PhaseClosed, match="Đã hết thời gian nộp hồ sơ: từ"):
            start_draft(here.edition, owner=here.owner, form_token=token(), actor=here.entrant, now=now)

    assert count_entries() == (1 if is_open else 0)


def test_saving_keeps_what_is_not_named(here: Here) -> None:
    entry = make_entry(
        here.edition, here.owner, state="draft", facts={"tom_tat": "Cũ", "noi_trien_khai": "Xã A"}
    )

    save_draft(entry, here.edition, {"facts": {"tom_tat": "Mới"}}, actor=here.entrant, now=NOW)

    assert entry.facts == {"tom_tat": "Mới", "noi_trien_khai": "Xã A"}


def test_an_emptied_answer_is_gone(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft", facts={"tom_tat": "Cũ"})

    save_draft(entry, here.edition, {"facts": {"tom_tat": ""}}, actor=here.entrant, now=NOW)

    assert entry.facts == {}


def test_what_passes_is_kept_while_the_rest_is_told_at_its_field(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft", facts={})

    with pytest.raises(Invalid) as refusal:
        save_draft(
            entry,
            here.edition,
            {"title": "Bếp đun trấu", "facts": {"tom_tat": "Đun bằng trấu", "thang_trien_khai": "13/2025"}},
            actor=here.entrant,
            now=NOW,
        )

    assert refusal.value.errors == {"facts.thang_trien_khai": ["Bạn hãy nhập tháng và năm, ví dụ 04/2025."]}
    assert (entry.title, entry.facts) == ("Bếp đun trấu", {"tom_tat": "Đun bằng trấu"})


def test_a_line_of_ten_thousand_characters_is_refused_with_the_number_to_cut(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")

    with pytest.raises(Invalid) as refusal:
        save_draft(entry, here.edition, {"title": "a" * 10_000}, actor=here.entrant, now=NOW)

    assert refusal.value.errors == {"title": ["Nội dung dài 10000 ký tự, tối đa 500; cần bớt 9500."]}


def test_long_text_keeps_its_lines(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")

    save_draft(entry, here.edition, {"facts": {"tom_tat": "Một\r\n\r\nHai"}}, actor=here.entrant, now=NOW)

    assert entry.facts == {"tom_tat": "Một\n\nHai"}


def test_authors_are_replaced_in_the_order_given(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")
    rows = [
        {"name": "Trần Thị Hoa", "role": "chief", "birth_year": 1985, "workplace": "Trường THPT Đại Từ"},
        {"name": "", "role": "member", "birth_year": None, "workplace": ""},
        {"name": "Nguyễn Văn Thử", "role": "member", "birth_year": None},
    ]

    save_draft(entry, here.edition, {"authors": rows}, actor=here.entrant, now=NOW)

    kept = [(one.name, one.role, one.birth_year) for one in authors_of([entry.id])[entry.id]]
    assert kept == [("Trần Thị Hoa", "chief", 1985), ("Nguyễn Văn Thử", "member", None)]


def test_an_author_without_a_name_is_asked_for_it(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")

    rows = [{"name": "A"}, {"name": "", "birth_year": "1990"}]
    with pytest.raises(Invalid) as refusal:
        save_draft(entry, here.edition, {"authors": rows}, actor=here.entrant, now=NOW)

    assert refusal.value.errors == {"authors.1.name": ["Bạn hãy ghi họ và tên tác giả."]}


@pytest.mark.parametrize("words", ["xa-dai-tu", "Xã Đại Từ", "xã đại từ", "xa dai tu"])
def test_a_unit_is_found_by_code_or_name(here: Here, words: str) -> None:
    unit = make_unit("xa-dai-tu", name="Xã Đại Từ")
    make_unit("xa-dai-phuc", name="Xã Đại Phúc")
    entry = make_entry(here.edition, here.owner, state="draft")

    save_draft(entry, here.edition, {"unit": words}, actor=here.entrant, now=NOW)

    assert entry.unit_id == unit.id


def test_an_unknown_unit_is_told_with_those_near_it(here: Here) -> None:
    make_unit("xa-dai-tu", name="Xã Đại Từ")
    entry = make_entry(here.edition, here.owner, state="draft")

    with pytest.raises(Invalid) as refusal:
        save_draft(entry, here.edition, {"unit": "Đại Từ"}, actor=here.entrant, now=NOW)

    sentence = "Không tìm thấy đơn vị “Đại Từ” trong danh sách. Có phải: Xã Đại Từ?"
    assert refusal.value.errors == {"unit": [sentence]}


def test_search_words_follow_title_authors_and_unit(here: Here) -> None:
    make_unit("xa-dai-tu", name="Xã Đại Từ")
    entry = make_entry(here.edition, here.owner, state="draft")

    data = {"title": "Đèn bẫy rầy", "unit": "xa-dai-tu", "authors": [{"name": "Đặng Đức Huỳnh"}]}
    save_draft(entry, here.edition, data, actor=here.entrant, now=NOW)

    assert entry.folded == "den bay ray dang duc huynh xa dai tu"


@pytest.mark.parametrize("state", ["submitted", "accepted", "refused", "withdrawn"])
def test_what_was_handed_in_is_not_edited(here: Here, state: str) -> None:
    entry = make_entry(here.edition, here.owner, state=state, title="Bản đã nộp")

    with pytest.raises(MoveRefused):
        save_draft(entry, here.edition, {"title": "Khác"}, actor=here.entrant, now=NOW)

    assert entry.title == "Bản đã nộp"


def test_nobody_edits_what_is_another_s(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft", title="Của tôi")

    with pytest.raises(Forbidden):
        save_draft(entry, here.edition, {"title": "Khác"}, actor=here.officer, now=NOW)

    assert entry.title == "Của tôi"


def test_a_form_token_of_another_person_opens_nothing(here: Here) -> None:
    form_token = token()
    start_draft(here.edition, owner=here.owner, form_token=form_token, actor=here.entrant, now=NOW)
    stranger = account("cutri@example.vn")

    with pytest.raises(Forbidden):
        start_draft(here.edition, owner=stranger, form_token=form_token, actor=actor_of(stranger), now=NOW)
