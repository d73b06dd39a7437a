"""What an entrant has to do, computed from the state of things and not from the letters that told of it.

A room adds its own by `@todo_of`: a function that is given what was read once (`Mine`) and yields to-dos. Each must
take a fixed number of queries whatever the number of dossiers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.values import EditionView
from core.entries import words
from core.entries.author_checks import CONFIRMATION
from core.entries.deadlines import in_time_by, told_by
from core.entries.models import Entry
from core.entries.pages import finding_rows
from core.entries.paperwork import wants_paper
from core.entries.queries import entries_of, rights_held
from core.entries.rights import Right
from core.entries.screening.due import dues_of
from core.entries.services import check_all
from core.entries.states import EDITABLE, State
from core.kernel.actor import Actor
from core.kernel.formats import by_when, deadline, left
from core.kernel.i18n import locale
from core.plugin_api import Finding, Severity

MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is missing, with the place where it is mended."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Todo:
    """Something the reader can do now; `due` is the exclusive instant it must be done by, None when it has none."""

    label: str
    href: str
    note: str = ""
    due: datetime | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Mine:
    """What is the reader's, read once: dossiers, their editions, and what stands against handing each in.

    `rights` are those that owners of other dossiers gave the reader, by entry. `unconfirmed` tells, by entry, which
    authors have not confirmed where that only warns.
    """

    actor: Actor
    entries: tuple[Entry, ...]
    editions: dict[UUID, EditionView]
    blocking: dict[UUID, tuple[Finding, ...]]
    unconfirmed: dict[UUID, tuple[Finding, ...]]
    rights: dict[UUID, Right]
    dues: dict[UUID, datetime]

    def can_hand_in(self, entry: Entry) -> bool:
        """Whether a dossier that may be changed can be handed in now, going by its dates."""
        edition = self.edition(entry)
        return State(entry.state) in EDITABLE and in_time_by(
            entry, edition, edition.now(), self.dues.get(entry.id)
        )

    def ends(self, entry: Entry) -> datetime | None:
        """Until when a dossier is to be handed in, as its pages say (exclusive)."""
        edition = self.edition(entry)
        return told_by(entry, edition, self.dues.get(entry.id), edition.now())

    def edition(self, entry: Entry) -> EditionView:
        """The edition of a dossier."""
        return self.editions[entry.edition_id]


@dataclass(frozen=True, slots=True)
class DossierCard:
    """One of my dossiers: where it stands, who has it, what comes next, how much is missing."""

    entry: Entry
    edition: EditionView
    badge: words.Badge
    holder: str
    next_step: str
    missing: int
    deadline: datetime | None
    can_hand_in: bool
    shared: str = ""


@dataclass(frozen=True, slots=True)
class TodoList:
    """The list for a page: its heading, and the items for `ui.todo`."""

    title: str
    items: tuple[dict[str, Any], ...]


Provider = Callable[[Mine], Iterable[Todo]]
_providers: list[Provider] = []


def todo_of(provider: Provider) -> Provider:
    """Register what tells a reader of something to do."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def mine_of(actor: Actor, editions: Sequence[EditionView]) -> Mine:
    """What is the actor's. Two queries, one more for what was returned, five for each edition with open dossiers."""
    entries = () if actor.id is None else tuple(entries_of(actor.id))
    rights = {} if actor.id is None else rights_held(actor.id)
    by_id = {edition.id: edition for edition in editions}
    open_ones: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if State(entry.state) in EDITABLE:
            open_ones[entry.edition_id].append(entry)
    blocking: dict[UUID, tuple[Finding, ...]] = {}
    unconfirmed: dict[UUID, tuple[Finding, ...]] = {}
    for edition_id, own in open_ones.items():
        found = check_all(own, by_id[edition_id])
        for entry in own:
            findings = found[entry.code or entry.ref]
            blocking[entry.id] = tuple(one for one in findings if one.severity is Severity.BLOCK)
            warned = (one for one in findings if one.severity is Severity.WARN)
            unconfirmed[entry.id] = tuple(one for one in warned if one.check == CONFIRMATION)
    returned = [entry.id for entry in entries if entry.state == State.RETURNED]
    dues = dues_of(returned) if returned else {}
    return Mine(actor, entries, by_id, blocking, unconfirmed, rights, dues)


def todos_of(mine: Mine) -> list[Todo]:
    """Everything the reader has to do, what is due first on top, what has no date last."""
    found = [one for provider in _providers for one in provider(mine)]
    return sorted(found, key=lambda one: (one.due is None, one.due.isoformat() if one.due else ""))


def shown(todos: Sequence[Todo], now: datetime, language: str) -> TodoList:
    """The list in words: `Còn 3 việc trước 17:00 ngày 31/10/2026`."""
    first = next((one.due for one in todos if one.due is not None), None)
    return TodoList(_title(len(todos), first, language), tuple(_item(one, now, language) for one in todos))


