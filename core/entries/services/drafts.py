"""Starting and saving a dossier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.policies import require_open
from core.contests.queries import UnitRow, search_units, unit_by_code
from core.contests.values import EditionView, PhaseKind
from core.entries.content import authors_of, folded_of, units_of
from core.entries.errors import MoveRefused
from core.entries.models import Entry, EntryAuthor
from core.entries.parts import bump
from core.entries.policies import has_right, may_edit, why_not_edit
from core.entries.rights import Right
from core.entries.schemas import load_dossier
from core.entries.services.author_invitations import send_invitation
from core.entries.services.author_rows import BY_ACCOUNT, apply_lines, lines_from, lines_of
from core.entries.services.moves import fresh
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.ids import spoken_code
from core.kernel.prepared import insert_once
from core.kernel.text import fold
from core.people.models import Account
from core.plugin_api import AuthorRole

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def start_draft(
    edition: EditionView,
    *,
    owner: Account,
    form_token: str,
    unit_code: str | None = None,
    counted_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Entry:
    """A new dossier of `owner`, who is its first author; the same `form_token` always gives the same dossier.

    `unit_code` names the unit that brought the entrant; an unknown one is left out. Raises PhaseClosed outside the
    submission phase; `counted_at` is the instant that counts for it (papers that came in time), None for `now`.
    """
    if not _TOKEN.fullmatch(form_token):
        raise Invalid.one("", _("Trang này đã cũ. Bạn hãy tải lại trang rồi bắt đầu lại."))
    require_open(edition, PhaseKind.SUBMISSION, counted_at or now)
    unit = unit_by_code(unit_code) if unit_code else None
    values: dict[str, Any] = {
        "edition_id": edition.id,
        "owner_id": owner.id,
        "unit_id": None if unit is None else unit.id,
        "ref": spoken_code(10),
        "form_token": form_token,
        "title": "",
        "folded": fold(owner.name),
        "facts": {},
        "parts": {},
        "unsaved": {},
        "state": "draft",
        "version": 0,
        "created_at": now,
        "updated_at": now,
        "is_demonstration": owner.is_demonstration,
    }
    is_new = insert_once(Entry, ("form_token",), values)
    entry = session().scalars(select(Entry).where(Entry.form_token == form_token)).one()
    if entry.owner_id != owner.id:
        raise Forbidden(_("Bạn không có quyền với hồ sơ này."))
    if is_new:
        chief = EntryAuthor(
            entry_id=entry.id,
            position=1,
            name=owner.name,
            role=str(AuthorRole.CHIEF),
            account_id=owner.id,
            confirmed_at=now,
            confirmed_how=BY_ACCOUNT,
        )
        session().add(chief)
        session().flush()
        audit.append("entry.started", entry.ref, {"edition": edition.key}, actor=actor, now=now)
    return entry


def save_draft(
    entry: Entry,
    edition: EditionView,
    data: Mapping[str, Any],
    *,
    typed: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> Entry:
    """Put `data` (see `schemas`) into the dossier; parts that are not named stay as they are.

    All that passes is put in first; then Invalid is raised for the rest, path → sentences. So a form may keep the
    good parts (`uow.keep_on_error`) while its reader mends the others; elsewhere the exception undoes all. `typed`
    names by path what people typed: where that does not pass it is kept among `unsaved`.
    """
    require_editable(fresh(entry), actor)
    loaded = load_dossier(edition, data)
    errors = dict(loaded.errors)
    before = _parts_of(entry)
    put_part(entry, "title", loaded.data, errors)
    put_part(entry, "field", loaded.data, errors)
    put_part(entry, "unit", loaded.data, errors)
    was_authors = "authors" in loaded.data and _set_authors(
        entry, edition, loaded.data["authors"], errors, actor=actor, now=now
    )
    put_part(entry, "facts", loaded.data, errors)
    after = _parts_of(entry)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    if was_authors:
        changed.add("authors")
    failed = {
        path for path in typed or {} if any(one == path or one.startswith(f"{path}.") for one in errors)
    }
    if typed:
        kept = {path: value for path, value in entry.unsaved.items() if path not in typed}
        again = {path: typed[path] for path in failed}
        changed |= {path for path in typed if entry.unsaved.get(path) != again.get(path)}
        entry.unsaved = kept | again
    elif entry.unsaved:
        named = {path for path in loaded.data if path != "facts"}
        named |= {f"facts.{key}" for key in loaded.data.get("facts", {})}
        entry.unsaved = {path: value for path, value in entry.unsaved.items() if path not in named}
    for path in sorted(changed):
        bump(entry, path, actor=actor, now=now)
    entry.updated_at = now
    refold(entry)
    session().flush()
    if errors:
        raise Invalid(errors)
    return entry


def put_part(entry: Entry, part: str, loaded: Mapping[str, Any], errors: dict[str, list[str]]) -> None:
    """Put one loaded part (title, field, unit, or a part of `facts`) into the dossier, when it is in `loaded`."""
    head = part.partition(".")[0]
    if head not in loaded:
        return
    if head == "title":
        entry.title = loaded["title"]
    elif head == "field":
        entry.field = loaded["field"]
    elif head == "unit":
        _set_unit(entry, loaded["unit"] or "", errors)
    elif head == "facts":
        merged = {**entry.facts, **loaded["facts"]}
        entry.facts = {key: value for key, value in merged.items() if value not in (None, "", [])}


def _parts_of(entry: Entry) -> dict[str, Any]:
    facts = {f"facts.{key}": value for key, value in entry.facts.items()}
    return {"title": entry.title, "field": entry.field, "unit": entry.unit_id, **facts}


def require_editable(entry: Entry, actor: Actor) -> None:
    """Return when `actor` may change the content now; else Forbidden or MoveRefused."""
    if may_edit(actor, entry):
        return
    if not has_right(actor, entry, Right.VIEW):
        raise Forbidden(_("Bạn không có quyền với hồ sơ này."))
    if not has_right(actor, entry, Right.EDIT):
        raise Forbidden(why_not_edit(actor, entry))
    raise MoveRefused(why_not_edit(actor, entry))


def refold(entry: Entry) -> None:
    """Renew what search looks in."""
    names = [one.name for one in authors_of([entry.id])[entry.id]]
    unit = units_of([entry.unit_id]).get(entry.unit_id) if entry.unit_id else None
    entry.folded = folded_of(entry, names, unit)


def find_unit(words: str) -> tuple[UnitRow | None, list[UnitRow]]:
    """The unit that `words` name (its code, or its full name in any case, with or without marks), and near ones."""
    by_code = unit_by_code(words)
    if by_code is not None:
        return by_code, []
    near = search_units(words, limit=5)
    same = [unit for unit in near if fold(unit.name) == fold(words)]
    return (same[0], []) if len(same) == 1 else (None, near)


def unit_error(words: str) -> str:
    """What is said of `words` that name no unit; "" when they do, or are empty."""
    unit, near = find_unit(words) if words else (None, [])
    if unit is not None or not words:
        return ""
    sentence = _("Không tìm thấy đơn vị “%(words)s” trong danh sách.", words=words)
    if near:
        sentence += " " + _("Có phải: %(names)s?", names="; ".join(one.name for one in near))
    return str(sentence)


def _set_unit(entry: Entry, words: str, errors: dict[str, list[str]]) -> None:
    if not words:
        entry.unit_id = None
        return
    unit, _near = find_unit(words)
    if unit is None:
        errors["unit"] = [unit_error(words)]
    else:
        entry.unit_id = unit.id


def _set_authors(
    entry: Entry,
    edition: EditionView,
    rows: list[dict[str, Any]],
    errors: dict[str, list[str]],
    *,
    actor: Actor,
    now: datetime,
) -> bool:
    """Make `rows` the list of authors; returns whether anything changed."""
    wanted = []
    for index, row in enumerate(rows):
        if row.get("name"):
            wanted.append(row)
        elif row.get("birth_year") or row.get("workplace"):
            errors.setdefault(f"authors.{index}.name", [_("Bạn hãy ghi họ và tên tác giả.")])
    kept = lines_of(entry)
    lines = lines_from(wanted, kept)
    if lines == kept:
        return False
    for author in apply_lines(entry, lines, actor=actor, now=now):
        send_invitation(entry, edition, author, actor=actor, now=now)
    return True
