"""Minutes through HTTP: drafted, edited (by the button and by the page itself), fixed, fetched, signed."""

from __future__ import annotations

import re
from io import BytesIO

from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from core.entries.models import Entry
from core.kernel.db import session
from tests.flow.test_meeting_pages import client_as, meeting
from tests.support.factories import World
from tests.support.judging import JUDGE, ROUND, judge_actor
from tests.support.meeting import SECRETARY, conflicted, drawn
from tests.support.voting import in_tenant

PAGE = f"/hoi-dong/{ROUND}/bien-ban"
ONE = f"{PAGE}/1"
SECTION = f"{ONE}/muc/conclusion"


def drafted(world: World) -> FlaskClient:
    """The secretary's browser with minutes drafted."""
    client = client_as(world, SECRETARY)
    assert client.post(PAGE).headers["Location"] == ONE
    return client


def fix(client: FlaskClient) -> int:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', client.get(ONE).text)
    assert found is not None
    return client.post(f"{ONE}/chot", data={"seen": found[1]}).status_code


def test_minutes_are_drafted_edited_fixed_and_fetched(world: World) -> None:
    codes = meeting(world)
    with in_tenant(world, world.first) as edition:
        drawn(edition)
    client = drafted(world)
    page = client.get(ONE).text
    assert all(code in page for code in codes)
    facts = {
        "revision": "0",
        "day": "2025-11-12",
        "hour": "08:30",
        "place": "Hội trường A",
        "here": ["không ai"],
    }
    assert client.post(f"{ONE}/buoi-hop", data=facts).status_code == 303
    assert client.post(SECTION, data={"revision": "0", "body": "Hội đồng nhất trí."}).status_code == 303

    assert fix(client) == 303

    page = client.get(ONE).text
    for words in ("Đã chốt", "Hội trường A", "08:30", "Hội đồng nhất trí.", "vắng", "Gốc nhật ký khi chốt"):
        assert words in page, words
    pdf = client.get(f"{ONE}/bien-ban.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert "Hội trường A" in " ".join(one.extract_text() for one in PdfReader(BytesIO(pdf.data)).pages)
    assert client.get(f"{ONE}/bien-ban.docx").data[:2] == b"PK"
    assert client.get(f"{ONE}/bien-ban.pdf").data == pdf.data


def test_the_page_saves_by_itself_and_is_told_when_another_was_first(world: World) -> None:
    meeting(world)
    client = drafted(world)
    auto = {"X-Autosave": "1"}

    first = client.post(SECTION, data={"revision": "0", "body": "Một"}, headers=auto)
    second = client.post(SECTION, data={"revision": "0", "body": "Hai"}, headers=auto)

    assert (first.status_code, first.json["revision"] if first.json else None) == (200, 1)
    assert (second.status_code, "vừa lưu mục này" in (second.json or {})["said"]) == (409, True)


def test_without_scripts_both_copies_are_shown_and_what_was_typed_stays(world: World) -> None:
    meeting(world)
    client = drafted(world)
    client.post(SECTION, data={"revision": "0", "body": "Bản của người trước"})

    answer = client.post(SECTION, data={"revision": "0", "body": "Bản của tôi"})

    assert answer.status_code == 409
    assert "Bản của người trước" in answer.text
    assert ">Bản của tôi</textarea>" in answer.text


def test_a_page_that_is_old_fixes_nothing(world: World) -> None:
    meeting(world)
    client = drafted(world)

    answer = client.post(f"{ONE}/chot", data={"seen": "0" * 64})

    assert (answer.status_code, "vừa được sửa sau khi bạn mở trang" in answer.text) == (409, True)
    assert "Bản dự thảo" in client.get(ONE).text


def test_a_wrong_day_is_told_at_its_place_and_the_rest_stays(world: World) -> None:
    meeting(world)
    client = drafted(world)
    typed = {"revision": "0", "day": "2025-13-40", "place": "Phòng họp số 2"}

    answer = client.post(f"{ONE}/buoi-hop", data=typed)

    assert (answer.status_code, "Ngày hoặc giờ chưa đúng" in answer.text) == (422, True)
    assert 'value="Phòng họp số 2"' in answer.text


def test_members_read_the_draft_and_change_nothing(world: World) -> None:
    meeting(world)
    drafted(world)
    client = client_as(world, JUDGE)

    assert "Người chủ trì đang soạn" in client.get(ONE).text
    assert client.post(SECTION, data={"revision": "0", "body": "Lén"}).status_code == 403
    assert client.post(f"{ONE}/chot", data={"seen": ""}).status_code == 403


def test_who_has_a_conflict_gets_an_excerpt_and_no_scan(world: World) -> None:
    codes = meeting(world)
    with in_tenant(world, world.first) as edition:
        drawn(edition)
        conflicted(session().scalars(select(Entry).where(Entry.code == codes[0])).one(), judge_actor())
    leader = drafted(world)
    fix(leader)
    scan = leader.get(f"{ONE}/bien-ban.pdf").data
    sent = leader.post(f"{ONE}/ban-ky", data={"scan": (BytesIO(scan), "ky.pdf")})
    assert sent.status_code == 303
    found = re.search(rf'href="({ONE}/ban-ky/[0-9a-f]+)"', leader.get(ONE).text)
    assert found is not None
    client = client_as(world, JUDGE)

    page = client.get(ONE).text
    excerpt = " ".join(
        one.extract_text() for one in PdfReader(BytesIO(client.get(f"{ONE}/bien-ban.pdf").data)).pages
    )

    assert (codes[0] in page, codes[1] in page) == (False, True)
    assert (codes[0] in excerpt, codes[1] in excerpt, "Bản trích" in excerpt) == (False, True, True)
    assert (leader.get(found[1]).status_code, client.get(found[1]).status_code) == (200, 404)


def test_a_correction_is_begun_from_the_fixed_page(world: World) -> None:
    meeting(world)
    client = drafted(world)
    fix(client)

    answer = client.post(PAGE, data={"corrects": "1"})

    assert answer.headers["Location"] == f"{PAGE}/2"
    assert "Đính chính biên bản số 1" in client.get(f"{PAGE}/2").text


def test_strangers_find_no_minutes(world: World) -> None:
    meeting(world)
    drafted(world)
    client = client_as(world, "cutri@example.vn")
    for path in (PAGE, ONE, f"{ONE}/bien-ban.pdf"):
        assert client.get(path).status_code == 404, path
