"""The page of authors through HTTP: its buttons, two tabs, the link of an invitation, rights, refusals."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.contests.models import Edition
from core.entries.content import authors_of
from core.entries.models import Entry, EntryAuthor, EntryRight
from core.entries.policies import access_entry
from core.entries.rights import Right
from core.entries.services import set_right
from core.kernel import audit
from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_way import ENTRANT, OFFICER, client_for, new_draft, text_of
from tests.support.app import client_of
from tests.support.authors import INVITED, ask_for_shares, co_author, token_to
from tests.support.entries import account, complete_draft
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.queries import count_queries

PAGE_QUERIES = 9


@pytest.fixture
def entrant(app: Flask, world: World) -> FlaskClient:
    """The entrant of the first tenant, signed in."""
    return client_for(app, ENTRANT)


@pytest.fixture
def guest(app: Flask, world: World) -> FlaskClient:
    """The invited of the first tenant, signed in."""
    with app.app_context(), tenant_scope(world.first.id):
        co_author()
        session().commit()
    return client_for(app, INVITED)


def form_of(page: TestResponse) -> dict[str, str]:
    """The form of the list as it stands in the page."""
    body = page.get_data(as_text=True)
    found = {"stamp": re.search(r'name="stamp" value="([0-9a-f]+)"', body)[1]}  # type: ignore[index]
    found |= dict(re.findall(r'<input[^>]* name="(authors\.[^"]+)"[^>]* value="([^"]*)"', body))
    for name, options in re.findall(r'<select[^>]* name="(authors\.[^"]+)"[^>]*>(.*?)</select>', body):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def send(client: FlaskClient, ref: str, do: str = "save", **changes: str) -> TestResponse:
    """Press a button of the page as it stands, with some controls typed anew ("__" stands for a dot)."""
    form = form_of(client.get(f"/du-thi/{ref}/tac-gia"))
    return client.post(f"/du-thi/{ref}/tac-gia", data={**form, **_dotted(changes), "do": do})


def _dotted(changes: dict[str, str]) -> dict[str, str]:
    return {f"authors.{key.replace('__', '.')}": value for key, value in changes.items()}


def names(world: World, ref: str) -> list[str]:
    """The authors as they are stored."""
    return [one.name for one in stored(world, ref)]


def stored(world: World, ref: str) -> list[EntryAuthor]:
    """The rows of the list."""
    with world.app.app_context(), tenant_scope(world.first.id):
        entry = session().query(Entry).filter(Entry.ref == ref).one()
        rows = authors_of([entry.id])[entry.id]
        session().expunge_all()
        return rows


def invitation(world: World) -> str:
    """The token in the newest letter to the invited."""
    with world.app.app_context(), tenant_scope(world.first.id):
        return token_to(INVITED)


def shares_asked(world: World) -> None:
    """Let the first tenant's edition ask for shares."""
    with world.app.app_context(), tenant_scope(world.first.id):
        ask_for_shares(session().query(Edition).filter(Edition.key == world.first.edition_key).one())
        session().commit()


def test_the_menu_says_that_the_list_belongs_to_handing_in(entrant: FlaskClient) -> None:
    ref = new_draft(entrant)

    menu = re.findall(r'<a href="([^"]+)" aria-current="page">', entrant.get(f"/du-thi/{ref}/tac-gia").text)

    assert set(menu) == {"/du-thi/"}


@pytest.mark.parametrize(("do", "step"), [("next", "cong_trinh"), ("back", "chung")])
def test_the_list_is_a_step_of_the_form_with_one_before_and_one_after(
    entrant: FlaskClient, do: str, step: str
) -> None:
    ref = new_draft(entrant)

    answer = send(entrant, ref, do, **{"0__name": "Trần Thị Một"})

    assert answer.status_code == 303
    assert answer.location.rsplit("/", 1)[-1] == step
    assert form_of(entrant.get(f"/du-thi/{ref}/tac-gia"))["authors.0.name"] == "Trần Thị Một"


