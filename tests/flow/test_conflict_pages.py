"""Conflicts through HTTP: a secretary declares, an invited judge says where he works, the office looks for one."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.models import Edition
from core.entries.models import Entry, EntryAuthor
from core.judging.conflict_models import Affiliation, Conflict, ConflictSettings
from core.judging.conflict_values import Kind
from core.judging.council_models import Seat
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, declare
from core.kernel.db import session
from tests.support.app import client_of
from tests.support.councils import invited, made_council, seated
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of, make_account, make_unit, set_clock
from tests.support.judging import JUDGE, ROUND, judge_actor, lock, make_round
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

DECLARE = f"/hoi-dong/{ROUND}/lien-quan"
OFFICE = "/btc/cham-thi/xung-dot"
ONE = "thu-ky@example.vn"
FREE = CouncilFacts(pledge_required=False)
OUTSIDER = "nguoi-ngoai@example.vn"


def client_for(world: World, email: str) -> FlaskClient:
    with in_tenant(world, world.first):
        set_clock(session().scalars(select(Edition.id)).one(), NOW)
    client = client_of(world.app, world.first.slug)
    sign_in(client, email)
    return client


def secretary(world: World, *, entries: int = 1, facts: CouncilFacts = FREE) -> list[str]:
    """A round with a secretary; the codes of its dossiers."""
    with in_tenant(world, world.first) as edition:
        made = make_round(edition, entries=entries)
        made_council(edition, facts)
        seated(edition, ONE, SeatRole.SECRETARY)
        return [one.code or "" for one in made]


def test_the_secretary_declares_and_the_dossier_is_gone_for_him(world: World) -> None:
    first, other = secretary(world, entries=2)
    with in_tenant(world, world.first) as edition:
        for entry in session().scalars(select(Entry).where(Entry.code.in_((first, other)))).all():
            lock(edition, entry)
    client = client_for(world, ONE)
    before = client.get(f"/hoi-dong/{ROUND}/xep-hang").text
    page = client.get(DECLARE).text

    answer = client.post(DECLARE, data={"entries": [first], "kinds": ["family"]})

    assert (first in before, first in page, answer.status_code) == (True, True, 303)
    after = client.get(f"/hoi-dong/{ROUND}/xep-hang").text
    assert (first in after, other in after, first in client.get(DECLARE).text) == (False, True, False)


def test_declaring_again_says_that_it_was_declared(world: World) -> None:
    (code,) = secretary(world)
    client = client_for(world, ONE)
    typed = {"codes": code.lower(), "kinds": ["family"]}
    client.post(DECLARE, data=typed)

    answer = client.post(DECLARE, data=typed, follow_redirects=True)

    assert "Bạn đã khai từ trước" in answer.text


def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World) -> None:
    (code,) = secretary(world)
    client = client_for(world, ONE)

    answer = client.post(DECLARE, data={"codes": f"{code}, XX-1", "kinds": ["other"], "words": "Gặp một lần"})

    assert answer.status_code == 422
    for words in ("Vòng này không có hồ sơ mang mã XX-1.", f'value="{code}, XX-1"', "Gặp một lần"):
        assert words in answer.text
    with in_tenant(world, world.first):
        assert session().scalars(select(Conflict)).all() == []


def test_before_the_pledge_the_page_lists_no_title(world: World) -> None:
    secretary(world, facts=CouncilFacts())
    client = client_for(world, ONE)

    page = client.get(DECLARE)

    assert (page.status_code, "Máy sấy chè" in page.text, 'name="codes"' in page.text) == (200, False, True)


def test_nobody_from_outside_finds_the_page(world: World) -> None:
    secretary(world)
    with in_tenant(world, world.first):
        make_account(OUTSIDER)
    assert client_for(world, OUTSIDER).get(DECLARE).status_code == 404


def test_the_page_takes_as_many_queries_for_many_dossiers_as_for_one(world: World) -> None:
    secretary(world)
    client = client_for(world, ONE)
    client.get(DECLARE)
    with count_queries(world.app) as few:
        client.get(DECLARE)
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=9)
    client.get(DECLARE)
    with count_queries(world.app) as many:
        client.get(DECLARE)
    assert few.count == many.count


def test_who_accepts_an_invitation_says_where_he_works(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        made_council(edition, FREE)
        unit = make_unit("truong-thu", name="Trường Đại học Thử")
        author = session().scalars(select(EntryAuthor).where(EntryAuthor.entry_id == one.id)).one()
        author.workplace = "Khoa Điện, Trường Đại học Thử"
        seat, unit_id = str(invited(edition, ONE).id), str(unit.id)
    client = client_for(world, ONE)
    path = f"/hoi-dong/loi-moi/{seat}"
    assert "Trường Đại học Thử" in client.get(path).text

    wrong = client.post(f"{path}/nhan-loi", data={"unit": "khác", "workplace": "Nơi Thử"})
    right = client.post(f"{path}/nhan-loi", data={"unit": unit_id, "workplace": "Phòng Thử"})

    assert (wrong.status_code, 'value="Nơi Thử"' in wrong.text, right.status_code) == (422, True, 303)
    with in_tenant(world, world.first):
        assert (
            session().scalars(select(Seat.state).where(Seat.account_id == account(ONE).id)).one()
            == "accepted"
        )
        assert [one.workplace for one in session().scalars(select(Affiliation))] == ["Phòng Thử"]
        found = session().scalars(select(Conflict)).one()
        assert [each["code"] for each in found.evidence] == ["workplace"]


def test_a_judge_changes_where_he_works_on_his_account(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
    client = client_for(world, JUDGE)
    assert "/tai-khoan/noi-lam-viec" in client.get("/tai-khoan/").text

    answer = client.post("/tai-khoan/noi-lam-viec", data={"workplace": "Sở Thử"}, follow_redirects=True)

    assert "Đã lưu nơi làm việc của bạn." in answer.text
    assert 'value="Sở Thử"' in answer.text


def test_it_is_not_asked_of_an_entrant(world: World) -> None:
    with in_tenant(world, world.first):
        make_account(OUTSIDER)
    client = client_for(world, OUTSIDER)

    page = client.get("/tai-khoan/")

    assert ("noi-lam-viec" in page.text, client.get("/tai-khoan/noi-lam-viec").status_code) == (False, 404)


def test_the_office_narrows_the_list_and_keeps_shared_domains(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        one, other = make_round(edition, entries=2)
        declare([one], [Kind.FAMILY], "", actor=judge_actor(), now=NOW)
        declare([other], [Kind.BUSINESS], "", actor=judge_actor(), now=NOW)
        codes = (one.code or "", other.code or "")
    client = client_for(world, "btc@example.vn")

    narrowed = client.get(f"{OFFICE}?dau-hieu=business&trang-thai=cho-xem").text
    wrong = client.post(f"{OFFICE}/ten-mien", data={"domains": "tinh-thu.gov.vn\nkhông phải"})
    right = client.post(f"{OFFICE}/ten-mien", data={"domains": "tinh-thu.gov.vn"})

    assert [code in narrowed for code in codes] == [False, True]
    assert (wrong.status_code, "không phải là tên miền thư" in wrong.text) == (422, True)
    assert right.status_code == 303
    with in_tenant(world, world.first):
        assert session().scalars(select(ConflictSettings.shared_domains)).one() == ["tinh-thu.gov.vn"]


def test_the_office_reads_that_the_person_is_the_secretary(world: World) -> None:
    secretary(world)
    with in_tenant(world, world.first) as edition:
        one = session().scalars(select(Entry).where(Entry.edition_id == edition.id)).first()
        assert one is not None
        declare([one], [Kind.FAMILY], "", actor=actor_of(account(ONE)), now=NOW)

    page = client_for(world, "btc@example.vn").get(OFFICE).text

    assert "Thư ký · thu-ky@example.vn" in page
