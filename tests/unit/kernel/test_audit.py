"""The audit log as a Merkle log of each tenant."""

from __future__ import annotations

from core.kernel import audit, merkle
from core.kernel.actor import SYSTEM
from core.kernel.db import session, tenant_scope
from tests.support.factories import NOW, World
from tests.support.tampering import tamper


def write(count: int) -> None:
    for n in range(count):
        audit.append("thing.done", f"T-{n}", {"n": n}, actor=SYSTEM, now=NOW)


def test_records_are_numbered_and_the_head_is_the_root_of_their_leaves(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        write(5)
        session().commit()
        assert [record.seq for record in audit.records()] == [0, 1, 2, 3, 4]
        assert audit.log_head() == audit.LogHead(5, merkle.root(audit.leaves()).hex())
        assert audit.first_false_record() is None


def test_each_tenant_has_a_log_of_its_own(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id):
            write(3)
            session().commit()
        with tenant_scope(world.second.id):
            write(1)
            session().commit()
            assert audit.log_head().size == 1
            assert [record.subject for record in audit.records()] == ["T-0"]


def test_a_record_is_undone_with_its_deed(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        write(2)
        session().rollback()
        assert audit.log_head() == audit.LogHead(0, merkle.EMPTY_ROOT.hex())


def test_a_record_changed_behind_our_back_is_found(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        write(4)
        session().commit()
        tamper(world.app, "update audit_record set data = '{\"n\": 99}' where seq = 2")
        assert audit.first_false_record() == 2


def test_a_record_removed_behind_our_back_is_found(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        write(4)
        session().commit()
        tamper(world.app, "delete from audit_record where seq = 3")
        assert audit.first_false_record() == 3
