"""Saving a dossier part by part: one field as it is typed, or the form of one step, never over what was not read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.content import units_of
from core.entries.errors import PartConflict
from core.entries.forms import asked_at, data_of, kept_part, parts_in, tidy_part
from core.entries.models import Entry
from core.entries.parts import PartVersion, Saving, Served, bump, version_of
from core.entries.schemas import load_part
from core.entries.services.drafts import put_part, refold, require_editable, save_draft, unit_error
from core.entries.services.moves import fresh
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound

_OP = re.compile(r"[A-Za-z0-9_-]{8,40}")
_SEARCHED = ("title", "unit")


@dataclass(frozen=True, slots=True)
class SavedPart:
    """A part as the dossier holds it: its version, as it would be typed, what is wrong with it (path → sentences)."""

    path: str
    version: int
    shown: Any
    errors: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """What of a form did not pass (it is kept among the `unsaved`), and where somebody else had saved meanwhile."""

    errors: dict[str, list[str]]
    conflicts: dict[str, PartConflict]


def save_part(
    entry: Entry,
    edition: EditionView,
    path: str,
    typed: Any,
    *,
    saving: Saving,
    actor: Actor,
    now: datetime,
) -> SavedPart:
    """Save one part as it was typed. The same `saving` saves once however often it is sent.

    What does not pass is kept as typed among `unsaved`, and its errors come back. Raises PartConflict when the part is
    newer than the version that the sender read, unless by the sender's own saving; NotFound for a path
    that the form does not have; Forbidden and MoveRefused as `save_draft`. Two statements beside the reading of the
    dossier: it is locked, and written.
    """
    require_editable(fresh(entry), actor)
    saved = put_typed(entry, edition, path, typed, saving=saving, actor=actor, now=now)
    session().flush()
    return saved


def put_typed(
    entry: Entry,
    edition: EditionView,
    path: str,
    typed: Any,
    *,
    saving: Saving,
    actor: Actor,
    now: datetime,
) -> SavedPart:
    """Put one part as it was typed into a dossier that is locked; what `save_part` says, save the writing."""
    if not _OP.fullmatch(saving.op):
        raise Invalid.one("", _("Trang này đã cũ. Bạn hãy tải lại trang rồi gõ tiếp."))
    if path not in parts_in(edition):
        raise NotFound(_("Mục này không có trong hồ sơ."))
    asked = asked_at(edition, path)
    held = version_of(entry, path)
    kept = tidy_part(asked, typed)
    shown = _shown(entry, edition, path)
    if saving.op in held.ops or kept == shown:
        return SavedPart(path, held.number, shown, _unsaved_errors(entry, edition, path))
    if held.is_newer_than(saving.base, saving.mine):
        if _means_the_same(edition, path, kept, shown):
            return SavedPart(path, held.number, shown, _unsaved_errors(entry, edition, path))
        raise _conflict(path, shown, held, actor)
    errors = _put(entry, edition, path, kept)
    version = bump(entry, path, op=saving.op, actor=actor, now=now)
    entry.updated_at = now
    if path in _SEARCHED and not errors:
        refold(entry)
    return SavedPart(path, version, kept if errors else _shown(entry, edition, path), errors)


def save_form(
    entry: Entry,
    edition: EditionView,
    typed: Mapping[str, Any],
    *,
    served: Mapping[str, Served],
    mine: Collection[str] = (),
    actor: Actor,
    now: datetime,
) -> FormOutcome:
    """Save the parts of a form that were touched since it was `served`, each over the version that was read.

    A part without a stamp is written as it is. What passes is stored, what does not is kept as typed among `unsaved`;
    a part that somebody else saved meanwhile is left as it is and named.
    """
    require_editable(fresh(entry), actor)
    touched: dict[str, Any] = {}
    conflicts: dict[str, PartConflict] = {}
    errors: dict[str, list[str]] = {}
    for path, value in typed.items():
        kept = tidy_part(asked_at(edition, path), value)
        known, held = served.get(path), version_of(entry, path)
        if known is None:
            touched[path] = kept
        elif known.is_untouched(kept):
            errors |= _unsaved_errors(entry, edition, path)
        elif held.is_newer_than(known.version, mine):
            shown = _shown(entry, edition, path)
            if not _means_the_same(edition, path, kept, shown):
                conflicts[path] = _conflict(path, shown, held, actor)
        else:
            touched[path] = kept
    if touched:
        try:
            save_draft(entry, edition, data_of(touched, edition), typed=touched, actor=actor, now=now)
        except Invalid as invalid:
            errors |= invalid.errors
    return FormOutcome(errors, conflicts)


def unsaved_errors(entry: Entry, edition: EditionView) -> dict[str, list[str]]:
    """What is wrong with what was typed last and did not pass, path → sentences."""
    found: dict[str, list[str]] = {}
    for path in entry.unsaved:
        found |= _unsaved_errors(entry, edition, path)
    return found


def _unsaved_errors(entry: Entry, edition: EditionView, path: str) -> dict[str, list[str]]:
    if path not in entry.unsaved:
        return {}
    typed = entry.unsaved[path]
    errors = load_part(edition, path, data_of({path: typed}, edition)).errors
    if not errors and path == "unit" and (said := unit_error(typed)):
        return {path: [said]}
    # The rules of the form may have changed since it was typed: then it only has to be saved again.
    return errors or {path: [_("Mục này chưa được ghi nhận. Bạn hãy xem lại rồi lưu lần nữa.")]}


def _put(entry: Entry, edition: EditionView, path: str, kept: Any) -> dict[str, list[str]]:
    loaded = load_part(edition, path, data_of({path: kept}, edition))
    errors = dict(loaded.errors)
    if not errors:
        put_part(entry, path, loaded.data, errors)
    unsaved = {key: value for key, value in entry.unsaved.items() if key != path}
    entry.unsaved = {**unsaved, path: kept} if errors else unsaved
    return errors


def _shown(entry: Entry, edition: EditionView, path: str) -> Any:
    """A part as its control shows it, tidy."""
    if path in entry.unsaved:
        return entry.unsaved[path]
    unit = units_of([entry.unit_id]).get(entry.unit_id) if path == "unit" and entry.unit_id else None
    asked = asked_at(edition, path)
    return tidy_part(asked, kept_part(entry, path, asked, unit.name if unit else ""))


def _means_the_same(edition: EditionView, path: str, one: Any, other: Any) -> bool:
    """Whether two copies of a part would be stored alike: "25000000" and "25.000.000" are one amount."""
    if one == other:
        return True
    read = [load_part(edition, path, data_of({path: copy}, edition)) for copy in (one, other)]
    return read[0] == read[1] and not read[0].errors


def _conflict(path: str, shown: Any, held: PartVersion, actor: Actor) -> PartConflict:
    return PartConflict(path, shown, held.number, by_same=held.by == str(actor.id))
