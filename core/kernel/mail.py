"""Mail through an outbox: a message is a row first, then a job sends it. Demonstrations keep it in a mailbox page.

    queued ──▶ sending ──▶ sent ──▶ bounced
      ▲           │
      └───────────┼──▶ failed          suppressed: never tried, the address bounced before
                                       kept: a demonstration's mailbox page

A row is marked `sending` and stored before the server is spoken to, with a lease. When the process dies between the
server's "250 OK" and the mark `sent`, the lease runs out and the message is sent again under the same Message-ID: at
least once, and a mailbox that compares identifiers shows it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import Boolean, Index, Integer, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import smtp, uow
from core.kernel.clock import real_now
from core.kernel.db import Base, TenantOwned, owned_args, session
from core.kernel.enclosures import Enclosed, NotEnclosed, enclosure_of
from core.kernel.ids import uuid7
from core.kernel.jobs import enqueue, handler
from core.kernel.prepared import insert_once
from core.kernel.suppression import is_suppressed, suppress
from core.kernel.text import clean_line
from core.kernel.types import JsonDoc, UtcInstant

# Shorter than a job's lease: who finds the job left behind finds the message free too.
LEASE = timedelta(minutes=4)
# After these waits a server that keeps saying "later" is given up (RFC 5321, 4.5.4.1, asks for days).
WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440))

# A file that cannot be made so often is left out: the letter says where else it is found.
ENCLOSING_TRIES = 4

log = structlog.get_logger(__name__)


class MailState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    KEPT = "kept"


UNDELIVERED = (MailState.FAILED, MailState.BOUNCED, MailState.SUPPRESSED)


class Mail(TenantOwned, Base):
    """One message, its state as in `MailState`.

    `kind` is the letter's key, `about` the code or ref of the dossier it is about. Its words are open to the
    committee only when `is_open`: a letter between other people, or one with a code in it, is not. What is not open
    and has been sent keeps no words at all. `words_removed_at`: address and words went when their time of keeping was
    over (`mail_words`); then the row only tells that a letter went, and when.

    `enclosed` tells of the file that goes with it (`enclosures.Enclosed`). `once` names what is told once alone,
    however often it is asked for.
    """

    __tablename__ = "mail"
    __table_args__ = owned_args(
        Index("ix_mail_recipient", "tenant_id", "recipient", "at"),
        Index("ix_mail_state", "tenant_id", "state", "id"),
        Index("ix_mail_about", "tenant_id", "about"),
        Index("ux_mail_once", "tenant_id", "once", unique=True),
        Index("ix_mail_words", "tenant_id", "words_removed_at", "id"),
    )

    recipient: Mapped[str] = mapped_column(String(254))
    recipient_name: Mapped[str] = mapped_column(String(200))
    sender_name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5), default="vi")
    kind: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[str | None] = mapped_column(String(40))
    is_open: Mapped[bool] = mapped_column(Boolean, default=False)
    enclosed: Mapped[dict[str, Any] | None] = mapped_column(JsonDoc(none_as_null=True))
    once: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    lease_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    lapses_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    error: Mapped[str | None] = mapped_column(String(500))
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    bounced_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    words_removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What the outbox should know of a message beside its words.

    `html` is the same text for those who prefer it. `kind` is the letter's key and `about` the dossier it is about.
    `is_open`: the committee may read the words, because they are its own. `life` says how long (in real time) it is
    worth sending: a code that has run out is not. `enclosed` is the file that goes with it; a letter with the same
    `once` is not made again.
    """

    html: str | None = None
    language: str = "vi"
    kind: str = ""
    about: str | None = None
    is_open: bool = False
    life: timedelta | None = None
    enclosed: Enclosed | None = None
    once: str | None = None


def send_mail(
    *,
    to: str,
    name: str,
    sender: str,
    subject: str,
    body: str,
    now: datetime,
    facts: MailFacts = MailFacts(),
) -> UUID:
    """Put a message into the outbox; it leaves after this unit of work is stored. Returns its id, or that of the
    message which told the same `once`.

    A letter to an address that bounced is kept but not sent, save one with a `life`, which somebody asked for just
    now.
    """
    has_server = bool(current_app.config["SMTP_URL"])
    state = MailState.QUEUED if has_server else MailState.KEPT
    is_nobody = to.endswith(
        ".invalid"
    )  # the address of an erased account: nothing can be sent there (RFC 2606)
    if is_nobody or (has_server and facts.life is None and is_suppressed(to)):
        state = MailState.SUPPRESSED
    mail_id = uuid7()
    values = {
        "id": mail_id,
        "recipient": to,
        "recipient_name": clean_line(name)[:200],
        "sender_name": clean_line(sender)[:200],
        "subject": clean_line(subject)[:300],
        "body": body,
        "html": facts.html,
        "language": facts.language,
        "kind": facts.kind,
        "about": facts.about,
        "is_open": facts.is_open,
        "enclosed": None if facts.enclosed is None else facts.enclosed.stored(),
        "state": str(state),
        "at": now,
        "tries": 0,
        "lapses_at": None if facts.life is None else real_now() + facts.life,
    }
    if facts.once is None:
        session().add(Mail(**values))
    elif not insert_once(Mail, ("once",), {**values, "once": facts.once}):
        return session().scalars(select(Mail.id).where(Mail.once == facts.once)).one()
    if state is MailState.QUEUED:
        enqueue("mail.send", {"id": str(mail_id)}, dedupe=mail_id.hex)
    return mail_id


