"""Every address of this room asked with the other tenant's names: what is theirs does not exist here."""

from __future__ import annotations

import pytest
from flask import Flask

from core.entries.listing import gallery_page
from core.entries.models import EntryAuthor, EntryRight
from core.entries.policies import access_entry, access_invitation
from core.entries.queries import (
    counts_by_state,
    entries_of,
    rules_entries,
    version_by_receipt,
    withdrawn_codes,
)
from core.entries.rights import Right
from core.entries.screening.queue import QueueFilters, Reader, queue_page
from core.entries.services import confirm_by_link, set_right
from core.entries.services.author_rows import terms_of
from core.entries.states import State
from core.kernel.actor import SYSTEM
from core.kernel.db import session, tenant_scope
from core.kernel.errors import NotFound
from tests.flow.test_entries_way import ENTRANT, OFFICER, client_for
from tests.support.app import client_of
from tests.support.authors import INVITED, co_author, invited_author
from tests.support.entries import account, make_attachment, make_entry, picture_bytes
from tests.support.factories import NOW, TenantFacts, World, actor_of, view


def twin(world: World, facts: TenantFacts, code: str) -> dict[str, str]:
    """The same dossiers in a tenant; the names by which addresses call them."""
    with world.app.app_context(), tenant_scope(facts.id):
        owner, edition = account(), view(facts)
        draft = make_entry(edition, owner, state="draft", title="Bản nháp chung")
        public = make_entry(edition, owner, code=code, title="Bài công khai chung")
        content = picture_bytes("PNG")
        held = make_attachment(public, name="a.png", content=content, media_type="image/png", is_public=True)
        names = {
            "draft": draft.ref,
            "code": code,
            "file": str(held.id),
            "sha8": held.sha256[:8],
            "ref": public.ref,
        }
        author, names["token"] = invited_author(draft, edition, actor_of(owner))
        names["author"] = str(author.id)
        session().commit()
    return names


@pytest.fixture
def theirs(world: World) -> dict[str, str]:
    """Twin dossiers in both tenants; the names of the second tenant's."""
    twin(world, world.first, "MM-1")
    return twin(world, world.second, "HH-1")


ENTRANT_GETS = (
    "/du-thi/{draft}",
    "/du-thi/{draft}/sua",
    "/du-thi/{draft}/kiem-tra",
    "/du-thi/{draft}/rut",
    "/du-thi/{ref}/bien-nhan/1",
    "/du-thi/{ref}/bien-nhan/1.pdf",
    "/du-thi/{ref}/ban/1",
    "/du-thi/{ref}/ban/1/1",
    "/du-thi/{ref}/ban/1/nhap",
    "/du-thi/tep/{file}",
    "/du-thi/{draft}/tac-gia",
    "/du-thi/{draft}/tac-gia/chuyen",
    "/du-thi/loi-moi/{token}",
    "/du-thi/loi-moi/cua-toi/{author}",
)
ENTRANT_POSTS = (
    "/du-thi/{draft}/tac-gia",
    "/du-thi/{draft}/tac-gia/moi",
    "/du-thi/{draft}/tac-gia/xac-nhan",
    "/du-thi/{draft}/tac-gia/quyen",
    "/du-thi/{draft}/tac-gia/chuyen",
    "/du-thi/loi-moi/{token}",
    "/du-thi/loi-moi/cua-toi/{author}",
    "/du-thi/{draft}/sua",
    "/du-thi/{draft}/nop",
    "/du-thi/{draft}/rut",
    "/api/v1/entries/{draft}/submit",
)
PUBLIC_GETS = (
    "/bai-du-thi/{code}",
    "/bai-du-thi/{code}/anh/{sha8}",
    "/bai-du-thi/{code}/tep/{sha8}",
    "/api/v1/entries/{code}",
)
OFFICE_GETS = (
    "/btc/ho-so/{code}",
    "/btc/ho-so/{ref}",
    "/btc/ho-so/{code}/ban/1",
    "/btc/ho-so/{code}/ban/1/1",
    "/du-thi/tep/{file}",
)
OFFICE_POSTS = ("/btc/ho-so/{code}/xet", "/btc/ho-so/{code}/cong-bo")


def test_an_entrant_meets_nothing_of_the_other_tenant(app: Flask, theirs: dict[str, str]) -> None:
    client = client_for(app, ENTRANT)

    answers = {path: client.get(path.format(**theirs)).status_code for path in ENTRANT_GETS}
    answers |= {f"POST {path}": client.post(path.format(**theirs)).status_code for path in ENTRANT_POSTS}
    answers["PUT"] = client.put(f"/api/v1/entries/{theirs['draft']}", json={}).status_code

    assert set(answers.values()) == {404}, answers


def test_the_public_meets_nothing_of_the_other_tenant(app: Flask, theirs: dict[str, str]) -> None:
    client = client_of(app, "motmot")

    assert {path: client.get(path.format(**theirs)).status_code for path in PUBLIC_GETS} == dict.fromkeys(
        PUBLIC_GETS, 404
    )
    listed = client.get("/api/v1/entries").json
    assert listed is not None
    assert [one["code"] for one in listed["entries"]] == ["MM-1"]


