"""Addresses at which the files of new material come in pieces; the protocol stands in `core.entries.tus`."""

from __future__ import annotations

from core.contests.current import edition_of
from core.entries.tus import reception
from core.judging.material import access_material
from core.judging.services.material_pieces import MaterialPlace
from core.kernel.web import current_actor


def _mine(ref: str) -> MaterialPlace:
    entry, call = access_material(current_actor(), ref)
    return MaterialPlace(entry.id, call.id, call.round, edition_of(entry.edition_id))


blueprint = reception("material_uploads", __name__, "/du-thi/<ref>/tai-lieu-bo-sung/tus", _mine)
