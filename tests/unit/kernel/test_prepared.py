"""Several statements in one round trip do what they would do one by one, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from core.contests.models import Unit
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.audit import AuditRecord
from core.kernel.db import session, tenant_scope
from core.kernel.ids import uuid7
from core.kernel.prepared import Prepared, together
from core.kernel.types import UtcInstant
from tests.support.factories import NOW, World, make_unit

rename = Prepared(
    lambda tenant: (
        update(Unit)
        .where(Unit.tenant_id == tenant, Unit.code == bindparam("wanted"))
        .values(name=bindparam("new_name"))
    )
)
name_of = Prepared(
    lambda tenant: select(Unit.name).where(Unit.tenant_id == tenant, Unit.code == bindparam("wanted"))
)
recode = Prepared(lambda tenant: update(Unit).where(Unit.tenant_id == tenant).values(code=bindparam("same")))
records_since = Prepared(
    lambda tenant: (
        select(AuditRecord.at, AuditRecord.data, AuditRecord.actor_id)
        .where(AuditRecord.tenant_id == tenant, AuditRecord.at >= bindparam("since", type_=UtcInstant()))
        .order_by(AuditRecord.seq)
    )
)


def test_each_statement_sees_what_the_one_before_it_wrote(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_unit("xa-moi", name="Xã Mới")
        first, changed, second = together(
            name_of.given(wanted="xa-moi"),
            rename.given(wanted="xa-moi", new_name="Xã Mới Hơn"),
            name_of.given(wanted="xa-moi"),
        )
        assert (first.rows, changed.count, second.rows) == ([("Xã Mới",)], 1, [("Xã Mới Hơn",)])
        session().rollback()


def test_a_statement_alone_is_the_same_before_and_after_the_transaction_has_begun(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_unit("xa-moi", name="Xã Mới")
        session().commit()
        assert name_of.rows(wanted="xa-moi") == name_of.rows(wanted="xa-moi") == [("Xã Mới",)]


def test_instants_documents_and_keys_come_back_as_they_went_in(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        audit.append("thing.done", "T-1", {"điểm": "20.0", "n": [1, None]}, actor=SYSTEM, now=NOW)
        ((at, data, actor_id),) = records_since.rows(since=NOW)
        assert (at, at.tzinfo, data, actor_id) == (NOW, UTC, {"điểm": "20.0", "n": [1, None]}, SYSTEM.id)
        assert records_since.rows(since=datetime(2099, 1, 1, tzinfo=UTC)) == []
        session().rollback()


def test_a_refusal_of_the_database_is_the_one_the_session_would_raise(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_unit("xa-moi", name="Xã Mới")
        make_unit("xa-cu", name="Xã Cũ")
        with pytest.raises(IntegrityError):
            together(name_of.given(wanted="xa-moi"), recode.given(same="xa-moi"))
        session().rollback()
        assert name_of.rows(wanted="xa-moi") == []


def test_what_was_done_together_is_undone_together(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_unit("xa-moi", name="Xã Mới")
        session().commit()
        together(rename.given(wanted="xa-moi", new_name="Khác"), name_of.given(wanted="xa-moi"))
        session().rollback()
        assert name_of.rows(wanted="xa-moi") == [("Xã Mới",)]


def test_keys_are_version_7_and_differ() -> None:
    keys = {uuid7() for _ in range(1000)}
    assert len(keys) == 1000
    assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}