def my_todos() -> TodoList | None:
    """The list of this request's reader; None for a stranger, and where there is no edition."""
    actor: Actor | None = g.get("actor")
    if actor is None or actor.id is None or not g.get("editions"):
        return None
    return shown(todos_of(mine_of(actor, g.editions)), g.now, locale())


def init_todos(app: Flask) -> None:
    """Give the templates of `app` the function `my_todos`."""
    app.jinja_env.globals["my_todos"] = my_todos


def cards(mine: Mine) -> list[DossierCard]:
    """The cards of the reader's dossiers, those that wait for the reader first. No query."""
    made = [_card(mine, entry) for entry in mine.entries]
    return sorted(made, key=lambda one: State(one.entry.state) not in EDITABLE)


@todo_of
def _open_dossiers(mine: Mine) -> Iterable[Todo]:
    """Drafts to finish and hand in, returned dossiers to complete. No query."""
    for entry in mine.entries:
        edition = mine.edition(entry)
        right = mine.rights.get(entry.id)
        if right is not None and not right.covers(Right.EDIT):
            continue
        if not mine.can_hand_in(entry):
            continue
        missing = mine.blocking[entry.id]
        title = entry.title or _("hồ sơ chưa có tên")
        is_returned = entry.state == State.RETURNED
        label = {
            State.RETURNED: _("Bổ sung “%(title)s” theo yêu cầu của Ban Tổ chức", title=title),
            State.REVISING: _("Sửa xong và nộp lại “%(title)s”", title=title),
        }.get(State(entry.state), _("Hoàn thiện và nộp “%(title)s”", title=title))
        to_check = not missing and not is_returned
        yield Todo(
            label,
            url_for("entries.check_page" if to_check else "entries.edit", ref=entry.ref),
            _note(len(missing), mine.unconfirmed[entry.id], is_returned=is_returned),
            mine.ends(entry),
            _parts(entry, edition, missing),
        )


def _note(missing: int, unconfirmed: Sequence[Finding], *, is_returned: bool) -> str:
    """Who has not confirmed comes first: what is missing ends in a colon, with the list behind it."""
    said = [one.message.in_(locale()) for one in unconfirmed]
    if missing:
        said.append(ngettext("Còn %(num)s mục bắt buộc:", "Còn %(num)s mục bắt buộc:", missing))
    elif is_returned:
        said.append(_("Xem nội dung cần bổ sung trong hồ sơ, sửa rồi nộp lại."))
    else:
        said.append(_("Đã đủ các mục bắt buộc, chỉ còn bước nộp."))
    return " ".join(str(one) for one in said)


def _parts(entry: Entry, edition: EditionView, missing: Sequence[Finding]) -> tuple[Part, ...]:
    rows = finding_rows(entry, edition, missing)
    edit = url_for("entries.edit", ref=entry.ref)
    parts = [Part(row.message, row.href or edit) for row in rows[:MOST_PARTS]]
    if len(rows) > MOST_PARTS:
        more = _("và %(count)s mục khác", count=len(rows) - MOST_PARTS)
        parts.append(Part(more, url_for("entries.check_page", ref=entry.ref)))
    return tuple(parts)


def _title(count: int, first: datetime | None, language: str) -> str:
    if not count:
        return str(_("Việc cần làm"))
    if first is None:
        return str(ngettext("Còn %(num)s việc", "Còn %(num)s việc", count))
    by = by_when(first, language)
    return str(ngettext("Còn %(num)s việc %(by)s", "Còn %(num)s việc %(by)s", count, by=by))


def _item(one: Todo, now: datetime, language: str) -> dict[str, Any]:
    due = ""
    if one.due is not None:
        due = f"{deadline(one.due, language)} ({left(one.due, now, language)})"
    return {"label": one.label, "href": one.href, "note": one.note, "due": due, "parts": one.parts}


def _card(mine: Mine, entry: Entry) -> DossierCard:
    edition = mine.edition(entry)
    right = mine.rights.get(entry.id)
    can_edit = State(entry.state) in EDITABLE and (right is None or right.covers(Right.EDIT))
    can_hand_in = can_edit and mine.can_hand_in(entry)
    late = _("Hiện không trong thời gian nộp; nội dung đã viết vẫn được giữ.")
    return DossierCard(
        entry=entry,
        edition=edition,
        badge=words.state_badge(entry.state, is_published=entry.published_at is not None),
        holder=words.holder_of(entry.state, owns=right is None),
        next_step=late
        if can_edit and not can_hand_in
        else words.next_step(entry.state, right, on_paper=wants_paper(edition)),
        missing=len(mine.blocking.get(entry.id, ())) if can_hand_in else 0,
        deadline=mine.ends(entry) if can_edit else None,
        can_hand_in=can_hand_in,
        shared="" if right is None else words.right_name(right),
    )
