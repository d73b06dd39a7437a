"""Site visits through HTTP: planned, told, written, signed, fixed."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from core.contests.models import Edition
from core.entries.models import Entry
from core.judging.services import withdraw_judge
from core.judging.services.blinding import set_blind
from core.kernel.actor import SYSTEM
from core.kernel.clock import local
from core.kernel.db import session
from core.kernel.formats import datetime_
from tests.flow.test_meeting_pages import client_as, meeting
from tests.support.entries import picture_bytes
from tests.support.factories import NOW, World, set_clock
from tests.support.judging import JUDGE, ROUND, judge_actor
from tests.support.meeting import SECRETARY, conflicted
from tests.support.voting import in_tenant

PAGE = f"/hoi-dong/{ROUND}/tham-dinh"
ONE = f"{PAGE}/1"
AUTHOR = "tacgia@example.vn"
AT = NOW + timedelta(days=1)


def plan(world: World, code: str) -> None:
    client = client_as(world, SECRETARY)
    form = client.get(f"{PAGE}/moi").text
    members = re.findall(r'name="members" value="([^"]+)"', form)
    names = re.findall(r'<label for="f-members-\d+">([^<]+)', form)
    going = [one for one, name in zip(members, names, strict=True) if "Nguyễn Văn Thử" not in name]
    typed = {"code": code, "day": f"{local(AT):%Y-%m-%d}", "hour": f"{local(AT):%H:%M}", "place": "Xưởng chè"}
    answer = client.post(f"{PAGE}/moi", data={**typed, "members": going, "form_token": "x"})
    assert answer.headers.get("Location") == ONE, answer.text


def later(world: World) -> None:
    with in_tenant(world, world.first):
        set_clock(session().scalars(select(Edition.id)).one(), AT + timedelta(hours=2))


def test_a_visit_is_planned_told_written_signed_and_fixed(world: World) -> None:
    code, *_others = meeting(world)
    plan(world, code)
    with in_tenant(world, world.first):
        ref = session().scalars(select(Entry.ref).where(Entry.code == code)).one()
    entrant = client_as(world, "tacgia@example.vn")
    assert "Lịch thẩm định thực tế" in entrant.get(f"/du-thi/{ref}").text
    assert "Đón đoàn thẩm định" in entrant.get("/du-thi/").text
    leader = client_as(world, SECRETARY)
    assert "Chưa đến giờ hẹn" in leader.get(ONE).text
    goer = client_as(world, "giamkhao2@example.vn")
    later(world)
    present = re.findall(r'name="present" value="([^"]+)"', goer.get(ONE).text)

    written = goer.post(
        ONE,
        data={
            "revision": "0",
            "present": present,
            "found": "Máy chạy tốt.",
            "files": (BytesIO(picture_bytes()), "may.jpg"),
        },
    )

    assert written.status_code == 303, written.text
    page = leader.get(ONE).text
    revision = re.findall(r'name="revision" value="(\d+)"', page)[0]
    assert ("may.jpg" in page, "Còn chờ chữ ký của" in page) == (True, True)
    early = leader.post(f"{ONE}/chot", data={"revision": revision})
    assert (early.status_code, "Còn chờ chữ ký" in early.text) == (409, True)
    for email in ("giamkhao2@example.vn", "giamkhao3@example.vn", JUDGE):
        later_client = client_as(world, email)
        later(world)
        if "Ký xác nhận" in later_client.get(ONE).text:
            assert later_client.post(f"{ONE}/ky", data={"revision": revision}).status_code == 303
    assert leader.post(f"{ONE}/chot", data={"revision": revision}).status_code == 303
    assert leader.get(f"{ONE}/bien-ban.pdf").data[:5] == b"%PDF-"
    assert leader.get(f"{ONE}/bien-ban.docx").data[:2] == b"PK"
    picture = re.search(rf'href="({ONE}/tep/[0-9a-f]+)"', leader.get(ONE).text)
    assert picture is not None
    assert leader.get(picture[1]).mimetype == "image/jpeg"


def test_a_visit_to_a_dossier_does_not_exist_for_who_has_a_conflict_with_it(world: World) -> None:
    code, *_others = meeting(world)
    with in_tenant(world, world.first):
        conflicted(session().scalars(select(Entry).where(Entry.code == code)).one(), judge_actor())
    client = client_as(world, SECRETARY)
    form = client.get(f"{PAGE}/moi").text
    members = re.findall(r'name="members" value="([^"]+)"', form)
    typed = {"code": code, "day": f"{local(AT):%Y-%m-%d}", "place": "Xưởng chè", "form_token": "y"}
    refused = client.post(f"{PAGE}/moi", data={**typed, "members": members})
    assert (refused.status_code, 'value="Xưởng chè"' in refused.text) == (422, True)
    client.post(f"{PAGE}/moi", data={**typed, "members": members[-1:]})
    judge = client_as(world, JUDGE)

    assert code not in judge.get(PAGE).text
    assert [judge.get(path).status_code for path in (ONE, f"{ONE}/bien-ban.pdf")] == [404, 404]
    assert judge.post(ONE, data={"found": "x"}).status_code == 404


def test_a_cancellation_without_a_reason_is_told_at_its_place(world: World) -> None:
    code, *_others = meeting(world)
    plan(world, code)
    client = client_as(world, SECRETARY)

    assert "Cần ghi lý do hủy" in client.post(f"{ONE}/huy", data={"reason": ""}).text
    assert client.post(f"{ONE}/huy", data={"reason": "Mưa lũ"}).status_code == 303
    assert "Mưa lũ" in client.get(ONE).text


def test_a_visit_is_moved_and_its_date_before_stands_for_all_who_read_of_it(world: World) -> None:
    code, *_others = meeting(world)
    plan(world, code)
    leader = client_as(world, SECRETARY)
    form = leader.get(ONE).text
    assert re.search(r'name="day"[^>]*value="([^"]+)"', form) or f'value="{local(AT):%Y-%m-%d}"' in form
    day = AT + timedelta(days=3)
    typed = {"moves": "0", "day": f"{local(day):%Y-%m-%d}", "hour": "14:00", "place": "Xưởng chè La Bằng"}
    missing = leader.post(f"{ONE}/doi-lich", data={**typed, "why": ""})
    assert (missing.status_code, "Cần ghi lý do dời" in missing.text) == (422, True)
    assert 'value="Xưởng chè La Bằng"' in missing.text

    answer = leader.post(f"{ONE}/doi-lich", data={**typed, "why": "Đường ngập"})

    assert answer.headers.get("Location") == ONE, answer.text
    page = leader.get(ONE).text
    for said in ("Những lần dời lịch", "Xưởng chè", "Đường ngập", datetime_(AT)):
        assert said in page, said
    with in_tenant(world, world.first):
        ref = session().scalars(select(Entry.ref).where(Entry.code == code)).one()
    assert f"Đã dời từ {datetime_(AT)}, tại Xưởng chè" in client_as(world, AUTHOR).get(f"/du-thi/{ref}").text


def test_who_moves_a_visit_second_is_told_the_new_date_and_keeps_what_was_typed(world: World) -> None:
    code, *_others = meeting(world)
    plan(world, code)
    leader = client_as(world, SECRETARY)
    day = f"{local(AT + timedelta(days=3)):%Y-%m-%d}"
    typed = {"moves": "0", "day": day, "hour": "14:00", "place": "Xưởng chè", "why": "Đường ngập"}
    leader.post(f"{ONE}/doi-lich", data=typed)

    late = leader.post(f"{ONE}/doi-lich", data={**typed, "hour": "09:15", "why": "Mưa to"})

    assert (late.status_code, "vừa dời lịch này sang" in late.text) == (409, True)
    assert all(one in late.text for one in ('value="09:15"', "Mưa to", 'name="moves" value="1"'))
    assert "Mưa to" not in leader.get(ONE).text
    again = leader.post(f"{ONE}/doi-lich", data={**typed, "hour": "09:15", "why": "Mưa to", "moves": "1"})
    assert again.status_code == 303


def test_others_go_instead_and_what_was_chosen_survives_a_refusal(world: World) -> None:
    code, *_others = meeting(world)
    plan(world, code)
    leader = client_as(world, SECRETARY)
    form = leader.get(ONE).text
    seen = re.findall(r'name="seen" value="([^"]+)"', form)
    chosen = [one for one in re.findall(r'name="members" value="([^"]+)"', form) if one not in seen]
    typed = {"members": chosen, "seen": seen}
    missing = leader.post(f"{ONE}/doi-nguoi", data={**typed, "because": ""})
    assert (missing.status_code, "Cần ghi lý do đổi" in missing.text) == (422, True)
    assert re.findall(r'name="members" value="([^"]+)" checked', missing.text) == chosen

    answer = leader.post(f"{ONE}/doi-nguoi", data={**typed, "because": "Bận đột xuất"})

    assert answer.headers.get("Location") == ONE, answer.text
    assert re.findall(r'name="seen" value="([^"]+)"', leader.get(ONE).text) == chosen
    late = leader.post(f"{ONE}/doi-nguoi", data={"members": seen, "seen": seen, "because": "Đổi lại"})
    assert (late.status_code, "vừa đổi người đi" in late.text, "Đổi lại" in late.text) == (409, True, True)
    assert re.findall(r'name="seen" value="([^"]+)"', late.text) == chosen


def test_in_a_blind_round_the_page_of_a_visit_names_the_dossier_by_its_code(world: World) -> None:
    code, *_others = meeting(world)
    plan(world, code)
    with in_tenant(world, world.first) as edition:
        set_blind(edition, ROUND, [], is_on=True, actor=SYSTEM, now=NOW)
        title = session().scalars(select(Entry.title).where(Entry.code == code)).one()

    page = client_as(world, "giamkhao2@example.vn").get(ONE).text

    assert (code in page, title in page) == (True, False)


def test_a_member_is_offered_no_move_and_gets_none(world: World) -> None:
    code, *_others = meeting(world)
    plan(world, code)
    member = client_as(world, "giamkhao2@example.vn")

    assert "Dời lịch này" not in member.get(ONE).text
    assert member.post(f"{ONE}/doi-lich", data={"moves": "0", "why": "x"}).status_code == 403
    assert "Đổi người đi" not in member.get(ONE).text
    assert member.post(f"{ONE}/doi-nguoi", data={"because": "x"}).status_code == 403


def test_strangers_find_no_visit(world: World) -> None:
    code, *_others = meeting(world)
    plan(world, code)
    client = client_as(world, "cutri@example.vn")
    for path in (PAGE, f"{PAGE}/moi", ONE, f"{ONE}/bien-ban.pdf"):
        assert client.get(path).status_code == 404, path


def test_who_left_the_council_since_reads_and_signs_that_page_and_no_other(world: World) -> None:
    code, *_others = meeting(world)
    plan(world, code)
    goer, leader = client_as(world, "giamkhao2@example.vn"), client_as(world, SECRETARY)
    later(world)
    present = re.findall(r'name="present" value="([^"]+)"', goer.get(ONE).text)
    goer.post(ONE, data={"revision": "0", "present": present, "found": "Máy chạy tốt."})
    with in_tenant(world, world.first) as edition:
        withdraw_judge(edition, "J2", "Chuyển công tác", actor=SYSTEM, now=AT)

    page = goer.get(ONE).text
    answer = goer.post(f"{ONE}/ky", data={"revision": "1"})

    assert ("chỉ mở được trang này" in page, "Biểu quyết" in page, "Lưu kết quả" in page) == (
        True,
        False,
        False,
    )
    assert (answer.status_code, "Đã ký" in goer.get(ONE).text) == (303, True)
    others = [goer.get(one).status_code for one in (PAGE, f"{PAGE}/2", f"/hoi-dong/{ROUND}/bien-ban")]
    assert (others, goer.post(ONE, data={"revision": "1"}).status_code) == ([404, 404, 404], 404)
    absent = next(one for one in re.findall(r'name="member" value="([^"]+)"', leader.get(ONE).text))
    wrong = leader.post(f"{ONE}/khong-ky", data={"revision": "1", "member": absent, "because": ""})
    assert (wrong.status_code, "Cần ghi vì sao người này không ký" in wrong.text) == (422, True)
