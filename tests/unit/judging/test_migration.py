"""An installation in the middle of judging gets assignments: what was judged until then goes on as it was."""

from __future__ import annotations

from alembic import command
from flask import Flask
from sqlalchemy import create_engine

from core.judging.queries import desk_queue, judge_progress, locked_sheets, round_standings
from core.judging.services import withdraw_judge
from core.kernel.actor import SYSTEM
from core.kernel.db import configure_engine, session, tenant_scope
from core.kernel.migrate import alembic_config, upgrade
from tests.support.factories import NOW, World, build_world, view
from tests.support.judging import ROUND, lock, make_round, place_of
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
