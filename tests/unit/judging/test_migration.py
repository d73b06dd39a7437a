"""An installation in the middle of judging gets assignments: what was judged until then goes on as it was."""

from __future__ import annotations

from alembic import command
from flask import Flask
from sqlalchemy import create_engine, select

from core.judging.conflict_models import Conflict
from core.judging.conflict_values import ConflictState, Kind
from core.judging.queries import desk_queue, judge_progress, locked_sheets, round_standings
from core.judging.services import decide, declare, suspect, withdraw_judge
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import configure_engine, session, tenant_scope
from core.kernel.migrate import alembic_config, upgrade
from tests.support.factories import NOW, World, actor_of, build_world, make_account, make_unit, view
from tests.support.judging import ROUND, judge_account, judge_actor, lock, make_round, place_of
from tests.support.postgres import DatabaseUrls


def judged(world: World) -> tuple[object, ...]:
    """What the council sees and what counts."""
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        (standing,) = round_standings(edition)
        progress = [(row.number, row.locked, row.total) for row in judge_progress(edition, ROUND)]
        return progress, standing.expected, [(one.judge, one.entry) for one in locked_sheets(edition)]


def test_everybody_judges_what_they_judged_and_what_was_locked_counts(
    fresh_app: Flask, database: DatabaseUrls
) -> None:
    world = build_world(fresh_app)
    with fresh_app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        done, left = make_round(edition, entries=2, judges=2)
        lock(edition, done, number=1)
        withdraw_judge(edition, "J1", "Nghỉ", actor=SYSTEM, now=NOW)
        place, codes = place_of(edition, left, number=2), [done.code, left.code]
        session().commit()
    before = judged(world)
    engine = create_engine(database.owner_url)
    configure_engine(engine, app_role=False)

    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0014")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
    engine.dispose()
    upgrade(database.owner_url)  # the next test may be given this database: its tables get their grants again

    assert judged(world) == before == ([("J1", 1, 1), ("J2", 0, 2)], 3, [("J1", codes[0])])
    with fresh_app.app_context(), tenant_scope(world.first.id):
        queue = desk_queue(view(world.first), place.judge, place.round)
    assert [row.code for row in queue.rows] == codes


def test_what_was_declared_and_what_was_dismissed_is_kept_as_such(
    fresh_app: Flask, database: DatabaseUrls
) -> None:
    world = build_world(fresh_app)
    with fresh_app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        (one,) = make_round(edition, judges=2)
        declare([one], [Kind.UNIT], "", actor=judge_actor(1), now=NOW)
        judge_account(2).unit_id = one.unit_id = make_unit("truong-thu", name="Trường Thử").id
        session().flush()
        suspect(edition.id, now=NOW)
        officer = actor_of(make_account("can-bo-1@example.vn", roles=[Role.COMMITTEE]))
        found = select(Conflict.id, Conflict.revision).where(Conflict.account_id == judge_account(2).id)
        seen = {row[0]: row[1] for row in session().execute(found)}
        decide(seen, ConflictState.DISMISSED, "Khác khoa", actor=officer, now=NOW)
        session().commit()
    engine = create_engine(database.owner_url)
    configure_engine(engine, app_role=False)

    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0029")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
    engine.dispose()
    upgrade(database.owner_url)

    unit = [{"code": "same_unit", "what": "Trường Thử"}]
    with fresh_app.app_context(), tenant_scope(world.first.id):
        rows = session().scalars(select(Conflict).order_by(Conflict.how)).all()
        kept = [(one.how, one.state, one.declared, one.evidence, one.covered) for one in rows]
    assert kept == [("declared", "open", ["unit"], [], []), ("suspected", "dismissed", [], unit, unit)]
