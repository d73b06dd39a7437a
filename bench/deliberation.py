"""How long the screens of a deliberation take to follow who leads: twenty judges, the server as operators start it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from core.app import create_app
from core.kernel.config import read_config
from core.kernel.db import db
from core.kernel.migrate import upgrade
from tests.support.factories import build_world
from tests.support.following import Screen, followed, make_room, wait_until
from tests.support.live import running

JUDGES, TURNS = 20, 12


@dataclass(frozen=True, slots=True)
class Turns:
    """Seconds from the leader's press of the button until the last screen was told, over all turns."""

    median: float
    worst: float


def turns(environ: Mapping[str, str], owner_url: str) -> Turns:
    """Lead twenty screens through some turns; the first finds the server as it has just started."""
    config = replace(read_config(environ), owner_url=owner_url)
    config.var.mkdir(parents=True, exist_ok=True)
    upgrade(owner_url)
    app = create_app(config)
    world = build_world(app)
    room = make_room(app, world.first, judges=JUDGES)
    took = []
    with running(environ, workers=2, threads=4) as site, followed(site, room) as screens:
        leader = site.signed_in(room.slug, room.leader)
        for turn in range(TURNS):
            wanted = _heard(screens) + JUDGES
            pressed = room.show(site, ("doi_moi", "hieu_qua", "kha_nang")[turn % 3], leader)
            if not wait_until(partial(_have_heard, screens, wanted)):
                raise SystemExit("a screen was not told within ten seconds")
            took.append(max(one.events[-1][0] for one in screens) - pressed)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return Turns(median(took), max(took))


def _heard(screens: Sequence[Screen]) -> int:
    return sum(len(one.events) for one in screens)


def _have_heard(screens: Sequence[Screen], wanted: int) -> bool:
    return _heard(screens) >= wanted