def mailbox(limit: int = 50) -> list[Mail]:
    """The tenant's newest messages, for the demonstration's mailbox page."""
    return list(session().scalars(select(Mail).order_by(Mail.at.desc(), Mail.id.desc()).limit(limit)))


def send_again(mail: Mail) -> bool:
    """Put a message that did not arrive back into the queue; one under way, or without its words, stays as it is.

    Returns whether it was.
    """
    session().refresh(mail, with_for_update=True)
    if mail.state not in UNDELIVERED or mail.words_removed_at is not None:
        return False
    mail.state, mail.error = str(MailState.QUEUED), None
    mail.tries, mail.next_try_at = 0, None
    mail.bounced_at = mail.sent_at = None
    session().flush()
    enqueue("mail.send", {"id": str(mail.id)})
    return True


@handler("mail.send")
def _send(payload: Mapping[str, Any]) -> None:
    """Send one message; may run twice. It is marked `sending` in its own transaction before the server is asked."""
    mail_id = UUID(payload["id"])
    mail = _locked(mail_id)
    now = real_now()
    if mail is None or mail.state not in (MailState.QUEUED, MailState.SENDING):
        return
    if mail.state == MailState.SENDING and mail.lease_until is not None and mail.lease_until > now:
        # Another worker speaks to the server at this moment; look again when it should have finished.
        enqueue("mail.send", payload, run_at=mail.lease_until)
        return
    if mail.lapses_at is not None and mail.lapses_at <= now:
        _close(mail, MailState.FAILED, "Nội dung thư đã hết hạn trước khi gửi được.")
        return
    mail.state, mail.lease_until = str(MailState.SENDING), now + LEASE
    mail.tries += 1
    config = current_app.config
    letter = smtp.letter_of(mail, config["MAIL_FROM"], config["MAIL_BOUNCES"])
    enclosed, language, is_last = mail.enclosed, mail.language, mail.tries >= ENCLOSING_TRIES
    uow.commit()
    outcome = _delivered(letter, enclosed, language, is_last=is_last)
    sent = _locked(mail_id)
    if sent is None or sent.state != MailState.SENDING:
        return
    if outcome.is_done:
        sent.sent_at = real_now()
        _close(sent, MailState.SENT, None)
    elif outcome.is_permanent or sent.tries > len(WAITS):
        _close(sent, MailState.FAILED, outcome.words)
        if outcome.condemns_address:
            suppress(sent.recipient, outcome.words, now=real_now())
    else:
        due = real_now() + WAITS[sent.tries - 1]
        sent.state, sent.error, sent.lease_until, sent.next_try_at = "queued", outcome.words, None, due
        enqueue("mail.send", payload, dedupe=f"{mail_id.hex}:{due.timestamp()}", run_at=due)


def _delivered(
    letter: smtp.Letter, enclosed: Mapping[str, Any] | None, language: str, *, is_last: bool
) -> smtp.Outcome:
    """Hand the letter over with its file; on the last try without one rather than not at all."""
    try:
        smtp.enclose(letter, enclosure_of(enclosed, language))
    except NotEnclosed as failed:
        if not is_last:
            return smtp.Outcome(False, clean_line(str(failed))[:500])
        log.warning("letter_without_its_file", error=str(failed))
    finally:
        uow.rollback()  # the server takes its time, and nothing was written
    return smtp.deliver(letter, current_app.config["SMTP_URL"])


def _locked(mail_id: UUID) -> Mail | None:
    ask = select(Mail).where(Mail.id == mail_id).with_for_update()
    return session().scalars(ask.execution_options(populate_existing=True)).one_or_none()


def _close(mail: Mail, state: MailState, words: str | None) -> None:
    mail.state, mail.error = str(state), words
    mail.lease_until = mail.next_try_at = None
    if not mail.is_open and (state is MailState.SENT or mail.lapses_at is not None):
        mail.subject = mail.body = ""  # a code or another person's words: nobody needs them here any more
    if state is MailState.SENT:
        mail.html = None
