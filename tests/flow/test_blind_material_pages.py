"""The office's way through new material of a blind round: told, looked at, approved; then the judge reads it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.entries.models import Entry
from core.judging.material_models import MaterialFile
from core.kernel.db import session, tenant_scope
from tests.flow.test_blind_pages import CODE, PAGE, filled, jobs, judge, make_blind, officer, seen_in, told
from tests.support.blind import approve_all, look_through, send_telling_material
from tests.support.factories import World, view
from tests.support.judging import ROUND

NOTICE = "Có tài liệu bổ sung chưa duyệt"


def approved_then_sent(world: World) -> list[UUID]:
    """A dossier that was approved, then new material for it, looked through: its files."""
    filled(world)
    make_blind(officer(world))
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        look_through(entry)
        approve_all(edition, entry, ROUND)
        send_telling_material(edition, entry, ROUND)
        session().commit()
    jobs(world)
    with world.app.app_context(), tenant_scope(world.first.id):
        return list(session().scalars(select(MaterialFile.id).order_by(MaterialFile.media_type)))


def test_new_material_is_told_approved_and_then_read(world: World) -> None:
    approved_then_sent(world)
    office, desk = officer(world), judge(world)
    before = desk.get(f"/cham-thi/{ROUND}/{CODE}").text
    index, page = office.get(PAGE).text, office.get(f"{PAGE}/{CODE}").text
    assert "1 hồ sơ có tài liệu bổ sung chưa duyệt" in index
    assert "Duyệt tài liệu bổ sung ẩn danh" in office.get("/btc/").text
    assert office.get(f"{PAGE}?loc=tai-lieu-moi").text.count("<tr data-href") == 1
    assert NOTICE in page
    assert "Tài liệu bổ sung: Kết quả mới" in page
    with world.app.app_context(), tenant_scope(world.first.id):
        kept = [str(one) for one in session().scalars(select(MaterialFile.id))]

    answer = office.post(f"{PAGE}/{CODE}/duyet", data={"seen": seen_in(page), "keep": kept})

    assert answer.status_code == 303
    assert NOTICE not in office.get(f"{PAGE}/{CODE}").text
    read = desk.get(f"/cham-thi/{ROUND}/{CODE}").text
    assert "Khách khen tốt." not in before
    assert "Khách khen tốt." in read
    assert f"{CODE}-bo-sung-2" in read
    assert told(before) == told(read) == []


def test_files_of_new_material_are_covered_like_those_of_the_dossier(world: World) -> None:
    pdf, picture = approved_then_sent(world)
    office = officer(world)

    pages = [office.get(f"{PAGE}/{CODE}/tep/{one}") for one in (picture, pdf)]
    drawn = office.get(f"{PAGE}/{CODE}/tep/{pdf}/trang/1")
    saved = office.post(f"{PAGE}/{CODE}/tep/{pdf}/o", data={"trang": "1", "o": "1,0,0,5000,5000"})

    assert [one.status_code for one in pages] == [200, 200]
    assert (drawn.status_code, drawn.mimetype, saved.status_code) == (200, "image/webp", 303)
    assert "Ô bạn đã che trên trang này" in office.get(f"{PAGE}/{CODE}/tep/{pdf}").text
    jobs(world)
    assert office.get(f"{PAGE}/{CODE}/tep/{pdf}/ban-che", buffered=True).mimetype == "application/pdf"
