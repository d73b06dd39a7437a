"""What all tenants share (one cache, one job table, one store of files, one log table) keeps them apart too."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from core.contests.models import Unit
from core.kernel import audit, jobs
from core.kernel.actor import SYSTEM
from core.kernel.clock import real_now
from core.kernel.db import TenantScopeError, session, tenant_scope
from core.kernel.files import file_key, file_store
from core.kernel.mail import Mail, send_mail
from core.kernel.uow import unit_of_work
from core.tenancy.scope import touch_public
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, view
from tests.support.people import sign_in
from tests.support.urls import Twins, build_twins


@jobs.handler("isolation.rename")
def rename(payload: Mapping[str, Any]) -> None:
    for unit in session().scalars(select(Unit)):
        unit.name = payload["name"]


@jobs.handler("isolation.trespass")
def trespass(payload: Mapping[str, Any]) -> None:
    session().scalars(select(Unit)).all()
    session().add(Unit(**payload))
    session().flush()


def unit_names(world: World) -> list[set[str]]:
    """The names of each tenant's units."""
    found = []
    for facts in (world.first, world.second):
        with tenant_scope(facts.id):
            found.append(set(session().scalars(select(Unit.name))))
    return found


# -- the cache of public pages -----------------------------------------------------------------------------------


def test_the_same_address_of_two_tenants_is_never_one_page(world: World) -> None:
    first, second = client_of(world.app, "motmot"), client_of(world.app, "haihai")
    for _ in range(2):  # the second time from the cache
        for path in ("/binh-chon", "/bai-du-thi", "/the-le", "/tai-lieu", "/ket-qua"):
            one, other = first.get(path), second.get(path)
            assert "Thử motmot" in one.text, path
            assert "haihai" not in one.text, path
            assert "Thử haihai" in other.text, path
            assert "motmot" not in other.text, path


def test_a_page_that_one_tenant_has_is_not_taken_from_the_cache_for_the_other(world: World) -> None:
    twins: Twins = build_twins(world)
    first, second = client_of(world.app, "motmot"), client_of(world.app, "haihai")
    path = f"/bai-du-thi/{twins.first.names['entry_code']}"
    assert [first.get(path).status_code for _ in range(2)] == [200, 200]
    assert second.get(path).status_code == 404


def test_an_etag_of_one_tenant_is_no_other_tenants(world: World) -> None:
    first, second = client_of(world.app, "motmot"), client_of(world.app, "haihai")
    tag = first.get("/binh-chon").headers["ETag"]
    assert first.get("/binh-chon", headers={"If-None-Match": tag}).status_code == 304
    assert second.get("/binh-chon", headers={"If-None-Match": tag}).status_code == 200


def test_a_change_at_one_tenant_makes_only_its_own_pages_old(world: World) -> None:
    first, second = client_of(world.app, "motmot"), client_of(world.app, "haihai")
    tags = [client.get("/bai-du-thi").headers["ETag"] for client in (first, second)]
    with world.app.app_context(), tenant_scope(world.first.id), unit_of_work():
        make_entry(view(world.first), account(), title="Máy gặt mới")
        touch_public()
    now_first = first.get("/bai-du-thi", headers={"If-None-Match": tags[0]})
    assert now_first.status_code == 200
    assert "Máy gặt mới" in now_first.text
    assert second.get("/bai-du-thi", headers={"If-None-Match": tags[1]}).status_code == 304


def test_what_a_person_sees_never_goes_into_the_cache(world: World) -> None:
    reader, stranger = client_of(world.app, "motmot"), client_of(world.app, "motmot")
    sign_in(reader, "cutri@example.vn")
    assert "Người bình chọn Thử" in reader.get("/binh-chon").text
    assert "Người bình chọn Thử" not in stranger.get("/binh-chon").text
    assert "Người bình chọn Thử" in reader.get("/binh-chon").text


# -- jobs --------------------------------------------------------------------------------------------------------


