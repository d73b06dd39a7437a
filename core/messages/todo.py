"""What a person has to do about letters: an address that takes none. Registered when it is imported."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.entries.todo import Mine, Todo, todo_of
from core.messages.queries import unreached
from core.people.queries import accounts_by_id


@todo_of
def letters_that_failed(mine: Mine) -> Iterable[Todo]:
    """Say that letters do not reach the reader. Three queries."""
    if mine.actor.id is None:
        return
    account = accounts_by_id([mine.actor.id]).get(mine.actor.id)
    if account is None or account.email is None:
        return
    words, missed = unreached(account.email)
    if words is None and not missed:
        return
    label = ngettext(
        "Xem lại %(num)s thư không đến được bạn", "Xem lại %(num)s thư không đến được bạn", max(missed, 1)
    )
    note = _("Địa chỉ %(email)s có thể đã hỏng hoặc hộp thư đầy.", email=account.email)
    yield Todo(label, url_for("my_letters.index"), note)
