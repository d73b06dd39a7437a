"""The copy of everything held about a person: all of theirs, nobody else's, for seven days."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from core.entries.models import EntryAuthor, EntryVersion
from core.entries.services import submit
from core.kernel.clock import real_now
from core.kernel.db import bind_tenant, session, tenant_scope
from core.kernel.errors import Invalid, NotFound
from core.kernel.files import file_key, file_store
from core.kernel.ids import token
from core.kernel.jobs import Job, run_due_jobs
from core.people import services as people
from core.privacy import services
from core.privacy.collectors import collectors
from core.privacy.models import PersonalExport
from core.privacy.policies import access_copy
from core.voting.services import cast_vote
from tests.support.entries import account, complete_draft, make_attachment, make_entry
from tests.support.factories import NOW, World, actor_of, view

PERSON, OTHER = "tacgia@example.vn", "cutri@example.vn"
SECRETS = ("Bí mật của người khác", "Xã Riêng Của Đồng Tác Giả", "1991")


def fill(world: World, which: str) -> None:
    """The same things for the person and for another, in one tenant; each names its tenant."""
    facts = world.first if which == world.first.slug else world.second
    edition = view(facts)
    person, other = account(PERSON), account(OTHER)
    theirs = complete_draft(edition, person)
    submit(theirs, edition, actor=actor_of(person), now=NOW)
    theirs.title = f"Máy của tôi ở {which}"
    co_author = EntryAuthor(
        entry_id=theirs.id, position=2, name="Đồng Tác Giả", role="member", birth_year=1991,
        workplace="Xã Riêng Của Đồng Tác Giả",
    )  # fmt: skip
    session().add(co_author)
    version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == theirs.id)).one()
    row = {"name": "Đồng Tác Giả", "role": "member", "birth_year": 1991, "workplace": SECRETS[1]}
    version.snapshot = {**version.snapshot, "authors": [*version.snapshot["authors"], row]}
    foreign = make_entry(edition, other, title="Bí mật của người khác")
    make_attachment(foreign, name="bi-mat.pdf", content=b"%PDF-1.7 rieng")
    cast_vote(edition, foreign, voter=actor_of(person), now=NOW, address="203.0.113.9")
    cast_vote(edition, foreign, voter=actor_of(other), now=NOW, address="203.0.113.8")
    for one in (person, other):
        people.agree("news", actor=actor_of(one), now=NOW)
        people.start_sign_in(one, device=f"Máy của {one.email}", address="203.0.113.5", now=NOW)
        services.ask("see", f"Yêu cầu của {one.email}", form_token=token(), actor=actor_of(one), now=NOW)
    session().commit()


def made_copy(email: str = PERSON) -> PersonalExport:
    """A copy asked for and made."""
    copy_id = services.order_copy(actor=actor_of(account(email)), now=real_now()).id
    session().commit()
    tenant_id = session().tenant_id
    run_due_jobs()
    with_tenant(tenant_id)
    return session().get_one(PersonalExport, (tenant_id, copy_id))


def with_tenant(tenant_id: UUID) -> None:
    """Bind the session again: running jobs leaves it empty."""
    bind_tenant(session(), tenant_id)


def opened(copy: PersonalExport) -> zipfile.ZipFile:
    """The zip of a copy."""
    assert copy.sha256 is not None
    content = b"".join(file_store().read(file_key(copy.tenant_id, copy.sha256)))
    assert len(content) == copy.size
    return zipfile.ZipFile(io.BytesIO(content))


def part(archive: zipfile.ZipFile, key: str) -> Any:
    """One part of a copy."""
    return json.loads(archive.read(f"{key}.json"))


@pytest.mark.usefixtures("tenant")
def test_the_copy_holds_all_of_the_person_and_nothing_of_anybody_else(tenant: World) -> None:
    fill(tenant, tenant.first.slug)
    with tenant_scope(tenant.second.id):
        fill(tenant, tenant.second.slug)
    with_tenant(tenant.first.id)

    copy = made_copy()

    assert (copy.state, copy.done, copy.total) == ("ready", len(collectors()), len(collectors()))
    archive = opened(copy)
    assert archive.testzip() is None
    assert part(archive, "tai-khoan")["địa chỉ thư"] == PERSON
    (dossier,) = part(archive, "ho-so")
    assert dossier["tên"] == f"Máy của tôi ở {tenant.first.slug}"
    assert dossier["tác giả"][1] == {"họ tên": "Đồng Tác Giả", "vai trò": "Đồng tác giả"}
    assert dossier["các lần nộp"][0]["tác giả"][1] == {"họ tên": "Đồng Tác Giả", "vai trò": "Đồng tác giả"}
    assert [one["trong bản sao"] in archive.namelist() for one in dossier["tệp"]] == [True] * len(
        dossier["tệp"]
    )
    assert len(part(archive, "binh-chon")) == 1
    assert [one["thiết bị"] for one in part(archive, "dang-nhap")] == [f"Máy của {PERSON}"]
    assert [one["bạn viết"] for one in part(archive, "yeu-cau")] == [f"Yêu cầu của {PERSON}"]
    assert [one["mục đích"] for one in part(archive, "dong-y")] == ["Thư tin và nhắc mốc thời gian"]
    assert part(archive, "thu")
    body = b"".join(archive.read(name) for name in archive.namelist() if name.endswith((".json", ".txt")))
    told = body.decode()
    assert OTHER not in told
    assert tenant.second.slug not in told
    assert [one for one in SECRETS[1:] if one in told] == []
    assert "bi-mat.pdf" not in " ".join(archive.namelist())


@pytest.mark.usefixtures("tenant")
def test_asking_twice_makes_one_copy_and_running_its_job_twice_changes_nothing() -> None:
    actor = actor_of(account())
    first = services.order_copy(actor=actor, now=real_now())
    again = services.order_copy(actor=actor, now=real_now())
    assert first.id == again.id
    copy = made_copy()
    copy_id, before = copy.id, (copy.sha256, copy.ready_at)

    session().execute(update(Job).where(Job.kind == "privacy.copy").values(state="queued"))
    session().commit()
    tenant_id = session().tenant_id
    run_due_jobs()
    with_tenant(tenant_id)

    kept = session().get_one(PersonalExport, (tenant_id, copy_id))
    assert (kept.sha256, kept.ready_at) == before


@pytest.mark.usefixtures("tenant")
def test_a_copy_is_its_persons_alone_and_gone_after_seven_days(tenant: World) -> None:
    copy = made_copy()
    actor, at = actor_of(account()), real_now()
    assert access_copy(actor, copy.id, at).id == copy.id
    with pytest.raises(NotFound):
        access_copy(actor_of(account(OTHER)), copy.id, at)
    with pytest.raises(NotFound):
        access_copy(actor_of(account("btc@example.vn")), copy.id, at)
    with pytest.raises(NotFound):
        access_copy(actor, copy.id, at + timedelta(days=7, seconds=1))
    assert copy.sha256 is not None
    key, copy_id = file_key(copy.tenant_id, copy.sha256), copy.id

    session().execute(update(Job).where(Job.kind == "privacy.copy_remove").values(run_at=at))
    session().commit()
    run_due_jobs()
    with_tenant(tenant.first.id)

    assert not file_store().exists(key)
    gone = session().get_one(PersonalExport, (tenant.first.id, copy_id))
    assert (gone.state, gone.sha256) == ("removed", None)


@pytest.mark.usefixtures("tenant")
def test_a_fourth_copy_in_a_day_waits() -> None:
    for _number in range(3):
        made_copy()
    with pytest.raises(Invalid) as refused:
        services.order_copy(actor=actor_of(account()), now=real_now())
    assert list(refused.value.errors) == [""]
