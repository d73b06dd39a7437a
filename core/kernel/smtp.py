"""From a row of the outbox to a server: the letter on the wire, and what the server's answer means."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import UUID

from core.kernel.enclosures import Enclosure
from core.kernel.security import keyed_digest
from core.kernel.text import clean_line

if TYPE_CHECKING:
    from core.kernel.mail import Mail

TIMEOUT = 20
_MARK = 10
# RFC 3463: the address is wrong (5.1), the mailbox is closed (5.2.1), no way leads there (5.4.4), or nothing is said.
_CONDEMNING = re.compile(r"5\.1\.\d+|5\.2\.1|5\.4\.4|5\.0\.0")
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready for the wire: who it comes from and goes to in the envelope, and its text."""

    envelope_from: str
    recipient: str
    message: EmailMessage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt: `is_done`, else `words` of the server and whether trying again is of no use."""

    is_done: bool
    words: str = ""
    is_permanent: bool = False
    condemns_address: bool = False


def message_id(mail_id: UUID, sender: str) -> str:
    """The Message-ID of a message of the outbox: the same for every attempt."""
    return f"<{mail_id.hex}@{sender.rpartition('@')[2]}>"


def bounce_address(mail_id: UUID, bounces: str) -> str:
    """Where reports about this message come back (VERP): `thu+<id>.<mark>@…`; only we can make the mark."""
    local, _at, domain = bounces.rpartition("@")
    return f"{local}+{mail_id.hex}.{mark_of(mail_id)}@{domain}"


def mark_of(mail_id: UUID) -> str:
    """The mark that shows that a bounce address was ours."""
    return keyed_digest(mail_id.hex, "bounce")[:_MARK]


def letter_of(mail: Mail, sender: str, bounces: str = "") -> Letter:
    """The letter of a row; `bounces` is the mailbox for delivery reports, "" where there is none."""
    message = EmailMessage()
    message["From"] = formataddr((mail.sender_name, sender))
    message["To"] = formataddr((mail.recipient_name, mail.recipient))
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = message_id(mail.id, sender)
    message["Content-Language"] = mail.language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers, please
    message.set_content(mail.body)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return Letter(bounce_address(mail.id, bounces) if bounces else sender, mail.recipient, message)


def enclose(letter: Letter, enclosure: Enclosure | None) -> None:
    """Put a file beside the words of `letter`."""
    if enclosure is None:
        return
    main, _slash, sub = enclosure.media_type.partition("/")
    letter.message.add_attachment(enclosure.content, maintype=main, subtype=sub, filename=enclosure.name)


def deliver(letter: Letter, smtp_url: str) -> Outcome:
    """Hand `letter` to the server at `smtp_url` (`smtp://`, `smtps://`, with user and password if it wants them).

    A refusal of this letter or its recipient (5xx) is permanent; whatever concerns the connection, the server's
    configuration or the present moment (4xx) is not.
    """
    try:
        with _connected(smtp_url) as server:
            server.send_message(letter.message, letter.envelope_from, [letter.recipient])
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = refused.recipients[letter.recipient]
        return _refused(code, words, about_address=True)
    except smtplib.SMTPAuthenticationError as refused:
        return Outcome(False, _words(refused.smtp_code, refused.smtp_error))
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        return _refused(refused.smtp_code, refused.smtp_error, about_address=False)
    except smtplib.SMTPResponseException as refused:  # at the greeting: not about this letter
        return Outcome(False, _words(refused.smtp_code, refused.smtp_error))
    except smtplib.SMTPNotSupportedError:
        return Outcome(False, "Máy chủ thư không nhận địa chỉ có dấu.", is_permanent=True)
    except (smtplib.SMTPException, OSError) as broken:
        return Outcome(False, clean_line(f"{type(broken).__name__}: {broken}")[:500])
    return Outcome(True)


def condemns(status: str) -> bool:
    """Whether an enhanced status code says that the address itself is of no use."""
    return _CONDEMNING.fullmatch(status) is not None


def _refused(code: int, words: bytes | str, *, about_address: bool) -> Outcome:
    said = _words(code, words)
    if code < 500:
        return Outcome(False, said)
    found = _ENHANCED.search(said)
    # A bare 550, 551 or 553 to RCPT is about the mailbox (RFC 5321, 4.2.3); with a status the status decides.
    bad = condemns(found[1]) if found else about_address and code in (550, 551, 553)
    return Outcome(False, said, is_permanent=True, condemns_address=bad)


def _words(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return clean_line(f"{code} {text}")[:500]


def _connected(smtp_url: str) -> smtplib.SMTP:
    parts = urlsplit(smtp_url)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    try:
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
