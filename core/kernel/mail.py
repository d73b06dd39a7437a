"""Mail through an outbox: a message is a row first, then a job sends it. Demonstrations keep it in a mailbox page."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.clock import real_now
from core.kernel.db import Base, TenantOwned, owned_args, session
from core.kernel.jobs import enqueue, handler
from core.kernel.types import UtcInstant


class Mail(TenantOwned, Base):
    """One message. States: queued → sent; `kept` in a demonstration (no server, shown on the mailbox page)."""

    __tablename__ = "mail"
    __table_args__ = owned_args(Index("ix_mail_recipient", "tenant_id", "recipient", "at"))

    recipient: Mapped[str] = mapped_column(String(254))
    recipient_name: Mapped[str] = mapped_column(String(200))
    sender_name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)


def send_mail(*, to: str, name: str, sender: str, subject: str, body: str, now: datetime) -> None:
    """Put a plain-text message into the outbox; it leaves after this unit of work is stored."""
    has_server = bool(current_app.config["SMTP_URL"])
    mail = Mail(
        recipient=to,
        recipient_name=name,
        sender_name=sender,
        subject=subject,
        body=body,
        state="queued" if has_server else "kept",
        at=now,
    )
    session().add(mail)
    if has_server:
        enqueue("mail.send", {"id": str(mail.id)}, dedupe=mail.id.hex)


def mailbox(limit: int = 50) -> list[Mail]:
    """The tenant's newest messages, for the demonstration's mailbox page."""
    return list(session().scalars(select(Mail).order_by(Mail.at.desc(), Mail.id.desc()).limit(limit)))


@handler("mail.send")
def _send(payload: Mapping[str, Any]) -> None:
    mail = session().scalars(select(Mail).where(Mail.id == UUID(payload["id"]))).one()
    if mail.state == "sent":
        return
    deliver(mail, current_app.config["SMTP_URL"], current_app.config["MAIL_FROM"])
    mail.state = "sent"
    mail.sent_at = real_now()


def deliver(mail: Mail, smtp_url: str, sender: str) -> None:
    """Hand `mail` to the server at `smtp_url` (`smtp://`, `smtps://`, with user and password if it wants them)."""
    parts = urlsplit(smtp_url)
    message = EmailMessage()
    message["From"] = formataddr((mail.sender_name, sender))
    message["To"] = formataddr((mail.recipient_name, mail.recipient))
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = make_msgid(idstring=mail.id.hex, domain=sender.rpartition("@")[2])
    message.set_content(mail.body)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=20, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=20)
    with server:
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