def test_the_list_is_written_moved_and_shortened_without_javascript(
    world: World, entrant: FlaskClient
) -> None:
    ref = new_draft(entrant)
    own = names(world, ref)[0]

    added = send(entrant, ref, "add")
    assert (added.status_code, added.location) == (303, f"/du-thi/{ref}/tac-gia?them=1#them")
    page = entrant.get(added.location)
    assert 'name="authors.1.name"' in page.text
    send(entrant, ref, **{"1__name": "Trần Thị Hoa", "1__birth_year": "1985", "1__role": "member"})
    send(entrant, ref, **{"2__name": "Lý Văn Ba", "2__role": "member"})
    assert names(world, ref) == [own, "Trần Thị Hoa", "Lý Văn Ba"]

    send(entrant, ref, "up-2")
    assert names(world, ref) == [own, "Lý Văn Ba", "Trần Thị Hoa"]
    send(entrant, ref, "down-0")
    assert names(world, ref) == ["Lý Văn Ba", own, "Trần Thị Hoa"]
    send(entrant, ref, "remove-0")
    assert names(world, ref) == [own, "Trần Thị Hoa"]
    assert [one.birth_year for one in stored(world, ref)] == [None, 1985]


def test_what_was_typed_stays_beside_its_error_and_nothing_is_stored(
    world: World, entrant: FlaskClient
) -> None:
    ref = new_draft(entrant)

    answer = send(entrant, ref, **{"1__name": "Trần Thị Hoa", "1__birth_year": "mười", "1__email": "hoa@"})

    assert answer.status_code == 422
    assert 'value="Trần Thị Hoa"' in answer.text
    assert 'value="mười"' in answer.text
    assert "Năm sinh gồm bốn chữ số, ví dụ 1985." in text_of(answer)
    assert len(names(world, ref)) == 1


def test_a_second_tab_is_told_and_may_still_save(world: World, entrant: FlaskClient) -> None:
    ref = new_draft(entrant)
    own = names(world, ref)[0]
    first = form_of(entrant.get(f"/du-thi/{ref}/tac-gia"))
    send(entrant, ref, **{"1__name": "Từ cửa sổ kia"})

    told = entrant.post(
        f"/du-thi/{ref}/tac-gia", data={**first, "authors.1.name": "Từ cửa sổ này", "do": "save"}
    )
    assert told.status_code == 409
    assert 'value="Từ cửa sổ này"' in told.text
    assert "Từ cửa sổ kia" in text_of(told)
    assert names(world, ref) == [own, "Từ cửa sổ kia"]

    again = entrant.post(f"/du-thi/{ref}/tac-gia", data={**form_of(told), "do": "save"})
    assert again.status_code == 303
    assert names(world, ref) == [own, "Từ cửa sổ này"]