def test_a_job_of_one_tenant_changes_nothing_of_the_other(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            jobs.enqueue("isolation.rename", {"name": "Của một"}, dedupe="x")
        with tenant_scope(world.second.id), unit_of_work():
            assert jobs.enqueue("isolation.rename", {"name": "Của hai"}, dedupe="x") is True
        assert {tenant for tenant, _key in jobs.due_jobs(real_now())} == {world.first.id, world.second.id}
        assert jobs.run_due_jobs() == 2
        assert unit_names(world) == [{"Của một"}, {"Của hai"}]


def test_a_job_cannot_write_for_another_tenant_even_when_it_tries(world: World) -> None:
    stranger = {
        "tenant_id": str(world.second.id),
        "code": "x",
        "name": "x",
        "name_key": "x",
        "kind": "commune",
    }
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            jobs.enqueue("isolation.trespass", stranger)
        jobs.run_due_jobs()
        with tenant_scope(world.first.id):
            job = session().scalars(select(jobs.Job)).one()
            assert (job.state, job.tries) == ("queued", 1)
            assert TenantScopeError.__name__ in (job.error or "")
        assert unit_names(world) == [{"Xã Thử"}, {"Xã Thử"}]


def test_a_job_named_with_the_wrong_tenant_does_not_run(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            jobs.enqueue("isolation.rename", {"name": "Mới"}, dedupe="x")
        assert jobs.run_job(world.second.id, "isolation.rename:x") is False
        assert unit_names(world) == [{"Xã Thử"}, {"Xã Thử"}]


# -- files, letters, the log -------------------------------------------------------------------------------------


def test_the_same_file_of_two_tenants_is_kept_twice_and_deleted_once(world: World) -> None:
    digest = "ab" * 32
    with world.app.app_context():
        keys = [file_key(facts.id, digest) for facts in (world.first, world.second)]
        assert keys[0] != keys[1]
        for key in keys:
            file_store().put(key, io.BytesIO(b"one content"))
        file_store().delete(keys[0])
        assert [file_store().exists(key) for key in keys] == [False, True]
        assert keys[1] not in list(file_store().keys(str(world.first.id)))


def test_letters_of_one_tenant_are_not_in_the_mailbox_of_the_other(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id), unit_of_work():
        send_mail(
            to="ai@example.vn", name="Ai", sender="Thử", subject="Chỉ của một", body="Thân thư", now=NOW
        )
    assert "Chỉ của một" in client_of(world.app, "motmot").get("/hop-thu").text
    assert "Chỉ của một" not in client_of(world.app, "haihai").get("/hop-thu").text
    with world.app.app_context(), tenant_scope(world.second.id):
        assert session().scalars(select(Mail)).all() == []


def test_each_tenant_has_a_log_of_its_own(world: World) -> None:
    with world.app.app_context():
        sizes = []
        for facts in (world.first, world.second):
            with tenant_scope(facts.id), unit_of_work():
                before = audit.log_head().size
                audit.append("isolation.tested", facts.slug, {}, actor=SYSTEM, now=NOW)
                sizes.append(audit.log_head().size - before)
                assert {row.subject for row in audit.records(actions=("isolation.tested",))} == {facts.slug}
                assert audit.first_false_record() is None
        assert sizes == [1, 1]


def test_an_export_holds_only_the_tenants_own_rows(world: World) -> None:
    twins = build_twins(world)
    client = client_of(world.app, "haihai")
    sign_in(client, "tatca@example.vn")
    for path in ("/btc/ho-so/xuat.csv", "/btc/don-vi/xuat"):
        text = client.get(path).get_data().decode("utf-8-sig")
        assert not [secret for secret in twins.first.secrets if secret in text], path
    assert twins.second.names["waiting_code"] in client.get("/btc/ho-so/xuat.csv").text


@pytest.mark.parametrize("name", ["bundle_sha256", "private_sha256"])
def test_a_file_of_the_other_tenant_is_not_in_the_tenants_store(world: World, name: str) -> None:
    twins = build_twins(world)
    with world.app.app_context():
        digest = twins.first.names[name]
        assert file_store().exists(file_key(twins.first.facts.id, digest))
        assert not file_store().exists(file_key(twins.second.facts.id, digest))
