"""Delivery reports (RFC 3464): what came back, about which message, and what follows.

A report is trusted as far as it proves that it answers a message of ours: by the marked address it was sent to
(VERP), or by the Message-ID of the message it returns together with that message's own recipient. What a stranger
can forge with that is the end of letters to an address whose letters he reads.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.mail import Mail, MailState
from core.kernel.smtp import condemns, mark_of
from core.kernel.suppression import suppress
from core.kernel.text import clean_line
from core.kernel.uow import unit_of_work

LARGEST = 10 * 1024 * 1024
_OUR_ID = re.compile(r"<([0-9a-f]{32})@[^>]+>")
_OUR_ADDRESS = re.compile(r"\+([0-9a-f]{32})\.([0-9a-f]{10})@")


@dataclass(frozen=True, slots=True)
class Report:
    """One recipient of a delivery report: `action` and `status` as in RFC 3464, `words` of the other server."""

    mail_id: UUID
    is_marked: bool
    recipient: str
    action: str
    status: str
    words: str


class Taken(StrEnum):
    """What a report came to."""

    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


def read_report(raw: bytes) -> list[Report]:
    """The recipients that a delivery report tells of; empty for any other message."""
    message = BytesParser(policy=policy.compat32).parsebytes(raw[:LARGEST])
    if message.get_content_type() != "multipart/report":
        return []
    found = _message_meant(message)
    if found is None:
        return []
    mail_id, is_marked = found
    return [
        Report(
            mail_id,
            is_marked,
            _address(part.get("Final-Recipient") or part.get("Original-Recipient") or ""),
            str(part.get("Action", "")).strip().lower(),
            _status(str(part.get("Status", ""))),
            clean_line(str(part.get("Diagnostic-Code", "")).partition(";")[2] or str(part.get("Status", "")))[
                :500
            ],
        )
        for part in _recipients(message)
    ]


def take_report(raw: bytes, *, now: datetime) -> list[Taken]:
    """Put a delivery report to the messages it tells of, each in its tenant and stored. Taking it twice is harmless."""
    return [_take(one, now) for one in read_report(raw)]


def _take(report: Report, now: datetime) -> Taken:
    with platform_scope() as current:
        ask = select(Mail.tenant_id).where(Mail.id == report.mail_id)
        tenant_id = current.scalars(ask, execution_options=ALL_TENANTS).one_or_none()
    if tenant_id is None:
        return Taken.UNKNOWN
    with tenant_scope(tenant_id), unit_of_work():
        mail = session().scalars(select(Mail).where(Mail.id == report.mail_id).with_for_update()).one()
        if mail.words_removed_at is not None:
            return Taken.IGNORED  # it went long ago, and nobody knows any more where to
        # A marked address is proof enough: aliases and forwarding give the recipient another name.
        if not report.is_marked and report.recipient.lower() != mail.recipient.lower():
            return Taken.UNKNOWN
        if report.action != "failed" or not report.status.startswith("5"):
            return Taken.IGNORED  # delayed, relayed, delivered: the server goes on trying, or is done
        mail.state, mail.error = str(MailState.BOUNCED), report.words or report.status
        mail.bounced_at = mail.bounced_at or now
        if not condemns(report.status):
            return Taken.BOUNCED
        suppress(mail.recipient, report.words or report.status, now=now)
        return Taken.SUPPRESSED


def _message_meant(message: Message) -> tuple[UUID, bool] | None:
    for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To"):
        for value in message.get_all(name, []):
            match = _OUR_ADDRESS.search(str(value))
            if match and hmac.compare_digest(match[2], mark_of(UUID(match[1]))):
                return UUID(match[1]), True
    for part in message.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            match = _OUR_ID.search(_returned_id(part))
            if match:
                return UUID(match[1]), False
    match = _OUR_ID.search(f"{message.get('In-Reply-To', '')} {message.get('References', '')}")
    return (UUID(match[1]), False) if match else None


def _returned_id(part: Message) -> str:
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        return str(inner[0].get("Message-ID", ""))
    raw = part.get_payload(decode=True)
    headers = raw if isinstance(raw, bytes) else b""
    return str(
        BytesParser(policy=policy.compat32).parsebytes(headers, headersonly=True).get("Message-ID", "")
    )


def _recipients(message: Message) -> Iterator[Message]:
    """The blocks of fields for each recipient in `message/delivery-status` (the first block is about the message)."""
    for part in message.walk():
        blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else None
        if isinstance(blocks, list):
            yield from (one for one in blocks if isinstance(one, Message) and one.get("Status"))


def _address(field: str) -> str:
    """`rfc822; ten@example.vn` → `ten@example.vn`."""
    return parseaddr(field.partition(";")[2].strip() or field)[1]


def _status(field: str) -> str:
    match = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})", field)
    return match[1] if match else ""