def test_a_double_click_adds_one_author(world: World, entrant: FlaskClient) -> None:
    ref = new_draft(entrant)
    form = {**form_of(entrant.get(f"/du-thi/{ref}/tac-gia")), "authors.1.name": "Trần Thị Hoa"}

    answers = [entrant.post(f"/du-thi/{ref}/tac-gia", data={**form, "do": "save"}) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert len(names(world, ref)) == 2


def test_equal_shares_are_exact_and_the_sum_is_shown(world: World, entrant: FlaskClient) -> None:
    shares_asked(world)
    ref = new_draft(entrant)
    send(entrant, ref, **{"1__name": "Trần Thị Hoa", "2__name": "Lý Văn Ba", "0__share": "50"})
    assert "Tổng tỷ lệ đã lưu: 50 % (còn thiếu 50 %)" in text_of(entrant.get(f"/du-thi/{ref}/tac-gia"))

    send(entrant, ref, "split")

    assert [str(one.share) for one in stored(world, ref)] == ["33.34", "33.33", "33.33"]
    assert "Tổng tỷ lệ đã lưu: 100 %" in text_of(entrant.get(f"/du-thi/{ref}/tac-gia"))


def test_shares_that_are_not_whole_stop_the_dossier_with_their_clause(
    world: World, entrant: FlaskClient
) -> None:
    shares_asked(world)
    ref = new_draft(entrant)
    send(entrant, ref, **{"1__name": "Trần Thị Hoa", "0__share": "60", "1__share": "30,5"})

    page = entrant.get(f"/du-thi/{ref}/kiem-tra")

    assert "cộng lại là 90,5 %, cần đúng 100 %" in text_of(page)
    assert f'href="/du-thi/{ref}/tac-gia"' in page.text
    assert 'href="/the-le#quy_uoc_tac_gia"' in page.text
    assert entrant.post(f"/du-thi/{ref}/nop").status_code == 422


def test_the_invited_comes_by_the_link_signs_in_and_confirms(
    app: Flask, world: World, entrant: FlaskClient, guest: FlaskClient
) -> None:
    ref = new_draft(entrant)
    sent = send(entrant, ref, "invite-1", **{"1__name": "Trần Thị Hoa", "1__email": INVITED})
    assert sent.location == f"/du-thi/{ref}/tac-gia#tac-gia-2"
    link = f"/du-thi/loi-moi/{invitation(world)}"

    stranger = client_of(app, "motmot").get(link)
    assert (stranger.status_code, f"/tai-khoan/dang-nhap?next={link}" in stranger.text) == (200, True)
    assert INVITED not in stranger.text
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', guest.get(link).text)
    assert seen is not None
    confirmed = guest.post(link, data={"seen": seen[1], "do": "confirm"})
    assert (confirmed.status_code, confirmed.location) == (303, f"/du-thi/{ref}")

    assert "Đã xác nhận" in text_of(guest.get(link))
    assert [one.confirmed_how for one in stored(world, ref)] == ["account", "account"]
    mine = text_of(guest.get("/du-thi/"))
    assert "Chia sẻ với bạn: Được xem" in mine
    assert guest.get(f"/du-thi/{ref}").status_code == 200


def test_the_invited_who_is_signed_in_finds_it_to_do_and_confirms_there(
    world: World, entrant: FlaskClient, guest: FlaskClient
) -> None:
    ref = new_draft(entrant)
    send(entrant, ref, "invite-1", **{"1__name": "Trần Thị Hoa", "1__email": INVITED})
    link = re.search(r'href="(/du-thi/loi-moi/cua-toi/[0-9a-f-]+)"', guest.get("/du-thi/").text)
    assert link is not None

    asked = guest.get(link[1])
    assert "Trần Thị Hoa" in text_of(asked)
    assert f'action="{link[1]}"' in asked.text
    stale = guest.post(link[1], data={"seen": "", "do": "confirm"})
    assert stale.status_code == 409
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', stale.text)
    assert seen is not None
    confirmed = guest.post(link[1], data={"seen": seen[1], "do": "confirm"})

    assert (confirmed.status_code, confirmed.location) == (303, f"/du-thi/{ref}")
    assert "Đã xác nhận" in text_of(guest.get(link[1]))
    assert link[1] not in guest.get("/du-thi/").text
    assert [one.confirmed_how for one in stored(world, ref)] == ["account", "account"]


def test_declining_there_needs_a_reason_and_ends_it(
    world: World, entrant: FlaskClient, guest: FlaskClient
) -> None:
    ref = new_draft(entrant)
    send(entrant, ref, "invite-1", **{"1__name": "Trần Thị Hoa", "1__email": INVITED})
    link = f"/du-thi/loi-moi/cua-toi/{stored(world, ref)[1].id}"

    empty = guest.post(link, data={"do": "decline", "reason": " "})
    refused = guest.post(link, data={"do": "decline", "reason": "Tôi không tham gia."})

    assert (empty.status_code, refused.status_code) == (422, 200)
    assert "Bạn hãy ghi lý do" in text_of(empty)
    assert guest.get(link).status_code == 410
    assert link not in guest.get("/du-thi/").text


def test_the_link_is_nothing_to_somebody_else(
    app: Flask, world: World, entrant: FlaskClient, guest: FlaskClient
) -> None:
    ref = new_draft(entrant)
    send(entrant, ref, "invite-1", **{"1__name": "Trần Thị Hoa", "1__email": INVITED})
    link, other = f"/du-thi/loi-moi/{invitation(world)}", client_for(app, OFFICER)

    opened = other.get(link)
    answered = other.post(link, data={"do": "confirm", "seen": ""})

    assert (opened.status_code, answered.status_code) == (403, 403)
    assert "Trần Thị Hoa" not in opened.text
    assert INVITED not in opened.text
    assert guest.get("/du-thi/loi-moi/khong-co").status_code == 404
    assert client_of(app, "haihai").get(link).status_code == 404
    assert stored(world, ref)[1].confirmed_at is None


def test_a_refusal_without_a_reason_stays_on_the_page(
    world: World, entrant: FlaskClient, guest: FlaskClient
) -> None:
    ref = new_draft(entrant)
    send(entrant, ref, "invite-1", **{"1__name": "Trần Thị Hoa", "1__email": INVITED})
    link = f"/du-thi/loi-moi/{invitation(world)}"

    empty = guest.post(link, data={"do": "decline", "reason": " "})
    refused = guest.post(link, data={"do": "decline", "reason": "Tôi không tham gia."})

    assert (empty.status_code, refused.status_code) == (422, 200)
    assert "Bạn hãy ghi lý do" in text_of(empty)
    assert "Từ chối xác nhận" in text_of(entrant.get(f"/du-thi/{ref}/tac-gia"))
    assert "Tôi không tham gia." in text_of(entrant.get(f"/du-thi/{ref}/tac-gia"))
    assert guest.get(link).status_code == 410
    assert guest.get(f"/du-thi/{ref}").status_code == 404


def test_an_invitation_without_an_address_is_told_at_the_row_and_the_list_is_kept(
    world: World, entrant: FlaskClient
) -> None:
    ref = new_draft(entrant)

    answer = send(entrant, ref, "invite-1", **{"1__name": "Nông Văn Dền"})

    assert answer.status_code == 422
    assert "Bạn hãy ghi thư điện tử của Nông Văn Dền rồi mời xác nhận." in text_of(answer)
    assert names(world, ref)[1:] == ["Nông Văn Dền"]


def test_a_signature_on_paper_is_recorded_on_the_page(world: World, entrant: FlaskClient) -> None:
    ref = new_draft(entrant)
    send(entrant, ref, **{"1__name": "Nông Văn Dền"})

    send(entrant, ref, "paper-1")

    assert stored(world, ref)[1].confirmed_how == "paper"
    assert "đã ký trên bản giấy" in text_of(entrant.get(f"/du-thi/{ref}"))


def share(world: World, right: Right) -> str:
    """A complete draft of the entrant which the invited has a right to; its ref."""
    with world.app.app_context(), tenant_scope(world.first.id):
        entry = complete_draft(view(world.first), account())
        authors_of([entry.id])[entry.id][0].account_id = account(INVITED).id
        session().flush()
        set_right(entry, account(INVITED).id, right, actor=actor_of(account()), now=NOW)
        session().commit()
        return entry.ref


def test_a_viewer_sees_no_button_that_writes_and_is_told_why(world: World, guest: FlaskClient) -> None:
    ref = share(world, Right.VIEW)

    page = guest.get(f"/du-thi/{ref}").text
    assert f"/du-thi/{ref}/sua" not in page
    assert f"/du-thi/{ref}/rut" not in page
    listed = guest.get("/du-thi/").text
    assert f"/du-thi/{ref}/sua" not in listed
    assert 'name="authors.0.name"' not in guest.get(f"/du-thi/{ref}/tac-gia").text
    for path in ("sua", "kiem-tra", "rut"):
        assert guest.get(f"/du-thi/{ref}/{path}").location == f"/du-thi/{ref}", path
    refused = {
        path: guest.post(f"/du-thi/{ref}/{path}", data=data).status_code
        for path, data in {
            "nop": {},
            "rut": {},
            "tac-gia": {"stamp": "", "authors.0.name": "Tôi"},
            "tac-gia/quyen": {f"right.{_id_of(world, INVITED)}": "submit"},
            "tac-gia/chuyen": {"account": _id_of(world, INVITED), "sure": "1"},
        }.items()
    }
    assert set(refused.values()) == {403}, refused
    assert guest.put(f"/api/v1/entries/{ref}", json={"title": "Của tôi"}).status_code == 403


def test_an_editor_writes_and_finds_no_button_to_hand_in(world: World, guest: FlaskClient) -> None:
    ref = share(world, Right.EDIT)

    assert guest.get(f"/du-thi/{ref}/sua").status_code == 200
    page = guest.get(f"/du-thi/{ref}/kiem-tra")
    assert f'action="/du-thi/{ref}/nop"' not in page.text
    assert "Chủ hồ sơ là người nộp" in text_of(page)
    assert guest.post(f"/du-thi/{ref}/nop").status_code == 403


def test_a_submitter_hands_in(world: World, guest: FlaskClient, entrant: FlaskClient) -> None:
    ref = share(world, Right.SUBMIT)

    handed_in = guest.post(f"/du-thi/{ref}/nop")

    assert handed_in.location == f"/du-thi/{ref}/bien-nhan/1"
    assert guest.get(handed_in.location).status_code == 200
    assert entrant.get(handed_in.location).status_code == 200


def test_a_right_taken_on_the_page_is_gone(world: World, guest: FlaskClient, entrant: FlaskClient) -> None:
    ref = share(world, Right.EDIT)
    assert guest.get(f"/du-thi/{ref}").status_code == 200

    entrant.post(f"/du-thi/{ref}/tac-gia/quyen", data={f"right.{_id_of(world, INVITED)}": "none"})

    assert {guest.get(f"/du-thi/{ref}{path}").status_code for path in ("", "/sua", "/tac-gia")} == {404}
    assert "Chia sẻ với bạn" not in text_of(guest.get("/du-thi/"))


def test_a_right_is_not_given_to_who_is_no_author(world: World, entrant: FlaskClient) -> None:
    ref = new_draft(entrant)
    with world.app.app_context(), tenant_scope(world.first.id):
        stranger = make_account("la@example.vn").id
        session().commit()

    answer = entrant.post(f"/du-thi/{ref}/tac-gia/quyen", data={f"right.{stranger}": "view"})

    assert answer.status_code == 404
    with world.app.app_context(), tenant_scope(world.first.id):
        assert session().query(EntryRight).count() == 0


def test_a_dossier_is_handed_over_after_a_tick(
    world: World, guest: FlaskClient, entrant: FlaskClient
) -> None:
    ref = share(world, Right.VIEW)
    to = {"account": _id_of(world, INVITED)}

    assert entrant.post(f"/du-thi/{ref}/tac-gia/chuyen", data=to).status_code == 422
    assert entrant.post(f"/du-thi/{ref}/tac-gia/chuyen", data={**to, "sure": "1"}).status_code == 303

    assert f"/du-thi/{ref}/rut" in guest.get(f"/du-thi/{ref}").text
    assert f"/du-thi/{ref}/rut" not in entrant.get(f"/du-thi/{ref}").text
    assert entrant.get(f"/du-thi/{ref}/sua").status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_needs_the_same_queries_for_one_and_thirty(
    app: Flask, world: World, entrant: FlaskClient, count: int
) -> None:
    ref = new_draft(entrant)
    own = names(world, ref)[0]
    added = {f"{place}__name": f"Người thứ {place}" for place in range(1, count)}
    added |= {f"{place}__email": f"n{place}@example.vn" for place in range(1, count)}
    send(entrant, ref, **added)
    assert names(world, ref)[0] == own
    assert len(names(world, ref)) == count

    with count_queries(app) as counted:
        answer = entrant.get(f"/du-thi/{ref}/tac-gia")

    assert (answer.status_code, counted.count) == (200, PAGE_QUERIES), str(counted)


def test_two_confirmations_at_once_count_once(
    app: Flask, world: World, entrant: FlaskClient, guest: FlaskClient
) -> None:
    ref = new_draft(entrant)
    send(entrant, ref, "invite-1", **{"1__name": "Trần Thị Hoa", "1__email": INVITED})
    link = f"/du-thi/loi-moi/{invitation(world)}"
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', guest.get(link).text)
    assert seen is not None
    clients = [client_for(app, INVITED) for _ in range(4)]

    def press(client: FlaskClient) -> Any:
        return client.post(link, data={"seen": seen[1], "do": "confirm"}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(press, clients))

    assert answers == [303] * 4
    with app.app_context(), tenant_scope(world.first.id):
        entry = access_entry(actor_of(account()), ref)
        lines = [one.action for one in audit.records(subject=entry.ref)]
        assert (lines.count("entry.author_confirmed"), lines.count("entry.right_given")) == (1, 1)


def _id_of(world: World, email: str) -> str:
    with world.app.app_context(), tenant_scope(world.first.id):
        return str(account(email).id)
