"""Taking the words out of old letters: who it went to and what it said go, that it went and when stays.

It stands beside the relay and beside who sends a letter again: only rows that nobody is about to send are touched, and
the condition holds at the moment of the change, not at that of the search.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from core.kernel.db import session
from core.kernel.ids import uuid7_from
from core.kernel.mail import Mail, MailState

TO_BE_SENT = (MailState.QUEUED, MailState.SENDING)


def has_old_words(before: datetime) -> ColumnElement[bool]:
    """What is true of letters put into the outbox before `before` (real time) that still have their words.

    Their keys tell: `at` may be a demonstration clock's.
    """
    return (Mail.id < uuid7_from(before)) & Mail.words_removed_at.is_(None) & Mail.state.not_in(TO_BE_SENT)


def remove_words(before: datetime, *, now: datetime, most: int) -> int:
    """Take address, name, subject, body, file and the server's answer out of at most `most` letters, the oldest first.

    Kind, dossier, state and times stay. Returns how many it were; 0 when none is left.
    """
    due = has_old_words(before)
    ids = session().scalars(select(Mail.id).where(due).order_by(Mail.id).limit(most)).all()
    emptied = {
        "recipient": "",
        "recipient_name": "",
        "subject": "",
        "body": "",
        "html": None,
        "error": None,
        "enclosed": None,
    }
    change = update(Mail).where(Mail.id.in_(ids), due).values(**emptied, words_removed_at=now)
    done: int = session().execute(change).rowcount  # type: ignore[attr-defined]
    return done
