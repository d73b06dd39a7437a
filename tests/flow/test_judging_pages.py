"""The judge's desk and the council's office through HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.models import Judge, Sheet
from core.judging.queries import locked_sheets, sheet_of
from core.judging.services import open_round
from core.judging.values import SheetView
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from tests.support.app import client_of
from tests.support.councils import made_council
from tests.support.entries import account, make_attachment, make_entry, pdf_bytes, picture_bytes
from tests.support.factories import NOW, World, set_clock
from tests.support.judging import JUDGE, ROUND, WHOLE, edit_by_hand, fill, lock, make_round, place_of, points
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

FIRST, SECOND = "TT-K1-0001", "TT-K1-0002"
SHEET = f"/cham-thi/{ROUND}/{FIRST}"
AFTER = NOW + timedelta(days=10, seconds=10)
TYPED = {"score_doi_moi": "18,5", "score_hieu_qua": "27", "score_kha_nang": "25.0", "remark": "Tốt"}


def test_the_queue_tells_how_far_the_judge_is(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=3)
        lock(edition, entries[0])
        fill(edition, entries[1], scores={"doi_moi": "10"})
    page = desk(world).get("/cham-thi/").get_data(as_text=True)
    for words in ("1/3", "Đã khóa", "Đang chấm 1/3", "Chưa chấm", "70,5/80"):
        assert words in page
    assert f'href="/cham-thi/{ROUND}/{SECOND}"' in page


def test_typed_points_are_saved_and_the_next_sheet_opens(world: World) -> None:
    opened(world, entries=2)
    client = desk(world)
    answer = client.post(SHEET, data={**TYPED, "revision": "0", "then": "next"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cham-thi/{ROUND}/{SECOND}")
    held = stored(world)
    assert (dict(held.scores), held.remark, held.revision) == (points(WHOLE), "Tốt", 1)
    assert 'value="18,5"' in client.get(SHEET).get_data(as_text=True)


def test_a_half_step_is_refused_at_its_field_and_what_was_typed_stays(world: World) -> None:
    opened(world)
    answer = desk(world).post(SHEET, data={**TYPED, "score_doi_moi": "18,25", "revision": "0"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Điểm theo bước 0,5: ví dụ 18 hoặc 18,5." in page
    assert 'value="18,25"' in page
    assert 'value="27"' in page
    assert "Tốt</textarea>" in page
    assert stored(world).revision == 0


@pytest.mark.parametrize("typed", ["mười", "1e3", "18.5.5", "NaN"])
def test_what_is_no_number_is_refused_at_its_field(world: World, typed: str) -> None:
    opened(world)
    answer = desk(world).post(SHEET, data={**TYPED, "score_doi_moi": typed, "revision": "0"})
    assert answer.status_code == 422
    assert "Điểm phải là một số, ví dụ 18 hoặc 18,5." in answer.get_data(as_text=True)


def test_two_devices_with_one_sheet_see_both_versions(world: World) -> None:
    opened(world)
    client = desk(world)
    client.post(SHEET, data={**TYPED, "revision": "0"})
    answer = client.post(SHEET, data={**TYPED, "score_doi_moi": "12", "remark": "Khá", "revision": "0"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Dùng bản vừa nhập" in page
    assert "18,5" in page
    assert "<strong>12</strong>" in page
    assert stored(world).scores["doi_moi"] == Decimal("18.5")
    kept = client.post(SHEET, data={**TYPED, "score_doi_moi": "12", "remark": "Khá", "revision": "1"})
    assert kept.status_code == 303
    assert stored(world).scores["doi_moi"] == Decimal(12)


def test_locking_reads_everything_again_and_then_nothing_changes_it(world: World) -> None:
    opened(world)
    client = desk(world)
    to_lock = client.post(SHEET, data={**TYPED, "revision": "0", "then": "lock"})
    assert to_lock.headers["Location"] == f"{SHEET}/khoa"
    page = client.get(f"{SHEET}/khoa").get_data(as_text=True)
    for words in ("18,5", "27", "25", "70,5", "Tốt", 'name="revision" value="1"'):
        assert words in page
    assert client.post(f"{SHEET}/khoa", data={"revision": "1"}).status_code == 303
    before = stored(world)
    assert before.state == "locked"
    client.post(SHEET, data={**TYPED, "score_doi_moi": "1", "revision": str(before.revision)})
    client.post(f"{SHEET}/tu-choi", data={"reason": "đổi ý"})
    client.post(f"{SHEET}/nhan-lai")
    client.post(f"{SHEET}/khoa", data={"revision": str(before.revision)})
    client.post(f"/cham-thi/{ROUND}/khoa-tat-ca", data={"seen": f"{FIRST}:{before.revision}"})
    assert stored(world) == before


def test_a_sheet_whose_points_no_longer_fit_is_named_and_keeps_no_other_from_being_locked(
    world: World,
) -> None:
    seen = one_over_the_maximum(world)
    client = desk(world)
    page = client.get(f"/cham-thi/{ROUND}/khoa-tat-ca").text
    told = ("1 phiếu chưa khóa được", f'href="{SHEET}"', "đang ghi 99.", "Điểm từ 0 đến 20.")
    assert [words for words in told if words not in page] == []
    assert f'value="{FIRST}:1"' not in page

    answer = client.post(f"/cham-thi/{ROUND}/khoa-tat-ca", data={"seen": seen})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cham-thi/{ROUND}/khoa-tat-ca")
    with in_tenant(world, world.first) as edition:
        assert [one.entry for one in locked_sheets(edition)] == [SECOND]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_locking_points_that_no_longer_fit_leads_to_their_criterion(world: World, method: str) -> None:
    one_over_the_maximum(world)
    answer = desk(world).open(
        f"{SHEET}/khoa", method=method, data={"revision": "1"} if method == "POST" else {}
    )
    assert "Điểm từ 0 đến 20." in answer.text
    assert 'value="99"' in answer.text
    assert stored(world).state == "draft"


def one_over_the_maximum(world: World) -> list[str]:
    """Two whole drafts; of the first one criterion lies over its maximum, as when that was lowered."""
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        fill(edition, first)
        fill(edition, second)
        edit_by_hand(session().scalars(select(Sheet).where(Sheet.entry_id == first.id)).one(), "99")
    return [f"{FIRST}:1", f"{SECOND}:1"]


def test_before_the_pledge_the_page_of_conflicts_takes_codes_and_shows_no_dossier(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        made_council(edition)
    page = desk(world).get(f"/cham-thi/{ROUND}/lien-quan").text
    assert ("Máy sấy chè" in page, FIRST in page, "bạn chưa ký cam kết" in page) == (False, False, True)


def test_all_ready_sheets_are_locked_together(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second, _third = make_round(edition, entries=3)
        fill(edition, first)
        fill(edition, second)
    client = desk(world)
    page = client.get(f"/cham-thi/{ROUND}/khoa-tat-ca").get_data(as_text=True)
    seen = [f"{FIRST}:1", f"{SECOND}:1"]
    assert all(f'value="{one}"' in page for one in seen)
    assert client.post(f"/cham-thi/{ROUND}/khoa-tat-ca", data={"seen": seen}).status_code == 303
    with in_tenant(world, world.first) as edition:
        assert [row.entry for row in locked_sheets(edition)] == [FIRST, SECOND]


def test_after_the_end_a_sheet_is_kept_told_and_not_lockable(world: World) -> None:
    opened(world)
    client = desk(world)
    at(world, AFTER)
    answer = client.post(SHEET, data={**TYPED, "revision": "0", "then": "lock"}, follow_redirects=True)
    assert "Phiếu được giữ lại ở dạng nháp và không được tính." in answer.get_data(as_text=True)
    assert dict(stored(world).scores) == points(WHOLE)
    late = client.post(f"{SHEET}/khoa", data={"revision": "1"})
    assert late.status_code == 409
    assert "từ 10:00 ngày 10/11/2025 đến 10:00 ngày 22/11/2025" in late.get_data(as_text=True)
    with in_tenant(world, world.first) as edition:
        assert locked_sheets(edition) == []


def test_abstaining_needs_a_reason_and_can_be_taken_back(world: World) -> None:
    opened(world)
    client = desk(world)
    refused = client.post(f"{SHEET}/tu-choi", data={"reason": ""})
    assert (refused.status_code, "Cần ghi lý do" in refused.get_data(as_text=True)) == (422, True)
    assert client.post(f"{SHEET}/tu-choi", data={"reason": "Người nhà"}).status_code == 303
    assert "Người nhà" in client.get(SHEET).get_data(as_text=True)
    client.post(f"{SHEET}/nhan-lai")
    assert stored(world).state == "draft"


def test_a_judge_opens_the_files_of_what_he_judges(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        field = next(
            one.key for part in edition.rules.dossier_form() for one in part.fields if one.kind == "files"
        )
        judged = make_attachment(entry, field=field).id
        other = make_attachment(make_entry(edition, account(), published=False), field=field).id
    client = desk(world)
    assert f"/du-thi/tep/{judged}" in client.get(SHEET).get_data(as_text=True)
    assert client.get(f"/du-thi/tep/{judged}", follow_redirects=True).status_code == 200
    assert client.get(f"/du-thi/tep/{other}").status_code == 404


def file_field(edition: EditionView) -> str:
    """A question of the form that takes files."""
    sections = edition.rules.dossier_form()
    return next(one.key for part in sections for one in part.fields if one.kind == "files")


def test_the_sheet_shows_each_file_with_its_first_page_and_how_many_pages_it_has(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        shown = make_attachment(entry, field=file_field(edition), name="thuyet-minh.pdf")
        picture = make_attachment(
            entry, field="khong-hoi", content=picture_bytes("WEBP"), media_type="image/webp"
        )
        shown.pages, shown.preview = 12, picture.sha256
        stranger = make_entry(edition, account(), published=False)
        other = make_attachment(stranger, field=file_field(edition), content=pdf_bytes(pages=2))
        other.preview = picture.sha256
        shown_id, picture_id, other_id, version = shown.id, picture.id, other.id, picture.sha256[:8]
    client = desk(world)
    page = client.get(SHEET).get_data(as_text=True)

    assert f'<img src="/du-thi/tep/{shown_id}/xem-truoc?v={version}"' in page
    assert f'href="/du-thi/tep/{shown_id}" target="_blank" rel="noopener">thuyet-minh.pdf' in page
    assert "12 trang" in page
    assert str(picture_id) not in page  # a file that no question of the form asks for is not shown
    assert client.get(f"/du-thi/tep/{shown_id}/xem-truoc").mimetype == "image/webp"
    assert client.get(f"/du-thi/tep/{other_id}/xem-truoc").status_code == 404


def test_a_locked_file_is_named_on_the_sheet_and_neither_shown_nor_linked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        locked = make_attachment(entry, field=file_field(edition), name="doc-hai.pdf")
        locked.scan, locked.preview = "infected", locked.sha256
        locked_id = locked.id
    page = desk(world).get(SHEET).get_data(as_text=True)

    assert "doc-hai.pdf" in page
    assert str(locked_id) not in page
    assert "Tệp có mã độc nên đã bị khóa, không ai mở được." in page


def test_a_sheet_needs_the_same_queries_for_1_and_10_files(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        make_attachment(entry, field=file_field(edition))
    client, counts = desk(world), []
    client.get(SHEET)
    for more in (0, 9):
        with in_tenant(world, world.first) as edition:
            entry = session().scalars(select(Entry).where(Entry.code == FIRST)).one()
            for number in range(more):
                content = pdf_bytes(pages=number + 2)
                made = make_attachment(entry, field=file_field(edition), content=content)
                made.preview = made.sha256
        with count_queries(world.app) as counted:
            page = client.get(SHEET).get_data(as_text=True)
        counts.append((page.count("kept__picture"), counted.count))

    assert [files for files, _queries in counts] == [1, 10]
    assert counts[0][1] == counts[1][1]


def test_the_queue_and_a_sheet_need_the_same_queries_for_1_and_30_entries(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
    client = desk(world)
    client.get("/cham-thi/")
    with count_queries(world.app) as one:
        client.get("/cham-thi/")
        client.get(SHEET)
    with in_tenant(world, world.first) as edition:
        owner = account()
        more = [make_entry(edition, owner) for _ in range(29)]
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        for entry in more[:5]:
            fill(edition, entry)
    with count_queries(world.app) as thirty:
        client.get("/cham-thi/")
        client.get(SHEET)
    assert thirty.count == one.count, str(thirty)
    assert thirty.count <= 24


def test_the_desk_of_the_twin_knows_nothing_of_this_tenants_sheets(world: World) -> None:
    opened(world)
    with in_tenant(world, world.second) as edition:
        make_round(edition)
        make_entry(edition, account(), code="HH-K1-0777")
    client = desk(world)
    assert client.get(f"/cham-thi/{ROUND}/HH-K1-0777").status_code == 404
    assert client.post(f"/cham-thi/{ROUND}/HH-K1-0777", data=TYPED).status_code == 404
    client.environ_base["HTTP_HOST"] = "haihai.localhost"
    assert client.get(SHEET).headers["Location"].startswith("/tai-khoan/dang-nhap")
    client.post(SHEET, data={**TYPED, "revision": "0"})
    with in_tenant(world, world.second) as edition:
        place = place_of(edition, session().scalars(select(Entry).where(Entry.code == FIRST)).one())
        assert sheet_of(place).revision == 0


def test_no_page_of_one_judge_shows_anothers_points(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, number=2, scores={"doi_moi": "19.5", "hieu_qua": "29.5", "kha_nang": "28.5"})
    client = desk(world)
    for path in ("/cham-thi/", SHEET):
        page = client.get(path).get_data(as_text=True)
        assert not any(secret in page for secret in ("19,5", "29,5", "28,5", "77,5"))


def test_who_judges_nothing_here_is_told_so(world: World) -> None:
    client = desk(world)
    answer = client.get("/cham-thi/")
    assert answer.status_code == 403
    assert "Bạn không có tên trong" in answer.get_data(as_text=True)


def test_the_office_builds_the_council_and_opens_the_round(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_entry(edition, account())
    client = office(world)
    form = {"name": "Trần Thị Mới", "email": "moi@example.vn"}
    assert client.post("/btc/cham-thi/giam-khao", data=form).status_code == 303
    assert (
        client.post("/btc/cham-thi/giam-khao", data={"name": "Giám khảo Thử", "email": JUDGE}).status_code
        == 303
    )
    wrong = client.post("/btc/cham-thi/giam-khao", data={"name": "X", "email": "sai"})
    assert (wrong.status_code, 'value="sai"' in wrong.get_data(as_text=True)) == (422, True)
    assert client.get(f"/btc/cham-thi/vong/{ROUND}/mo").status_code == 200
    assert client.post(f"/btc/cham-thi/vong/{ROUND}/mo").status_code == 303
    page = client.get("/btc/cham-thi").get_data(as_text=True)
    assert "Trần Thị Mới" in page
    assert "J2" in page
    assert FIRST in client.get(f"/btc/cham-thi/vong/{ROUND}").get_data(as_text=True)
    assert client.post("/btc/cham-thi/giam-khao/J1/thoi", data={"reason": ""}).status_code == 422
    assert client.post("/btc/cham-thi/giam-khao/J1/thoi", data={"reason": "Bận"}).status_code == 303
    with in_tenant(world, world.first):
        council = {one.number: one.is_active for one in session().scalars(select(Judge))}
        assert council == {"J1": False, "J2": True}
        assert session().scalars(select(Edition.frozen)).one() is not None


def test_the_offices_pages_show_no_score(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(edition, entry, scores={"doi_moi": "19.5", "hieu_qua": "29.5", "kha_nang": "28.5"})
    client = office(world)
    for path in ("/btc/cham-thi", f"/btc/cham-thi/vong/{ROUND}"):
        page = client.get(path).get_data(as_text=True)
        assert not any(secret in page for secret in ("19,5", "29,5", "28,5", "77,5"))


def test_a_judge_does_not_enter_the_councils_office(world: World) -> None:
    assert desk(world).get("/btc/cham-thi").status_code == 403


def opened(world: World, *, entries: int = 1) -> None:
    """An open round of the first tenant with one judge."""
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=entries)


def desk(world: World) -> FlaskClient:
    """A client of the first tenant signed in as its judge."""
    client = client_of(world.app, world.first.slug)
    sign_in(client, JUDGE)
    return client


def office(world: World) -> FlaskClient:
    """A client of the first tenant signed in as its committee."""
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    return client


def stored(world: World) -> SheetView:
    """J1's sheet for the first entry."""
    with in_tenant(world, world.first) as edition:
        entry = session().scalars(select(Entry).where(Entry.code == FIRST)).one()
        return sheet_of(place_of(edition, entry))


def at(world: World, instant: datetime) -> None:
    """Move the edition's clock."""
    with in_tenant(world, world.first) as edition:
        set_clock(edition.id, instant)
