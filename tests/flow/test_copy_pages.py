"""The pages beside the sheet of what is no file of the dossier itself: covered copies, and new material."""

from __future__ import annotations

import io
import re

from PIL import Image
from sqlalchemy import select

from core.entries.models import Attachment, Entry
from core.judging.services import appoint_judge, open_round
from core.judging.services.blinding import withdraw
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from tests.flow.test_judging_pages import desk, office
from tests.support.blind import (
    OFFICER,
    approve_all,
    look_through,
    make_blind,
    make_telling_entry,
    send_telling_material,
)
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import JUDGE, ROUND
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

CODE = "MO-K1-7745"
PAGE = f"/cham-thi/{ROUND}/{CODE}"


def filled(world: World, *, is_blind: bool) -> None:
    """A dossier with new material before a judge; where the round is blind, its copies are approved."""
    with in_tenant(world, world.first) as edition:
        entry = make_telling_entry(edition, code=CODE)
        appoint_judge(edition, account(JUDGE).id, actor=SYSTEM, now=NOW)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        if is_blind:
            make_blind(edition, ROUND)
            look_through(entry)
            approve_all(edition, entry, ROUND)
            session().commit()  # the jobs of the copies have put another session in the place of the first
        else:
            send_telling_material(edition, entry, ROUND)


def addresses(page: str) -> list[str]:
    """Where the first pages of the copies are."""
    return re.findall(r'data-pages-href="([^"]+/ban/[0-9a-f]{64}/trang/1)"', page)


def test_covered_copies_open_beside_the_sheet_and_no_browser_keeps_them(world: World) -> None:
    filled(world, is_blind=True)
    client = desk(world)

    found = addresses(client.get(PAGE).text)

    assert len(found) == 2  # the PDF and the picture; no copy is drawn of the document
    answers = [client.get(one) for one in found]
    assert [(one.status_code, one.mimetype) for one in answers] == [(200, "image/webp")] * 2
    assert {one.headers["Cache-Control"] for one in answers} == {"private, no-store"}
    assert Image.open(io.BytesIO(answers[0].data)).height == 1800
    assert client.get(re.sub(r"1$", "2", found[0])).status_code == 404


def test_an_approval_that_is_taken_back_closes_the_pages_at_once(world: World) -> None:
    filled(world, is_blind=True)
    client = desk(world)
    found = addresses(client.get(PAGE).text)
    with in_tenant(world, world.first):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        withdraw(entry, ROUND, actor=actor_of(account(OFFICER)), now=NOW)

    assert [client.get(one).status_code for one in found] == [404, 404]


def test_new_material_opens_beside_the_sheet_in_an_open_round(world: World) -> None:
    filled(world, is_blind=False)
    client = desk(world)

    found = addresses(client.get(PAGE).text)

    assert [client.get(one).mimetype for one in found] == ["image/webp"] * 2
    assert office(world).get(found[0]).status_code == 403


def test_a_content_that_the_sheet_does_not_show_has_no_pages_there(world: World) -> None:
    filled(world, is_blind=True)
    with in_tenant(world, world.first):
        own = session().scalars(select(Attachment.sha256).where(Attachment.name.endswith(".jpg"))).one()

    assert desk(world).get(f"{PAGE}/ban/{own}/trang/1").status_code == 404


def test_the_sheet_of_a_blind_round_needs_at_most_12_queries(world: World) -> None:
    filled(world, is_blind=True)
    client = desk(world)
    client.get(PAGE)

    with count_queries(world.app) as counted:
        client.get(PAGE)

    assert counted.count <= 12, str(counted)
