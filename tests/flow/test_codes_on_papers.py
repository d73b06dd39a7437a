"""Each paper with a QR code, drawn as a picture and read as a telephone reads it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sqlalchemy import select

from core.judging.meeting.minutes import MeetingFacts, access_minutes, save_facts, sections_for
from core.judging.meeting.minutes_drafting import draft_minutes
from core.judging.meeting.minutes_paper import digest_seen, fix_minutes
from core.judging.paper_models import PaperSheet
from core.kernel.db import session
from tests.flow.test_entries_way import OFFICER
from tests.flow.test_meeting_pages import client_as
from tests.flow.test_receipts import handed_in
from tests.support.factories import NOW, World
from tests.support.judging import ROUND
from tests.support.meeting import SECRETARY, attendee, drawn, make_meeting, secretary
from tests.support.qr import codes_on
from tests.support.voting import in_tenant

MINUTES = f"/hoi-dong/{ROUND}/bien-ban/1"
AUTHOR = "tacgia@example.vn"


def path_of(address: str) -> str:
    """What of an address stands after the host."""
    return urlsplit(address)._replace(scheme="", netloc="").geturl()


def test_the_code_on_minutes_says_the_head_of_the_log(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, entries=5)
        drawn(edition)
        who = attendee(edition)
        draft_minutes(edition, who, actor=secretary(), now=NOW)
        save_facts(edition, who, 1, MeetingFacts("Phòng A", NOW, frozenset()), 0, actor=secretary(), now=NOW)
        seen = digest_seen(
            access_minutes(edition, who, 1),
            sections_for(access_minutes(edition, who, 1), who, actor=secretary()),
        )
        minutes = fix_minutes(edition, who, 1, seen, actor=secretary(), now=NOW)
        head = f"bangvang.head/1 motmot k1 {minutes.log_size} {minutes.log_head}"

    paper = client_as(world, SECRETARY).get(f"{MINUTES}/bien-ban.pdf").data

    assert [code for page in codes_on(paper) for code in page] == [head]


def test_the_code_on_each_score_sheet_leads_to_where_it_is_keyed_in(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, entries=3)
    client = client_as(world, SECRETARY)

    paper = client.post(f"/hoi-dong/{ROUND}/phieu-giay/in", data={"judge": "J1"}).data

    with in_tenant(world, world.first):
        printed = set(session().scalars(select(PaperSheet.code)))
    found = codes_on(paper)
    assert [len(page) for page in found] == [1, 1, 1]
    addresses = [code for page in found for code in page]
    assert {one.rpartition("/")[2] for one in addresses} == printed
    assert all(
        re.fullmatch(rf"https?://motmot\.[^/]+/hoi-dong/{ROUND}/phieu-giay/\w+", one) for one in addresses
    )
    for one in addresses:
        assert client.get(path_of(one)).status_code == 200


def test_the_code_on_a_receipt_leads_to_its_check(world: World) -> None:
    ref, receipt, _sha256 = handed_in(world)
    client = client_as(world, AUTHOR)

    paper = client.get(f"/du-thi/{ref}/bien-nhan/1.pdf").data

    (address,) = [code for page in codes_on(paper) for code in page]
    checked = client.get(path_of(address))
    assert address.endswith(f"/xac-minh?ma={receipt}")
    assert (checked.status_code, "Biên nhận nộp hồ sơ, mã hồ sơ TT-K1-0001" in checked.text) == (200, True)


def test_the_code_on_a_cover_sheet_leads_to_the_papers_of_its_version(world: World) -> None:
    ref, receipt, _sha256 = handed_in(world)

    paper = client_as(world, AUTHOR).get(f"/du-thi/{ref}/bien-nhan/1/phieu-gui.pdf").data

    (address,) = [code for page in codes_on(paper) for code in page]
    opened = client_as(world, OFFICER).get(path_of(address))
    assert (address.rpartition("/")[2], opened.status_code) == (receipt, 303)


def test_a_draft_of_minutes_has_no_code(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        draft_minutes(edition, attendee(edition), actor=secretary(), now=NOW)

    paper = client_as(world, SECRETARY).get(f"{MINUTES}/bien-ban.pdf").data

    assert [code for page in codes_on(paper) for code in page] == []