def test_the_committee_meets_nothing_of_the_other_tenant(app: Flask, theirs: dict[str, str]) -> None:
    client = client_for(app, OFFICER)

    answers = {path: client.get(path.format(**theirs)).status_code for path in OFFICE_GETS}
    deed = {"do": "withdraw", "reason": "x"}
    answers |= {
        f"POST {path}": client.post(path.format(**theirs), data=deed).status_code for path in OFFICE_POSTS
    }
    answers["similar"] = client.get(f"/btc/ho-so/MM-1/giong/{theirs['code']}").status_code
    sent = {"pick": theirs["code"], "do": "unpublish", "token": "t1"}
    bulk = client.post("/btc/ho-so/hang-loat/lam", data=sent, follow_redirects=True)

    assert "0 đã xong, 1 không làm được" in bulk.text
    assert set(answers.values()) == {404}, answers
    assert client_of(app, "haihai").get(f"/bai-du-thi/{theirs['code']}").status_code == 200


def test_queries_see_one_tenant(app: Flask, world: World, theirs: dict[str, str]) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        assert [one.code for one in gallery_page(edition).cards] == ["MM-1"]
        reader = Reader(SYSTEM, NOW)
        assert [one.code for one in queue_page(edition, QueueFilters(), reader).rows] == ["MM-1"]
        assert [one.code for one in rules_entries(edition)] == ["MM-1"]
        assert (counts_by_state(edition)[State.ACCEPTED], counts_by_state(edition)[State.DRAFT]) == (1, 1)
        assert len(entries_of(account().id)) == 2
        assert withdrawn_codes(edition) == []
        assert version_by_receipt("ABCDEFGHJK") is None


def test_the_same_code_in_both_tenants_is_two_entries(app: Flask, world: World) -> None:
    for facts, title in ((world.first, "Của Một"), (world.second, "Của Hai")):
        with app.app_context(), tenant_scope(facts.id):
            make_entry(view(facts), account(), code="CHUNG-1", title=title)
            session().commit()

    assert "Của Một" in client_of(app, "motmot").get("/bai-du-thi/CHUNG-1").text
    assert "Của Hai" in client_of(app, "haihai").get("/bai-du-thi/CHUNG-1").text


def confirmed(world: World, facts: TenantFacts, token: str) -> None:
    """Let the invited of a tenant confirm."""
    with world.app.app_context(), tenant_scope(facts.id):
        author = access_invitation(token)[1]
        confirm_by_link(token, seen=terms_of(author), actor=actor_of(co_author()), now=NOW)
        session().commit()


def test_a_link_of_one_tenant_is_nothing_at_the_other(app: Flask, world: World) -> None:
    ours, theirs = twin(world, world.first, "MM-1"), twin(world, world.second, "HH-1")

    confirmed(world, world.first, ours["token"])

    with app.app_context(), tenant_scope(world.second.id), pytest.raises(NotFound):
        access_invitation(ours["token"])
    with app.app_context(), tenant_scope(world.second.id):
        twins = session().query(EntryAuthor).filter(EntryAuthor.name == "Trần Thị Hoa").one()
        assert (twins.account_id, twins.confirmed_at) == (None, None)
        assert access_invitation(theirs["token"])[1].id == twins.id
        assert session().query(EntryRight).count() == 0


def test_a_right_in_one_tenant_opens_nothing_in_the_other(app: Flask, world: World) -> None:
    ours, theirs = twin(world, world.first, "MM-1"), twin(world, world.second, "HH-1")
    for facts, names in ((world.first, ours), (world.second, theirs)):
        confirmed(world, facts, names["token"])
    with app.app_context(), tenant_scope(world.first.id):
        guest = account(INVITED)
        set_right(
            access_entry(actor_of(guest), ours["draft"]),
            guest.id,
            Right.EDIT,
            actor=actor_of(account()),
            now=NOW,
        )
        session().commit()
        first = actor_of(guest)

    with app.app_context(), tenant_scope(world.second.id):
        with pytest.raises(NotFound):
            access_entry(first, theirs["draft"])
        with pytest.raises(NotFound):
            access_entry(actor_of(account(INVITED)), ours["draft"])
        assert session().query(EntryRight.level).all() == [("view",)]


def test_the_public_and_programs_never_see_an_address_of_an_author(app: Flask, world: World) -> None:
    ours = twin(world, world.first, "MM-1")
    with app.app_context(), tenant_scope(world.first.id):
        public = make_entry(view(world.first), account(), code="MM-2", title="Bài hai")
        public.state = "draft"
        invited_author(public, view(world.first), actor_of(account()), email="kin@example.vn")
        public.state = "accepted"
        session().commit()

    stranger, officer = client_of(app, "motmot"), client_for(app, OFFICER)
    pages = [stranger.get(path).text for path in ("/bai-du-thi/MM-2", "/bai-du-thi", "/api/v1/entries/MM-2")]
    pages += [officer.get(path).text for path in ("/btc/ho-so/MM-2", "/btc/ho-so/xuat.csv?trang-thai=tat-ca")]
    pages += [stranger.get(f"/du-thi/loi-moi/{ours['token']}").text]

    assert [number for number, page in enumerate(pages) if "kin@example.vn" in page or INVITED in page] == []
