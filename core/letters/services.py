"""A committee's wording: saved, taken back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.i18n import locale
from core.letters.catalogue import LetterKind
from core.letters.models import LetterText
from core.letters.texts import LetterWords, faults
from core.letters.wording import newest_version


def require_officer(actor: Actor) -> None:
    """Raise Forbidden for who may not change letters."""
    if not actor.is_(Role.COMMITTEE):
        raise Forbidden(_("Chỉ Ban Tổ chức đổi được mẫu thư."))


def save_wording(
    kind: LetterKind, language: str, words: LetterWords, *, actor: Actor, now: datetime
) -> LetterText | None:
    """A new version of the committee's wording; None when it is the one that holds already.

    Raises Forbidden, and Invalid at `subject` or `body` for an unknown place or a missing one.
    """
    require_officer(actor)
    wrong: dict[str, list[str]] = {}
    for one in faults(kind, words):
        wrong.setdefault(one.part, []).append(one.vi if locale() == "vi" else one.en)
    if wrong:
        raise Invalid(wrong)
    newest = newest_version(kind.key, language)
    if newest is not None and newest.text == words.source:
        return None
    return _add(kind, language, words.source, "letter.text_changed", actor=actor, now=now)


def reset_wording(kind: LetterKind, language: str, *, actor: Actor, now: datetime) -> None:
    """Take the committee's wording back: the default holds again, the versions stay."""
    require_officer(actor)
    newest = newest_version(kind.key, language)
    if newest is not None and newest.text:
        _add(kind, language, "", "letter.text_reset", actor=actor, now=now)


def _add(
    kind: LetterKind, language: str, text: str, action: str, *, actor: Actor, now: datetime
) -> LetterText:
    ask = select(func.max(LetterText.number)).where(
        LetterText.key == kind.key, LetterText.language == language
    )
    number = (session().scalars(ask).one() or 0) + 1
    version = LetterText(
        key=kind.key,
        language=language,
        number=number,
        text=text,
        by_id=actor.id,
        by_name=actor.name,
        at=now,
    )
    session().add(version)
    session().flush()
    audit.append(action, kind.key, {"language": language, "version": number}, actor=actor, now=now)
    return version
