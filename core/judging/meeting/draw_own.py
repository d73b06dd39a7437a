"""How an entrant's place in the order of presentation was drawn, for the entrant alone: no other dossier is named.

Where a dossier comes to stand follows from what the draw was made from, how many dossiers were on the list, and which
of them this one is when they are sorted by code. With these the program repeats the place without the other codes.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from core.contests.current import edition_of
from core.contests.values import EditionView
from core.entries.downloads import sent_bytes
from core.entries.models import Entry
from core.entries.policies import access_entry
from core.judging.meeting.draw_script import own_script
from core.judging.meeting.draws import DrawView, inputs_of, places_of
from core.judging.policies import round_of
from core.kernel.errors import NotFound
from core.kernel.text import slug
from core.kernel.web import Access, allows, current_actor

blueprint = Blueprint("own_draws", __name__, url_prefix="/du-thi")


@blueprint.get("/<ref>/boc-tham/<round_key>/<int:number>")
@allows(Access.ACCOUNT)
def show(ref: str, round_key: str, number: int) -> str:
    """What the place was drawn from, and how to compute it again."""
    entry, edition, place, draw = _own(ref, round_key, number)
    return render_template(
        "meeting/own_place.html",
        entry=entry,
        judging_round=round_of(edition, round_key),
        place=place,
        draw=draw,
        inputs=inputs_of(edition, draw),
        on_list=draw.entries.index(entry.code or "") + 1,
    )


@blueprint.get("/<ref>/boc-tham/<round_key>/<int:number>/tinh-lai.py")
@allows(Access.ACCOUNT)
def script(ref: str, round_key: str, number: int) -> Response:
    """The program that computes the place again."""
    entry, edition, _place, draw = _own(ref, round_key, number)
    name = f"thu-tu-{slug(entry.code or '')}-{slug(round_key)}-{number}.py"
    code = entry.code or ""
    made = own_script(inputs_of(edition, draw), len(draw.entries), draw.entries.index(code) + 1, code, name)
    return sent_bytes(made.encode(), name, "text/x-python; charset=utf-8")


def _own(ref: str, round_key: str, number: int) -> tuple[Entry, EditionView, str, DrawView]:
    """The entrant's dossier, its place as "3/12" and the draw; NotFound for a draw that is not in force for it."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    for place, draw in places_of(entry):
        if (draw.round, draw.number) == (round_key, number):
            return entry, edition, place, draw
    raise NotFound(_("Không có lần bốc thăm này."))
