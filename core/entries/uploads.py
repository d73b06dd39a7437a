"""Addresses at which the files of a dossier's form come in pieces; the protocol stands in `core.entries.tus`."""

from __future__ import annotations

from core.contests.current import edition_of
from core.entries.policies import access_entry
from core.entries.services.upload_places import DossierPlace
from core.entries.tus import reception
from core.kernel.web import current_actor


def _mine(ref: str) -> DossierPlace:
    entry = access_entry(current_actor(), ref)
    return DossierPlace(entry.id, edition_of(entry.edition_id))


blueprint = reception("uploads", __name__, "/du-thi/<ref>/tep/tus", _mine)
