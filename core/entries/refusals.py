"""A write that is refused is answered as a reading, for who is kept from some dossier (`core.entries.barring`).

A write sees every dossier, so the page that says why it was refused would be made of all of them, and its sentences
too. So nothing of that first answer is sent: the work is undone, the dossiers are left out as on a page that reads, and
the view runs a second time, for its answer alone. No view has to think of it, and those that write well see everything
until they are done.

Should the second run go well, the refusal was about a dossier that is left out; then that is what is said, and its work
is undone with the rest, since the answer is a refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, request, session
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from core.entries.barring import barred_names, hide_barred
from core.kernel import db as database
from core.kernel import uow
from core.kernel.errors import DomainError

READING = frozenset({"GET", "HEAD", "OPTIONS"})
FLASHES = "_flashes"  # Flask's name for what the next page says


class Withheld(DomainError):
    """What stands against a write concerns a dossier that the actor is kept from: somebody else must see to it."""

    kind = "withheld"


def answer_apart(app: Flask, dispatch: Callable[[], Any]) -> Any:
    """What `dispatch` answers; a refusal to who is kept from a dossier is made a second time, without it."""
    if request.method in READING or g.get("kept_apart") is None:
        return dispatch()
    first = _answered(app, dispatch)
    if not 400 <= first.status_code < 500 or uow.is_kept_on_error():
        return first
    uow.rollback()
    if not barred_names():
        return first
    first.close()
    return _as_reading(app, dispatch)


def _as_reading(app: Flask, dispatch: Callable[[], Any]) -> Response:
    database.session().expunge_all()  # what was found before is not found again by its key
    hide_barred()
    for name in request.files:
        for sent in request.files.getlist(name):
            sent.seek(0)
    flashes = session.get(FLASHES)
    again = _answered(app, dispatch)
    if again.status_code >= 400:
        return again
    again.close()
    session.pop(FLASHES, None)
    if flashes is not None:
        session[FLASHES] = flashes
    sentence = _(
        "Chưa làm được, vì còn điều chưa ổn ở hồ sơ mà bạn có liên quan. Bạn hãy nhờ cán bộ khác làm việc này."
    )
    return app.make_response(app.handle_user_exception(Withheld(sentence)))


def _answered(app: Flask, dispatch: Callable[[], Any]) -> Response:
    try:
        answer = dispatch()
    except (DomainError, HTTPException) as error:
        answer = app.handle_user_exception(error)
    return app.make_response(answer)
