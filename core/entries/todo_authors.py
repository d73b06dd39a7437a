"""What a person has to do about lists of authors: confirm their own line. Registered when it is imported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.author_asks import Ask, asks_of
from core.entries.deadlines import ends_by, in_time_by
from core.entries.screening.due import dues_of
from core.entries.states import EDITABLE, State
from core.entries.todo import Mine, Todo, todo_of
from core.entries.words import role_name, share_text
from core.plugin_api import Confirmation


@todo_of
def confirmations(mine: Mine) -> Iterable[Todo]:
    """Ask the reader to confirm each line of theirs that is open. Two queries, one more for what was returned."""
    asks = [one for one in asks_of(mine.actor) if _asks_now(one, mine.editions.get(one.entry.edition_id))]
    returned = [one.entry.id for one in asks if one.entry.state == State.RETURNED]
    dues = dues_of(returned) if returned else {}
    for one in asks:
        edition = mine.edition(one.entry)
        due = dues.get(one.entry.id)
        if _is_past(one, edition, due):
            continue
        yield Todo(
            _("Xác nhận bạn là tác giả của “%(title)s”", title=one.entry.title or _("hồ sơ chưa có tên")),
            url_for("entry_asks.show", author_id=one.author.id),
            _note(one, edition),
            _counts_until(one, edition, due),
        )


def _asks_now(one: Ask, edition: EditionView | None) -> bool:
    """Where nobody is asked to confirm, an owner may still have sent an invitation, and its reader finds it here."""
    if edition is None or not one.is_open(edition.now()):
        return False
    return not one.is_tied or edition.rules.author_policy().confirmation is not Confirmation.OFF


def _is_past(one: Ask, edition: EditionView, due: datetime | None) -> bool:
    """Whether the dossier was never handed in and cannot be any more: a confirmation would count for nothing."""
    return one.entry.version == 0 and not in_time_by(one.entry, edition, edition.now(), due)


def _counts_until(one: Ask, edition: EditionView, due: datetime | None) -> datetime | None:
    """The end of handing in while it is to come, and that of the invitation, whichever is first."""
    is_coming = State(one.entry.state) in EDITABLE and in_time_by(one.entry, edition, edition.now(), due)
    ends = [ends_by(one.entry, edition, due) if is_coming else None, one.lapses_at]
    return min((at for at in ends if at is not None), default=None)


def _note(one: Ask, edition: EditionView) -> str:
    said = _("Bạn được ghi với vai trò: %(role)s.", role=role_name(one.author.role))
    if one.author.share is not None:
        said = _(
            "Bạn được ghi với vai trò: %(role)s, tỷ lệ đóng góp %(share)s.",
            role=role_name(one.author.role),
            share=share_text(one.author.share),
        )
    is_needed = edition.rules.author_policy().confirmation is Confirmation.BLOCK
    if not is_needed or State(one.entry.state) not in EDITABLE:
        return str(said)
    warned = _("Chưa đủ xác nhận thì hồ sơ chưa nộp được.")
    return f"{said} {warned}"
